import Documents
import Engine
import Foundation
import Synchronization

/// Results go to standard output, everything else to standard error.
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

    /// Writes text for people as it is.
    static func writeError(_ text: String) { write(text, to: 2) }

    /// Writes a result and a line end.
    static func print(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: 1) }

    /// Writes JSON as a result.
    static func print(_ value: Value) { print(value.json(pretty: true)) }

    /// Writes a line for people to standard error.
    static func error(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: 2) }

    /// Shows diagnostics with their carets, and how many there are.
    static func error(_ diagnostics: [Diagnostic]) {
        let plain = DiagnosticRenderer(color: hasColor)
        let manifests = DiagnosticRenderer(color: hasColor, fixCommand: "almrun check --fix")
        for diagnostic in diagnostics {
            let file = diagnostic.location?.source.name ?? ""
            let isManifest = ["pipelines/", "environments/", "templates/"].contains { file.hasPrefix($0) }
            error((isManifest ? manifests : plain).render(diagnostic))
        }
        let count = diagnostics.count { $0.severity == .error }
        if count > 1 { error("\(count) errors") }
    }

    /// Says of a run that nothing in it can be counted.
    static func warnOfDamage(_ run: RunID, _ error: RunStoreError) {
        Console.error(
            "warning: run '\(run)' cannot be read, and what was decided in it is not known: \(safeText(error.description))\n"
                + "  `almrun verify \(run)` names what is wrong; put the store back from a copy, or prune the run")
    }

    /// Shows why something could not be done, with its findings.
    static func error(_ failure: StageFailure) {
        error("error: \(safeText(failure.message)) [\(failure.code)]")
        for finding in failure.findings {
            let place = finding.file.map { "\($0):\(finding.line ?? 1):\(finding.column ?? 1): " } ?? ""
            error("  \(place)\(finding.severity.rawValue): \(safeText(finding.message)) [\(finding.code)]")
        }
        for note in failure.notes { error("  note: \(safeText(note))") }
    }

    private static let lost = Atomic(false)

    /// Whether something that was printed as a result did not get where it should.
    static var hasLostOutput: Bool { lost.load(ordering: .relaxed) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                // Nobody reads any more (a closed pipe): there is nobody to tell.
                guard errno != EPIPE, descriptor == 1 else { return }
                let reason = String(cString: strerror(errno))
                if !hasLostOutput { error("error: the output cannot be written: \(reason) [output/lost]") }
                lost.store(true, ordering: .relaxed)
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
