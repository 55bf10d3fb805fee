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
    /// Of all attempts, how many only looked what an interrupted one had done.
    public internal(set) var looks = 0
    /// An attempt began and was never seen to end: it must be looked whether its effect happened.
    public internal(set) var isInDoubt = false
    /// How often the gates of the step were asked; 1 for the first time.
    public internal(set) var round = 1
    /// Decisions of earlier rounds do not count: since then somebody said no, or nobody answered.
    public internal(set) var firstRound = 1
    /// Why what was said at a gate before is not enough any more, where it is asked anew.
    public internal(set) var voided: [String] = []
    /// What a gate asked about, by the number of the round.
    var questions: [Int: GateQuestion] = [:]
    /// Why no earlier decision counts since a round began, by its number, where that was no answer to the question.
    var restarts: [Int: String] = [:]
    /// Who said that the effect of an attempt had not happened, when and why.
    var denials: [String] = []
    /// What people said of its effect while the run was over, with who and when: it ends the asking, and nothing else.
    public internal(set) var noted: [String] = []
    /// Whether somebody has said so since the run was last taken up.
    public internal(set) var isNoted = false
    /// When the first of all attempts began, whatever came after it.
    public internal(set) var begun: Date?
    /// When the first attempt, or the first question to a person, began since the step was last taken up anew.
    public internal(set) var began: Date?
    /// When the latest attempt began.
    public internal(set) var started: Date?
    public internal(set) var ended: Date?
    /// How many seconds the attempts took that were seen to end, all together.
    public internal(set) var worked = 0.0
    /// The outputs, a map; null when they are in ``object`` and were not fetched.
    public internal(set) var output: Value?
    /// The object that holds the outputs.
    public internal(set) var object: String?
    public internal(set) var inputDigest: String?
    public internal(set) var token: String?
    public internal(set) var reason: Reason?
    public internal(set) var decisions: [Decision] = []
    /// How many of the decisions were there when it last ended well by what it asks for, and not by a bypass.
    var decidedBeforeOpen = 0
    public internal(set) var held: Held?
    /// Who took away the lease under which the last attempt worked, when and why; nil where nobody did.
    var taken: String?
    /// The same of any attempt, also when the step has a lease again.
    public internal(set) var lastTaken: String?
    /// The last attempt only looked, and what was in doubt had not happened.
    var wasFoundUndone = false
    /// The number of the event with which the last attempt began.
    var startEvent = 0
    /// The numbers of the events with which the first and the last attempt began that may have done the work: where something was
    /// in doubt, what a look finds may be of either.
    var (firstWorkEvent, lastWorkEvent) = (0, 0)
    /// It is done again behind a word that was taken back, so that no earlier result stands in.
    var isDoneAnew = false
    /// Since when it waits for what it waits for.
    public internal(set) var waitingSince: Date?

    public init() {}

    /// How many attempts did the work, or began to.
    public var works: Int { max(0, attempts - looks) }

    /// Such as `looked 2 times what an interrupted attempt had done`; nil where nobody looked.
    public var looked: String? {
        looks == 0 ? nil : "looked \(looks == 1 ? "once" : "\(looks) times") what an interrupted attempt had done"
    }

    /// The attempt that just ended did nothing but look.
    mutating func countLook() {
        looks += 1
        tries = max(0, tries - 1)
    }

    /// What the step waits for.
    public var suspension: Suspension? {
        if case .suspended(let suspension) = reason { suspension } else { nil }
    }

    /// What went wrong.
    public var failure: StageFailure? {
        if case .failed(let failure) = reason { failure } else { nil }
    }

    /// Whether an attempt was cut off, and nobody has looked since whether its effect happened, or said so.
    public var mayHaveTakenEffect: Bool { isInDoubt && !wasFoundUndone && !(isNoted && isPassedOver) }

    /// Whether somebody said no at it, other than that nobody decided in time.
    var isRefused: Bool {
        status == .rejected && decisions.contains { $0.verdict == .reject && $0.round == round }
    }

    /// Whether it came to an end that a run which goes on leaves as it is, though its effect may have happened.
    public var isPassedOver: Bool { [.cancelled, .failed, .blocked].contains(status) }

    /// How many seconds all attempts took, and the one that is under way until now; pauses between them do not count.
    public func worked(until now: Date) -> Double {
        guard status == .running, let started else { return worked }
        return worked + max(0, now.timeIntervalSince(started))
    }

    /// An attempt that was under way comes to its end.
    mutating func countWork(until end: Date) { worked = worked(until: end) }

    /// How long all attempts took, without the pauses between them; nil where no end of the work was seen.
    public func duration(until now: Date) -> Double? {
        if status == .uncertain { return nil }
        if case .assumed? = reason { return nil }
        guard started != nil else { return nil }
        let seconds = worked(until: now)
        // Nobody knows how long one took that was cut off.
        if seconds == 0, status == .pending || status == .cancelled { return nil }
        return seconds
    }
}
