public import Pipelines

/// A package that an environment can go back to, with what the environment's gates ask of the runs that had it.
public struct PackageReturn: Sendable, Hashable {
    public var environment: String
    public var solution: String
    public var version: String
    /// SHA-256 of the package.
    public var digest: String
    /// Whether a gate leaves out who wrote what is released.
    public var leavesOutCommitters: Bool
    public var evidence: EvidencePolicy?

    public init(
        environment: String, solution: String, version: String, digest: String, leavesOutCommitters: Bool,
        evidence: EvidencePolicy?
    ) {
        self.environment = environment
        self.solution = solution
        self.version = version
        self.digest = digest
        self.leavesOutCommitters = leavesOutCommitters
        self.evidence = evidence
    }
}
