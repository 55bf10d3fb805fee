/// One kind of change: its id, how bad it is, which version it asks for, and what it means.
public struct ChangeKind: Sendable, Hashable {
    /// The stable id: oasdiff's where the meaning is the same, `cx-` for what only connectors have.
    public let id: String
    /// How bad it is: breaking whenever it asks for a major version.
    public var level: Level { semver == .major ? .breaking : listedLevel }
    /// Which part of the version has to grow.
    public let semver: Bump
    /// What it means, in one sentence.
    public let explanation: String
    /// How bad it is in the eyes of those whose id it is, which may be less than the version that it asks for.
    let listedLevel: Level
}
