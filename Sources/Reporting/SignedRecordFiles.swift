import Engine
import Pipelines

/// What was signed at gates, as files that `ssh-keygen -Y verify` reads, and the commands that have it read them.
public struct SignedRecordFiles: Sendable {
    private let records: [SignedRecord]

    public init(_ reports: [GateReport]) {
        records = reports.flatMap { $0.state.signedRecords(at: $0.step) }
    }

    /// Each record with its signature, and whose keys may sign; empty when nothing was signed.
    public var files: [(name: String, text: String)] {
        guard !records.isEmpty else { return [] }
        var files: [(name: String, text: String)] = []
        for (index, record) in records.enumerated() {
            files.append(("\(index + 1).json", record.record.text))
            files.append(
                ("\(index + 1).json.sig", record.signature.hasSuffix("\n") ? record.signature : record.signature + "\n")
            )
        }
        var signers: [String] = []
        for record in records where !signers.contains(record.allowedSigner) { signers.append(record.allowedSigner) }
        return files + [("allowed_signers", signers.joined(separator: "\n") + "\n")]
    }

    /// A command for each record that a shell takes as it is, once the files are in the folder.
    public func commands(in folder: String) -> [String] {
        records.enumerated().map { index, record in
            let file = Self.word("\(folder)/\(index + 1).json")
            return "ssh-keygen -Y verify -f \(Self.word("\(folder)/allowed_signers")) -I \(Self.word(record.person)) "
                + "-n \(ApprovalRecord.namespace) -s \(Self.word("\(folder)/\(index + 1).json.sig")) < \(file)"
        }
    }

    /// One word of a shell's command.
    private static func word(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "+"):
                true
            default: false
            }
        }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
