public import Documents

/// What a stage would change in an environment: the thing that people approve.
public struct Preview: Sendable, Hashable, Codable {
    /// Digest of the package.
    public var package: String?
    /// Digest of everything that would be changed.
    public var plan: String?
    /// Fingerprint of the environment that the preview was made against.
    public var target: String?
    /// Everything is as it would be made, so there is nothing to approve; nil when that is not known.
    public var changesNothing: Bool?
    /// One line, such as `upgrade ContosoSales 1.1.0.0 -> 1.2.0.0: a newer managed version`.
    public var summary: String
    /// One line for each change, for people.
    public var changes: [String]
    /// The same for machines.
    public var details: Value

    public init(
        package: String? = nil, plan: String? = nil, target: String? = nil, changesNothing: Bool? = nil,
        summary: String = "",
        changes: [String] = [], details: Value = .null
    ) {
        self.package = package
        self.plan = plan
        self.target = target
        self.changesNothing = changesNothing
        self.summary = summary
        self.changes = changes
        self.details = details
    }
}
