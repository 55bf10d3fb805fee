/// The packages that environments know, by the SHA-256 of each.
public struct DeployedPackages: Sendable, Hashable {
    /// Whatever was installed or verified anywhere: their objects stay.
    public var known: Set<String>
    /// What is installed now, and what a rollback would go back to: a run that tells of each stays too.
    public var needed: Set<String>
    /// The operations that brought these where they are, each by its token, and what each did: their runs stay.
    public var operations: [String: String]
    /// The environments of which a gate asks who approved for them: a run that knows stays; nil where that may be any.
    public var approversOf: Set<String>?
    /// What any environment can go back to.
    public var returns: [PackageReturn] = []

    public init(
        known: Set<String> = [], needed: Set<String> = [], operations: [String: String] = [:],
        approversOf: Set<String>? = []
    ) {
        self.known = known.union(needed)
        self.needed = needed
        self.operations = operations
        self.approversOf = approversOf
    }
}
