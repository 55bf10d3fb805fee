/// A tag whose name ends in a version.
public struct ReleaseTag: Sendable, Hashable {
    public var name: String
    public var version: ReleaseVersion
    public var commit: CommitID
}
