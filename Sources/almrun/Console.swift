import Documents
import Engine
import Foundation
import Reporting
import Synchronization

/// Results go to standard output, everything else to standard error.
///
/// Whatever people or files have put into text, nothing that is written here moves a terminal's cursor, is a command to
/// a CI service, or, where it is one line, makes further ones.
enum Console {
    /// Colour and live progress are for a terminal, and not for people who set `NO_COLOR` (no-color.org).
    static var hasColor: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isatty(2) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    /// Whether somebody watches standard error on a terminal that can move its cursor.
    static var isLive: Bool { isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb" }

    /// How wide the terminal is; 80 where nobody knows.
    static var columns: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    }

    /// Writes text for people as it is: whoever calls this sees to it that it is harmless.
    static func writeError(_ text: String) { write(text, to: 2) }

    /// Writes a result of one or more lines and a line end.
    static func print(_ text: String) { print(exactly: safeLines(text)) }

    /// Writes a result that is one line.
    static func print(line: String) { print(exactly: safeLine(line)) }

    /// Writes JSON as a result.
    static func print(_ value: Value) { print(json: value.json(pretty: true)) }

    /// Writes text that is JSON as a result.
    static func print(json: String) { print(exactly: safeJSON(json)) }

    /// Writes a result in which no byte may differ, and a line end.
    static func print(exactly text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: 1) }

    /// Writes one line for people to standard error.
    static func error(_ line: String) { write(safeLine(line) + "\n", to: 2) }

    /// Writes lines for people to standard error.
    static func error(text: String) { write(safeLines(text.hasSuffix("\n") ? text : text + "\n"), to: 2) }

    /// Shows diagnostics with their carets, and how many there are.
    static func error(_ diagnostics: [Diagnostic]) {
        let plain = DiagnosticRenderer(color: hasColor)
        let manifests = DiagnosticRenderer(color: hasColor, fixCommand: "almrun check --fix")
        for diagnostic in diagnostics {
            let file = diagnostic.location?.source.name ?? ""
            let isManifest = ["pipelines/", "environments/", "templates/"].contains { file.hasPrefix($0) }
            write(withoutLogCommands((isManifest ? manifests : plain).render(diagnostic)) + "\n", to: 2)
        }
        annotate(diagnostics.map { Finding($0) })
        let count = diagnostics.count { $0.severity == .error }
        if count > 1 { error("\(count) errors") }
    }

    /// Where the process works.
    static var surroundings: Surroundings {
        Surroundings.detect(environment: ProcessInfo.processInfo.environment, isTerminal: isLive)
    }

    /// Tells a CI service of findings, beside what is written for people.
    static func annotate(_ findings: [Finding]) {
        let annotations = Annotations(surroundings)
        for finding in findings {
            if let line = annotations.line(finding) { write(line + "\n", to: 2) }
        }
    }

    /// Tells of runs that a list leaves out.
    static func warn(ofUnreadable runs: [UnreadableRun]) {
        for one in runs { error("warning: run '\(one.name)' is left out: \(one.reason)") }
    }

    /// Says of a run that nothing in it can be counted.
    static func warnOfDamage(_ run: RunID, _ error: RunStoreError) {
        if case .newer = error {
            Self.error("warning: run '\(run)' cannot be read, and what was decided in it is not known: \(error)")
            Self.error("  use the version of almrun that wrote it")
            return
        }
        Self.error("warning: run '\(run)' is damaged, and what was decided in it is not known: \(error)")
        Self.error(
            "  `almrun verify \(run)` names what is wrong; put the store back from a copy; without one `almrun doctor` names what "
                + "gives the run up")
    }

    private static let lost = Mutex<String?>(nil)

    /// Why something that was printed as a result did not get where it should; nil when all of it did.
    static var lostOutput: ErrorReport? {
        lost.withLock { $0 }.map { ErrorReport("output/lost", "the output cannot be written: \($0)") }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                // Nobody reads any more (a closed pipe): there is nobody to tell.
                guard errno != EPIPE, descriptor == 1 else { return }
                let reason = String(cString: strerror(errno))
                lost.withLock { $0 = $0 ?? reason }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
