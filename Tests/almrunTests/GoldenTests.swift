import Foundation
import Testing

/// The built command against folders of exact output: `command` (its arguments), `status`, `stdout`, `stderr`, and `files/` to start in.
///
/// `ALMRUN_UPDATE_GOLDEN=1` writes what the command prints now; the difference is then read before it is committed.
@Suite(.waits) struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden").path

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/command") }.sorted()
    }()

    @Test func goldenFoldersAreThere() { #expect(Self.cases.count >= 10) }

    @Test(arguments: cases) func printsExactly(_ name: String) throws {
        let place = "\(Self.folder)/\(name)"
        let work = try WorkFolder(copying: "\(place)/files")
        defer { work.remove() }
        let script = try String(contentsOfFile: "\(place)/command", encoding: .utf8)
        let result = try BuiltCommand.shell(script, in: work.path)
        let actual = [
            "status": "\(result.status)\n", "stdout": work.masked(result.output), "stderr": work.masked(result.error),
        ]
        for (file, text) in actual.sorted(by: { $0.key < $1.key }) {
            let path = "\(place)/\(file)"
            if ProcessInfo.processInfo.environment["ALMRUN_UPDATE_GOLDEN"] == "1" {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
            }
            let expected = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text == expected, "\(file) of \(name)")
        }
    }
}
