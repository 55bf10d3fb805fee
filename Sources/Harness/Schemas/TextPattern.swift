/// Regular expressions as definitions write them.
enum TextPattern {
    /// Whether the pattern occurs in the text; nil where the pattern cannot be read.
    static func matches(_ text: String, _ pattern: String) -> Bool? {
        guard let expression = try? Regex(pattern) else { return nil }  // a dialect we do not know judges nothing
        return (try? expression.firstMatch(in: text)) != nil
    }

    /// A short text that matches the pattern, where the pattern is simple enough.
    static func sample(of pattern: String) -> String? {
        var sampler = PatternSampler(pattern)
        guard let text = sampler.sample(), matches(text, pattern) == true else { return nil }
        return text
    }
}
