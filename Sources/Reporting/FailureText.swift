import Documents
import Engine

/// What is said of a failure besides its message.
enum FailureText {
    /// The findings with their places, then the notes.
    static func details(_ failure: StageFailure, notes: [String]? = nil, most: Int = 10) -> [String] {
        let important = failure.findings.filter { $0.severity == .error }
        let shown = important.isEmpty ? failure.findings : important
        var lines = shown.prefix(most).map(line)
        if shown.count > most { lines.append("... and \(shown.count - most) more: `show --format json` has all") }
        return lines + (notes ?? failure.notes).map { "note: \($0)" }
    }

    /// `file:line:column: severity: message [code]`.
    static func line(_ finding: Finding) -> String {
        var place = ""
        if let file = finding.file {
            place = file
            if let line = finding.line { place += ":\(line)" }
            if let column = finding.column { place += ":\(column)" }
            place += ": "
        }
        return "\(place)\(finding.severity.rawValue): \(finding.message) [\(finding.code)]"
    }
}
