public import FoundationEssentials

/// A place where solution packages are installed.
public protocol DeploymentTarget: Sendable {
    /// The solution as it is there now.
    func installed(_ solution: String) async throws -> InstalledSolution?

    /// What installing the package with these settings would do; changes nothing.
    ///
    /// Throws ``EnvironmentError/Kind/refused`` where an installation can never be right.
    func plan(
        _ package: PackageContents, settings: EnvironmentSettings, flows: FlowSettings, options: DeploymentOptions
    ) async throws -> DeploymentPlan

    /// Carries a plan out exactly once for a token; a plan made against another state is refused as stale.
    func install(
        _ package: PackageContents, plan: DeploymentPlan, token: OperationToken, by requester: String
    ) async throws -> DeploymentReceipt

    /// The record of an operation, if it took effect; asked after a crash.
    func outcome(of token: OperationToken) async throws -> DeploymentReceipt?

    /// Reads back what an operation left, and records the verification when nothing differs.
    func verify(_ receipt: DeploymentReceipt) async throws -> [Difference]

    /// The newest verified deployment of a package with this digest.
    func verifiedDeployment(of digest: String) async throws -> VerifiedDeployment?

    /// The verified deployment that the installed package of a solution comes from.
    func lastVerified(_ solution: String) async throws -> VerifiedDeployment?
}

extension DeploymentTarget {
    /// When a package that was verified here was deployed; nil when it never was.
    public func verified(_ digest: String) async throws -> Date? {
        try await verifiedDeployment(of: digest)?.deployed
    }
}
