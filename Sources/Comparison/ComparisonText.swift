import Documents

/// A comparison for the terminal: one block an operation, the worst changes first.
public struct ComparisonText: Sendable {
    private let comparison: Comparison
    private let verdict: Verdict
    private let approved: Set<String>

    /// The text of a comparison.
    public init(_ comparison: Comparison, verdict: Verdict, approved: Set<String> = []) {
        self.comparison = comparison
        self.verdict = verdict
        self.approved = approved
    }

    /// The lines, ready to print.
    public var text: String {
        var text = ""
        var groups: [(title: String, changes: [Change])] = []
        for change in comparison.changes where change.id != "api-text-changed" {
            let title = Self.title(change)
            if let index = groups.firstIndex(where: { $0.title == title }) {
                groups[index].changes.append(change)
            } else {
                groups.append((title, [change]))
            }
        }
        for group in groups {
            text += safeText(group.title) + "\n"
            for level in [Level.breaking, .warning, .info] {
                for change in group.changes where change.level == level { text += line(change) }
            }
        }
        let reworded = comparison.changes.count { $0.id == "api-text-changed" }
        if reworded > 0 { text += "\(Self.counted(reworded, "text")) for people reworded\n" }
        return text + summary
    }

    private var summary: String {
        guard !comparison.changes.isEmpty else { return "no change\n" }
        let counts = [
            "\(comparison.count(.breaking)) breaking", Self.counted(comparison.count(.warning), "warning"),
            "\(comparison.count(.info)) other",
        ]
        var text = "\(counts.joined(separator: ", ")); level \(verdict.level.rawValue)"
        if let base = verdict.baseVersion, let needed = verdict.neededVersion {
            text += needed == base ? ", version \(base) may stay" : ", after \(base) at least version \(needed)"
        }
        if verdict.isVersionTooSmall, let declared = verdict.declaredVersion { text += "; \(declared) is too small" }
        return text + "\n"
    }

    private static func title(_ change: Change) -> String {
        guard let operation = change.operation else { return "the whole API" }
        let name = operation.operationID.map { "\($0) (\(operation.label))" } ?? operation.label
        let more = change.operations.count - 1
        return more > 0 ? "\(name) and \(counted(more, "more operation"))" : name
    }

    private func line(_ change: Change) -> String {
        let accepted = approved.contains(change.fingerprint) ? " (approved)" : ""
        var line = safeText("  \(change.level.rawValue): \(change.message) [\(change.id)]\(accepted)") + "\n"
        let location = change.revisionLocation ?? change.baseLocation
        var details: [String] = []
        if let location { details.append("\(location.source.name):\(location.start)") }
        if change.level == .breaking, !approved.contains(change.fingerprint) {
            details.append("approve as \(change.fingerprint)")
        }
        if !details.isEmpty { line += safeText("    at \(details.joined(separator: ", "))") + "\n" }
        if change.level > .info, let note = change.consumerNote { line += safeText("    \(note)") + "\n" }
        return line
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
