public import FoundationEssentials

/// A tag of the repository, as plain values.
public struct Tag: Sendable, Hashable {
    /// The name without `refs/tags/`.
    public var name: String
    /// The tag object, or the commit itself for a lightweight tag.
    public var id: CommitID
    /// The commit it leads to.
    public var commit: CommitID
    /// What it says; nil for a lightweight tag.
    public var message: String?
    /// Who made it; nil for a lightweight tag.
    public var tagger: Person?
    /// When it was made; nil for a lightweight tag.
    public var date: Date?
    public var isAnnotated: Bool { message != nil }
}
