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
    /// Counts how often the gate was asked; a decision holds in its round only.
    public var round: Int
    /// Digest of the package that was decided on.
    public var package: String?
    /// Digest of the deployment plan that was decided on.
    public var plan: String?
    /// Fingerprint of the environment that the plan was made against.
    public var target: String?
    public var time: Date

    public init(
        step: StepID, verdict: Verdict, person: String, name: String? = nil, comment: String? = nil, round: Int = 1,
        package: String? = nil, plan: String? = nil, target: String? = nil, time: Date
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
    }
}
