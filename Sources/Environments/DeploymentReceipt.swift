public import FoundationEssentials

/// The record of one operation: what was done, by whom and when; kept for ever in the environment's history.
public struct DeploymentReceipt: Sendable, Hashable, Codable {
    /// The number of the operation in this environment, from 1.
    public var sequence: Int
    public var token: OperationToken
    public var solution: String
    public var version: String
    public var isManaged: Bool
    /// SHA-256 of the package.
    public var digest: String
    public var action: DeploymentPlan.Action
    public var reason: String
    /// The version before, if any.
    public var from: String?
    /// Who asked for it.
    public var by: String
    public var at: Date
    /// Digest of the plan that was carried out.
    public var plan: String
    public var changes: [SettingChange]
    public var removed: [PackageContents.Component]
    /// What should be there now, for reading back.
    var expected: Expectation

    /// Whether a lower version took the place of a higher one.
    public var goesBack: Bool { DeploymentPlan.goesBack(from: from, to: version) }

    /// What was done, as people call it: the action, or `rollback` where the version went down.
    public var deed: String { goesBack ? "rollback" : action.rawValue }

    /// The state that reading back should find.
    struct Expectation: Sendable, Hashable, Codable {
        var components: [PackageContents.Component]
        var connections: [String: EnvironmentState.ConnectionReference]
        var variables: [String: StoredText]
        var flows: [String: Bool]
    }
}
