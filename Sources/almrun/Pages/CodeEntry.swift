import Documents

/// A code of an error, as `almrun explain` speaks of it: what it means, when it comes about, and what to do.
struct CodeEntry {
    /// The whole code, such as `run/unknown`.
    var code: String
    /// One sentence.
    var meaning: String
    /// How somebody comes to see it; empty where the meaning says it.
    var when: String
    var mend: String

    init(_ code: String, _ meaning: String, when: String = "", mend: String) {
        self.code = code
        self.meaning = meaning
        self.when = when
        self.mend = mend
    }

    var page: CodePage {
        var parts = [code, meaning]
        if !when.isEmpty { parts.append("When: \(when)") }
        parts.append("Mend: \(mend)")
        return CodePage(
            code: code, summary: meaning, text: parts.joined(separator: "\n\n"),
            value: [
                "code": .string(code), "kind": "error", "summary": .string(meaning), "when": .string(when),
                "remedy": .string(mend),
            ])
    }
}
