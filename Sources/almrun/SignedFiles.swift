import Documents
import Engine
import Foundation
import Pipelines
import Reporting

/// What was signed at a gate, as files that `ssh-keygen -Y verify` reads.
struct SignedFiles {
    private let records: SignedRecordFiles
    private let gates: [StepID]

    init(_ reports: [GateReport]) {
        records = SignedRecordFiles(reports)
        gates = reports.map(\.gate)
    }

    /// Writes the files into a folder, which is made, and says how to check them; with `-` the records are printed.
    func write(to folder: String, _ format: OutputFormat) throws {
        try OutputPlace.check(folder)
        let files = records.files
        guard !files.isEmpty else {
            throw Rejected([
                Diagnostic(
                    "gate/unsigned", "nothing was signed at \(gates.map { "'\($0)'" }.joined(separator: " and "))",
                    help: "`almrun approve RUN STAGE --sign KEY` signs an approval")
            ])
        }
        guard folder != "-" else {
            let texts = files.filter { $0.name.hasSuffix(".json") }.map(\.text)
            switch format {
            // Each text as it was signed: its bytes are what the signature is about.
            case .json: Console.print(["records": .list(texts.map { .string($0) })])
            case .text: for text in texts { Console.print(exactly: String(text.dropLast())) }
            }
            return
        }
        for file in files { try DurableFile.write(Data(file.text.utf8), to: "\(folder)/\(file.name)") }
        let commands = records.commands(in: folder)
        switch format {
        case .json:
            Console.print([
                "files": .list(files.map { .string("\(folder)/\($0.name)") }),
                "commands": .list(commands.map { .string($0) }),
            ])
        case .text:
            for file in files { Console.print(line: "\(folder)/\(file.name)") }
            for command in commands { Console.print(line: command) }
        }
    }
}
