/// Shows diagnostics to people: place, message, the line with a caret, notes and help.
///
/// No control character of a file or a name reaches the terminal; long lines are cut around the caret.
public struct DiagnosticRenderer: Sendable {
    private let color: Bool
    private let width: Int
    private let fixCommand: String?

    /// A renderer that colours when asked, cuts lines to a width in columns, and names the command that applies fix-its.
    public init(color: Bool, width: Int = 120, fixCommand: String? = nil) {
        self.color = color
        self.fixCommand = fixCommand
        self.width = max(width, 40)
    }

    /// The diagnostic as lines of text, without a line break at the end.
    public func render(_ diagnostic: Diagnostic) -> String {
        var lines = excerpt(
            diagnostic.location, label: paint(diagnostic.severity.rawValue, style(of: diagnostic.severity)),
            message: "\(paint(safeText(diagnostic.message), .bold)) [\(safeText(diagnostic.code))]")
        let gutter = gutterWidth(diagnostic.location)
        for note in diagnostic.notes {
            if note.location == nil {
                lines.append("\(margin(gutter, "=")) \(paint("note", .cyan)): \(safeText(note.message))")
            } else {
                lines += excerpt(note.location, label: paint("note", .cyan), message: safeText(note.message))
            }
        }
        let fix = diagnostic.fixIts.isEmpty ? "" : fixCommand.map { "   (\($0) applies this)" } ?? ""
        if let help = diagnostic.help {
            lines.append("\(margin(gutter, "=")) \(paint("help", .cyan)): \(safeText(help))\(fix)")
        } else if let fixIt = diagnostic.fixIts.first {
            lines.append("\(margin(gutter, "=")) \(paint("help", .cyan)): \(safeText(fixIt.message))\(fix)")
        }
        return lines.joined(separator: "\n")
    }

    /// All diagnostics, a blank line between them.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(render).joined(separator: "\n\n")
    }

    private func excerpt(_ location: Location?, label: String, message: String) -> [String] {
        guard let location else { return ["\(label): \(message)"] }
        // A file that is empty, or could not be read at all, has no place to show.
        guard !location.source.bytes.isEmpty else {
            return ["\(paint(safeText(location.source.name), .bold)): \(label): \(message)"]
        }
        let name = paint(safeText("\(location.source.name):\(location.start)"), .bold)
        let head = "\(name): \(label): \(message)"
        let gutter = gutterWidth(location)
        let number = String(location.start.line)
        let line = LineExcerpt(location: location, width: width - gutter - 3)
        return [
            head,
            margin(gutter, "|"),
            "\(paint(number, .blue)) \(paint("|", .blue))\(line.text.isEmpty ? "" : " ")\(line.text)",
            "\(margin(gutter, "|")) \(paint(line.marks, .green))",
        ]
    }

    private func gutterWidth(_ location: Location?) -> Int {
        guard let location, !location.source.bytes.isEmpty else { return 1 }
        return String(location.start.line).count
    }

    private func margin(_ gutter: Int, _ sign: String) -> String {
        String(repeating: " ", count: gutter + 1) + paint(sign, .blue)
    }

    private enum Style: String {
        case bold = "1"
        case red = "1;31"
        case yellow = "1;33"
        case blue = "34"
        case green = "1;32"
        case cyan = "36"
    }

    private func style(of severity: Severity) -> Style {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .information, .hint: .cyan
        }
    }

    private func paint(_ text: String, _ style: Style) -> String {
        color && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
