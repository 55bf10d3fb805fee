public import Pipelines

public import struct Foundation.Date

/// What a person said at a gate, and what exactly it was said about.
public struct Decision: Sendable, Hashable, Codable {
    public enum Verdict: String, Sendable, Hashable, Codable { case approve, reject, bypass }

    /// The gate.
    public var step: StepID
    public var verdict: Verdict
    /// E-mail of the person.
    public var person: String
    public var name: String?
    public var comment: String?
    /// Counts how often the gate was asked; a decision holds in its round, and later as long as nothing it is about changes.
    public var round: Int
    /// Digest of the package that was decided on.
    public var package: String?
    /// Digest of the deployment plan that was decided on.
    public var plan: String?
    /// Fingerprint of the environment that the plan was made against.
    public var target: String?
    public var time: Date
    /// The hash of the event before the decision, where the decision is signed.
    public var ledger: String?
    /// A signature over the ``ApprovalRecord``, as `ssh-keygen -Y sign` writes it.
    public var signature: String?
    /// Whether the signature holds; known of the decisions in a ``RunState``, and never written.
    public internal(set) var standing = SignatureStanding.unsigned

    private enum CodingKeys: String, CodingKey {
        case step, verdict, person, name, comment, round, package, plan, target, time, ledger, signature
    }

    public init(
        step: StepID, verdict: Verdict, person: String, name: String? = nil, comment: String? = nil, round: Int = 1,
        package: String? = nil, plan: String? = nil, target: String? = nil, time: Date, ledger: String? = nil,
        signature: String? = nil
    ) {
        self.step = step
        self.verdict = verdict
        self.person = person
        self.name = name
        self.comment = comment
        self.round = round
        self.package = package
        self.plan = plan
        self.target = target
        self.time = time
        self.ledger = ledger
        self.signature = signature
    }
}
