import Comparison
import Documents
import Linting

/// Something with a code that `almrun explain` knows about.
struct CodePage {
    var code: String
    /// One sentence.
    var summary: String
    /// The whole page.
    var text: String
    var value: Value
}

/// Lint rules, change ids, why manifests are refused, and every error that has a code.
enum CodePages {
    /// By code.
    static var all: [CodePage] {
        (RuleCatalogue.all.map(page) + ChangeCatalogue.all.map(page) + ManifestPages.all + errors.map(\.page))
            .sorted { $0.code < $1.code }
    }

    private static var errors: [CodeEntry] {
        RunPages.all + StorePages.all + EnvironmentPages.all + SignaturePages.all + CommandPages.all + TestPages.all
            + LintPages.all + DocumentPages.all + SolutionPages.all + XMLPages.all
    }

    /// The family of a code: what stands before the '/'; nil for one without.
    static func family(of code: String) -> String? {
        code.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).dropLast().first.map(String.init)
    }

    private static func page(_ kind: ChangeKind) -> CodePage {
        let text = """
            \(kind.id)

            \(kind.explanation)

            Level: \(kind.level)
            Asks for: \(kind.semver)
            """
        return CodePage(
            code: kind.id, summary: kind.explanation, text: text,
            value: [
                "code": .string(kind.id), "kind": "change", "summary": .string(kind.explanation),
                "level": .string("\(kind.level)"), "semver": .string("\(kind.semver)"),
            ])
    }

    private static func page(_ rule: Rule) -> CodePage {
        var parts = [rule.code, rule.page.summary]
        if !rule.page.rationale.isEmpty { parts.append("Why: \(rule.page.rationale)") }
        if !rule.page.fix.isEmpty { parts.append("Remedy: \(rule.page.fix)") }
        if !rule.page.example.isEmpty { parts.append("Example:\n\(rule.page.example)") }
        return CodePage(
            code: rule.code, summary: rule.page.summary, text: parts.joined(separator: "\n\n"),
            value: [
                "code": .string(rule.code), "kind": "rule", "summary": .string(rule.page.summary),
                "severity": .string(rule.severity.rawValue), "why": .string(rule.page.rationale),
                "remedy": .string(rule.page.fix), "example": .string(rule.page.example),
            ])
    }
}
