public import FoundationEssentials

/// An installation that a process began and did not end; it changed nothing, or another process works on it right now.
public struct UnfinishedOperation: Sendable, Hashable, Codable {
    public var token: OperationToken
    public var solution: String
    public var version: String
    /// SHA-256 of the package.
    public var digest: String
    /// Who asked for it.
    public var by: String
    public var at: Date
}
