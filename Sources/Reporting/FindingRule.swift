/// What a report says of the rule or check that a finding came from.
public struct FindingRule: Sendable, Hashable {
    public var code: String
    /// One sentence.
    public var summary: String
    /// Markdown: why it matters and how to mend it.
    public var help: String

    public init(code: String, summary: String, help: String = "") {
        self.code = code
        self.summary = summary
        self.help = help
    }
}
