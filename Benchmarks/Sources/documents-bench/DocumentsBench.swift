import Documents
import Foundation

/// Reads generated API definitions with every reader, each in a process of its own, and prints a table.
///
/// `documents-bench [megabytes...]` measures (2 and 20 by default). The readers are called as children with
/// `documents-bench --measure READER FILE`.
@main
enum DocumentsBench {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.count == 3, arguments[0] == "--measure" {
            try print(measure(arguments[1], arguments[2]))
            return
        }
        let sizes = arguments.isEmpty ? [2, 20] : arguments.compactMap { Int($0) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "documents-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        print(row("input", "reader", "MB/s", "peak MB", "x input"))
        for size in sizes {
            let value = SampleDefinition(seed: 2026).value(megabytes: size)
            for syntax in [Document.Syntax.json, .yaml] {
                let file = folder.appendingPathComponent("definition-\(size).\(syntax.rawValue)")
                let text = syntax == .json ? value.json(pretty: true) : value.yaml()
                try Data(text.utf8).write(to: file)
                let megabytes = Double(text.utf8.count) / 1_000_000
                let name = "\(syntax.rawValue.uppercased()) \(decimal(megabytes)) MB"
                for reader in Reader.allCases where reader.syntaxes.contains(syntax) {
                    let figures = try run(reader, file.path).split(separator: " ").compactMap { Double($0) }
                    guard figures.count == 2 else {
                        print(row(name, reader.title, "failed", "", ""))
                        continue
                    }
                    print(
                        row(
                            name, reader.title, decimal(figures[0]), decimal(figures[1]),
                            decimal(figures[1] / megabytes)))
                }
            }
        }
    }

    /// Reads a file again and again for a second; gives MB per second of processor time (the median) and the peak memory
    /// in MB that the first reading added, the text itself left out.
    private static func measure(_ name: String, _ path: String) throws -> String {
        guard let reader = Reader(rawValue: name) else { return "unknown reader" }
        let input = try Input(path: path)
        let before = Memory.current()
        var seconds: [Double] = []
        var peak = 0.0
        while seconds.count < 3 || (seconds.reduce(0, +) < 1.5 && seconds.count < 200) {
            let start = processorSeconds()
            try reader.read(input)
            seconds.append(processorSeconds() - start)
            if seconds.count == 1 { peak = Memory.peak() - before }
        }
        let median = seconds.sorted()[seconds.count / 2]
        return "\(Double(input.bytes.count) / 1_000_000 / median) \(peak)"
    }

    private static func run(_ reader: Reader, _ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--measure", reader.rawValue, path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func decimal(_ number: Double) -> String {
        number >= 100 ? String(Int(number.rounded())) : String((number * 10).rounded() / 10)
    }

    private static func row(_ columns: String...) -> String {
        let widths = [14, 30, 9, 9, 9]
        return zip(columns, widths).enumerated().map { index, column in
            let space = String(repeating: " ", count: max(0, column.1 - column.0.count))
            return index < 2 ? column.0 + space : space + column.0
        }.joined(separator: " ")
    }
}
