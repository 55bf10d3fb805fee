import Solutions

/// What a deployment would do in one environment, and why: the thing that people approve.
public struct DeploymentPlan: Sendable, Hashable, Codable {
    /// What would happen to the solution.
    public enum Action: String, Sendable, Hashable, Codable, CaseIterable {
        /// It is not there yet.
        case install
        /// Components are added and changed, none removed; or only settings are written.
        case update
        /// Components that the new version no longer has are removed too.
        case upgrade
        /// Everything is as it should be.
        case nothing
    }

    public var action: Action
    /// Why that action, in a few words.
    public var reason: String
    public var solution: String
    /// The version that is installed.
    public var from: String?
    public var to: String
    public var isManaged: Bool
    /// SHA-256 of the package.
    public var package: String
    /// Values and states that would be set.
    public var changes: [SettingChange]
    /// Components that would be removed.
    public var removed: [PackageContents.Component]
    /// Components that would be added; empty for an install.
    public var added: [PackageContents.Component]
    /// What a person should know before saying yes.
    public var warnings: [String]
    /// Fingerprint of the part of the environment that the plan builds on.
    public var target: String
    /// Digest of all of the above but the fingerprint.
    public var digest: String

    /// What is wanted in the end; texts may hold `${{ secrets.NAME }}`.
    var desired: Desired

    /// The state that an installation leads to.
    struct Desired: Sendable, Hashable, Codable {
        var connections: [String: EnvironmentSettings.Binding] = [:]
        var variables: [String: String] = [:]
        var flows: [String: Bool] = [:]
    }

    /// One line, such as `upgrade ContosoSales 1.1.0.0 -> 1.2.0.0: a newer managed version`.
    public var summary: String {
        let versions = from.map { $0 == to ? to : "\($0) -> \(to)" } ?? to
        let deed = goesBack ? "put \(solution) back" : "\(action.rawValue) \(solution)"
        return "\(deed) \(versions): \(reason)"
    }

    /// What would be done, as a receipt of it says: the action, or `rollback` where the version goes down.
    public var deed: String { goesBack ? "rollback" : action.rawValue }

    /// Whether a lower version takes the place of a higher one.
    var goesBack: Bool { Self.goesBack(from: from, to: to) }

    /// Whether a version is lower than the one that was there.
    static func goesBack(from: String?, to: String) -> Bool {
        guard let from = from.flatMap({ SolutionVersion($0) }), let to = SolutionVersion(to) else { return false }
        return to < from
    }

    /// One line for each thing that would change, for people.
    public var lines: [String] {
        removed.map { "remove \($0)" } + added.map { "add \($0)" } + changes.map(\.description)
            + warnings.map { "warning: \($0)" }
    }

    /// The plan with its digest filled in.
    func sealed() throws -> DeploymentPlan {
        var plan = self
        plan.digest = ""
        plan.target = ""
        let digest = try Digest.of(value: plan)
        plan.target = target
        plan.digest = digest
        return plan
    }
}
