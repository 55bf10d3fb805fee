/// A deployment that the ledger of a run tells of.
public struct ToldDeployment: Sendable, Hashable {
    public var run: String
    public var step: String
    public var environment: String
    /// The name of the effect, under which the environment knows it too.
    public var token: String
    public var solution: String
    public var version: String
    /// SHA-256 of the package.
    public var digest: String
}
