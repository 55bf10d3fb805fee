/// The packages that environments know, by the SHA-256 of each.
public struct DeployedPackages: Sendable, Hashable {
    /// Whatever was installed or verified anywhere: their objects stay.
    public var known: Set<String>
    /// What is installed now, and what a rollback would go back to: a run that tells of each stays too.
    public var needed: Set<String>

    public init(known: Set<String> = [], needed: Set<String> = []) {
        self.known = known.union(needed)
        self.needed = needed
    }
}
