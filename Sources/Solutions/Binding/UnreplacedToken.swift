/// Placeholders that some tool should have replaced and did not: `__X__`, `#{X}#`, `${X}`, `<...>`.
enum UnreplacedToken {
    /// The first placeholder in a value; `${{ secrets.NAME }}` is none, because it is replaced at the last moment.
    static func first(in value: String) -> String? {
        let text = withoutSecrets(value)
        for pattern in [#/__[A-Za-z][A-Za-z0-9_.\-]*?__/#, #/#\{[^{}]*\}#?/#, #/\$\{[A-Za-z_][^{}]*\}/#] {
            if let match = text.firstMatch(of: pattern) { return String(match.output) }
        }
        if text.first == "<", text.last == ">", text.count > 2,
            !text.dropFirst().dropLast().contains(where: { "<>/".contains($0) })
        {
            return text
        }
        return nil
    }

    /// Whether a value is or holds a secret, which nobody can look into before it is installed.
    static func holdsSecret(_ value: String) -> Bool { withoutSecrets(value) != value }

    private static func withoutSecrets(_ value: String) -> String {
        value.replacing(#/\$\{\{\s*secrets\.[A-Za-z0-9_]+\s*\}\}/#, with: "")
    }
}
