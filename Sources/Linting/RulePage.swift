/// What people read about a rule when a finding is not enough.
public struct RulePage: Sendable, Hashable {
    /// One sentence: what the rule wants.
    public var summary: String
    /// Why it matters.
    public var rationale: String
    /// How to satisfy it.
    public var fix: String
    /// A piece of a document as it should be.
    public var example: String

    public init(_ summary: String, why rationale: String = "", fix: String = "", example: String = "") {
        self.summary = summary
        self.rationale = rationale
        self.fix = fix
        self.example = example
    }
}
