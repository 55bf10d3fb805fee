/// How a deployment is to be carried out where there is a choice.
public struct DeploymentOptions: Sendable, Hashable, Codable {
    /// What to do with components that the new version no longer has.
    public enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
        /// Remove them.
        case upgrade
        /// Leave them.
        case update
    }

    public var mode: Mode
    /// A lower version may replace a higher one, as a rollback does.
    public var allowsDowngrade: Bool

    /// Upgrade without downgrade unless said otherwise.
    public init(mode: Mode = .upgrade, allowsDowngrade: Bool = false) {
        self.mode = mode
        self.allowsDowngrade = allowsDowngrade
    }
}
