import OpenAPI

/// Tells the users of an API what is different, in Markdown.
public struct ReleaseNotes: Sendable {
    private let comparison: Comparison
    private let verdict: Verdict
    private let version: String?

    /// The notes for a release.
    public init(_ comparison: Comparison, verdict: Verdict, version: String? = nil) {
        self.comparison = comparison
        self.verdict = verdict
        self.version = version ?? comparison.revision.declaredVersion
    }

    /// The Markdown text.
    public var markdown: String {
        let title = comparison.revision.title ?? "API"
        var text = "# \(Self.plain(title))\(version.map { " \($0)" } ?? "")\n\n\(summary)\n"
        let breaking = comparison.changes.filter { $0.level == .breaking }
        let rest = comparison.changes.filter { $0.level != .breaking }
        text += section("Breaking changes", breaking)
        text += section("New and improved", rest.filter { $0.semver == .minor })
        let small = rest.filter { $0.semver < .minor && $0.id != "api-text-changed" }
        text += section("Other changes", small)
        let reworded = rest.filter { $0.id == "api-text-changed" }
        if !reworded.isEmpty {
            if small.isEmpty { text += "\n## Other changes\n\n" } else { text += "\n" }
            text += "- \(Self.counted(reworded.count, "text")) for people reworded\n"
        }
        return text
    }

    private var summary: String {
        guard !comparison.changes.isEmpty else { return "Nothing changed." }
        var words: [String] = []
        for (level, noun) in [(Level.breaking, "breaking change"), (.warning, "warning"), (.info, "other change")] {
            let count = comparison.count(level)
            if count > 0 { words.append(Self.counted(count, noun)) }
        }
        var text = words.joined(separator: ", ") + "; this is a \(verdict.level.rawValue) release"
        if verdict.level == .none { text = words.joined(separator: ", ") }
        if let needed = verdict.neededVersion, let base = verdict.baseVersion {
            text += " (after \(base) at least \(needed))"
        }
        return text + "."
    }

    private func section(_ heading: String, _ changes: [Change]) -> String {
        guard !changes.isEmpty else { return "" }
        var text = "\n## \(heading)\n"
        var groups: [(title: String, lines: [String])] = []
        for change in changes {
            let title = Self.title(change)
            let line = Self.line(change)
            if let index = groups.firstIndex(where: { $0.title == title }) {
                if !groups[index].lines.contains(line) { groups[index].lines.append(line) }
            } else {
                groups.append((title, [line]))
            }
        }
        for group in groups {
            text += "\n### \(group.title)\n\n" + group.lines.map { "- \($0)\n" }.joined()
        }
        return text
    }

    private static func title(_ change: Change) -> String {
        guard let operation = change.operation else { return "The whole API" }
        if change.operations.count > 1 {
            let names = change.operations.prefix(4).map { $0.operationID ?? $0.label }
            let more = change.operations.count - names.count
            return plain(names.joined(separator: ", ")) + (more > 0 ? " and \(more) more" : "")
        }
        guard let name = operation.operationID else { return "`\(operation.label)`" }
        let summary = operation.summary.flatMap { $0.isEmpty || $0 == name ? nil : $0 }
        return summary.map { "\(plain($0)) (`\(name)`)" } ?? "`\(name)`"
    }

    private static func line(_ change: Change) -> String {
        let message = change.message.prefix(1).uppercased() + change.message.dropFirst()
        let note = change.level == .breaking ? change.consumerNote.map { " (\($0))" } ?? "" : ""
        return plain(message) + plain(note)
    }

    /// The text with what Markdown would read as marks made harmless, on one line.
    private static func plain(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\n", "\r", "\r\n", "\t": result += " "
            case "<", ">", "*", "_", "[", "]", "`", "|", "\\": result += "\\\(character)"
            default: result.append(character)
            }
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
