public import Documents
public import Pipelines

public import struct Foundation.Date

/// What is known of one step of a run.
public struct StepState: Sendable, Hashable {
    /// Why the step stands as it stands.
    public indirect enum Reason: Sendable, Hashable {
        case skipped(SkipReason)
        case blocked(by: StepID)
        case suspended(Suspension)
        case failed(StageFailure)
        case rejected(String)
        case reused(ReusedResult)
        /// Its next attempt, and what went wrong with the last one.
        case retry(at: Date, because: String)
        case lost(String)
        case assumed(done: Bool, by: String, comment: String?)
    }

    /// A lease that the step has.
    public struct Held: Sendable, Hashable {
        public var lock: String
        public var fence: Int
    }

    public internal(set) var status: StepStatus = .pending
    /// How many attempts began.
    public internal(set) var attempts = 0
    /// Of those, how many began since the step was last taken up anew.
    public internal(set) var tries = 0
    /// An attempt began and was never seen to end: it must be looked whether its effect happened.
    public internal(set) var isInDoubt = false
    /// How often the gates of the step were asked; 1 for the first time.
    public internal(set) var round = 1
    /// Decisions of earlier rounds do not count: since then somebody said no, or nobody answered.
    public internal(set) var firstRound = 1
    /// When the first attempt, or the first question to a person, began.
    public internal(set) var began: Date?
    /// When the latest attempt began.
    public internal(set) var started: Date?
    public internal(set) var ended: Date?
    /// The outputs, a map; null when they are in ``object`` and were not fetched.
    public internal(set) var output: Value?
    /// The object that holds the outputs.
    public internal(set) var object: String?
    public internal(set) var inputDigest: String?
    public internal(set) var token: String?
    public internal(set) var reason: Reason?
    public internal(set) var decisions: [Decision] = []
    public internal(set) var held: Held?
    /// Since when it waits for what it waits for.
    public internal(set) var waitingSince: Date?

    public init() {}

    /// What the step waits for.
    public var suspension: Suspension? {
        if case .suspended(let suspension) = reason { suspension } else { nil }
    }

    /// What went wrong.
    public var failure: StageFailure? {
        if case .failed(let failure) = reason { failure } else { nil }
    }

    /// How long the work took, or has taken.
    public func duration(until now: Date) -> Double? {
        started.map { (ended ?? now).timeIntervalSince($0) }
    }
}
