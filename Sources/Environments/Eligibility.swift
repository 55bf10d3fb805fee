public import FoundationEssentials

/// Whether a package may go on from an environment, and if not, why and when.
public enum Eligibility: Sendable, Hashable {
    /// It was deployed and verified there and has lived there long enough.
    case eligible(VerifiedDeployment)
    /// It is there and verified, but not for long enough.
    case soaking(VerifiedDeployment, until: Date)
    /// It lived there and was replaced before it had lived long enough.
    case replacedTooEarly(VerifiedDeployment)
    /// It was never deployed there, or never verified.
    case notVerified

    /// Judges the stays of a package, newest first: the history counts, so one that was long enough is enough.
    public init(anyOf deployments: [VerifiedDeployment], soak: TimeInterval, now: Date) {
        let best = deployments.first { Eligibility($0, soak: soak, now: now).isEligible }
        self.init(best ?? deployments.first, soak: soak, now: now)
    }

    /// Whether the package may go on.
    public var isEligible: Bool { if case .eligible = self { true } else { false } }

    /// Judges a deployment by how long it has to have lived.
    public init(_ deployment: VerifiedDeployment?, soak: TimeInterval, now: Date) {
        guard let deployment else {
            self = .notVerified
            return
        }
        if deployment.lived(until: now) >= soak {
            self = .eligible(deployment)
        } else if deployment.replaced != nil {
            self = .replacedTooEarly(deployment)
        } else {
            self = .soaking(deployment, until: deployment.deployed.addingTimeInterval(soak))
        }
    }
}
