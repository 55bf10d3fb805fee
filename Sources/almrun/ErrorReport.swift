import Documents
import Engine
import Environments
import Foundation
import Git
import OrderedCollections
import Signatures
import Zip

/// Why a command could not do what it was asked, for people and for machines.
struct ErrorReport {
    /// One thing that is wrong.
    struct Entry {
        var code: String
        var severity: Severity = .error
        var message: String
        /// Where it is, if it is in a file.
        var finding: Finding?
        var help: String?
        var notes: [String] = []

        var value: Value {
            var members: [(String, Value)] = [
                ("code", .string(code)), ("severity", .string(severity.rawValue)), ("message", .string(message)),
            ]
            if let file = finding?.file { members.append(("file", .string(file))) }
            if let line = finding?.line { members.append(("line", .integer(line))) }
            if let column = finding?.column { members.append(("column", .integer(column))) }
            if let help { members.append(("help", .string(help))) }
            members.append(("notes", .list(notes.map { .string($0) })))
            return .map(.init(uniqueKeysWithValues: members))
        }
    }

    /// What is wrong, the cause first.
    var entries: [Entry]
    /// Set where the places in the files can be shown.
    private var diagnostics: [Diagnostic]?

    init(_ code: String, _ message: String, findings: [Finding] = [], notes: [String] = [], help: String? = nil) {
        entries = [Entry(code: code, message: message, help: help, notes: notes)]
        entries += findings.map {
            Entry(code: $0.code, severity: $0.severity, message: $0.message, finding: $0, help: $0.help)
        }
    }

    init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
        entries = diagnostics.map { diagnostic in
            let finding = Finding(diagnostic)
            let notes = diagnostic.notes.map { note in
                let place = note.location.map { "\($0.source.name):\($0.start): " } ?? ""
                return place + note.message
            }
            return Entry(
                code: diagnostic.code, severity: diagnostic.severity, message: diagnostic.message, finding: finding,
                help: finding.help, notes: notes)
        }
    }

    /// What is said of an error that is one of ours; nil for others.
    init?(_ error: any Error) {
        switch error {
        case let rejected as Rejected: self.init(rejected.diagnostics)
        case let diagnostic as Diagnostic: self.init([diagnostic])
        case let failure as StageFailure:
            self.init(failure.code, failure.message, findings: failure.findings, notes: failure.notes)
        case let refusal as Refusal: self.init(refusal.code, refusal.message, notes: refusal.notes)
        case let error as RunStoreError: self.init(error.code, error.description, help: Self.help(after: error))
        case let error as SignatureError: self.init(error.code, error.message)
        case let error as GitError: self.init(error.code, error.message, help: error.help)
        case let error as ZipError: self.init(error.code, error.message)
        case let error as EnvironmentError: self.init(error.code, error.message, notes: error.notes)
        default: return nil
        }
    }

    /// What is to be typed where something is damaged, and the message does not say.
    private static func help(after error: RunStoreError) -> String? {
        guard case .damaged(let message) = error, !message.contains("`almrun ") else { return nil }
        let mending = "`almrun doctor` what can be mended"
        guard let run = message.firstMatch(of: /run '([^']+)'/)?.1 else {
            return "`almrun doctor` says what is wrong and what can be mended"
        }
        return "`almrun verify \(run)` says what was changed, \(mending), or what gives the run up"
    }

    var value: Value { ["errors": .list(entries.map(\.value))] }

    /// Says it on standard error: for machines where the result was asked for as JSON.
    func tell(asJSON: Bool) {
        if asJSON {
            Console.writeError(safeJSON(value.json(pretty: true)) + "\n")
        } else if let diagnostics {
            Console.error(diagnostics)
        } else {
            for (number, entry) in entries.enumerated() {
                let file = entry.finding?.file
                let place = file.map { "\($0):\(entry.finding?.line ?? 1):\(entry.finding?.column ?? 1): " } ?? ""
                let line = "\(place)\(entry.severity.rawValue): \(entry.message) [\(entry.code)]"
                Console.error(number == 0 ? line : "  \(line)")
            }
            guard let cause = entries.first else { return }
            if let help = cause.help { Console.error("  help: \(help)") }
            for note in cause.notes { Console.error("  note: \(note)") }
        }
    }
}
