public import Pipelines

public import struct Foundation.Date

extension RunEvent {
    /// What happened; ``RunState/apply(_:)`` says what it means.
    public enum Kind: Sendable, Hashable {
        case created(RunCreation)
        /// The concurrency group is held by another run.
        case queued(group: String, holder: RunID, since: Date?)
        /// An attempt was leased and its effect intended, under a token that names the effect.
        case started(StepID, attempt: Int, token: String, fence: Int?, recovering: Bool)
        /// An attempt ended; attempt 0 is a gate that needed none.
        case ended(StepID, attempt: Int, AttemptEnding)
        case reused(StepID, ReusedResult)
        case skipped(StepID, SkipReason)
        /// A need did not end well.
        case blocked(StepID, by: StepID)
        case suspended(StepID, Suspension)
        case retryScheduled(StepID, at: Date, reason: String)
        case decided(Decision)
        /// The time for a decision ran out.
        case expired(StepID, round: Int)
        /// The gates of the step are asked again, because one has shut or because these parts of what they ask about are other
        /// ones by now.
        case voided(
            StepID, gates: [StepID], changed: [String], parts: [ApprovalPolicy.Part] = [], round: Int)
        case cancelRequested(by: String, reason: String?)
        /// A signal stopped the process that worked on the run for this person.
        case interrupted(by: String)
        /// The step was not begun when the run was cancelled.
        case cancelled(StepID)
        /// A person said whether an interrupted effect happened.
        case assumed(StepID, done: Bool, by: String, comment: String?)
        /// Another run has the lock, or is before this one and takes it next.
        case lockWaited(
            StepID, lock: String, holder: String, holderStep: String? = nil, since: Date, isNext: Bool = false)
        case lockAcquired(StepID, lock: String, fence: Int)
        case lockReleased(StepID, lock: String, fence: Int)
        /// Only waits were left, and the process went.
        case rested
        /// A person took a lock away from the run, because its holder will not give it back.
        case lockBroken(lock: String, fence: Int, by: String, reason: String)
        /// The store had lost what it knew of the run besides its events, and somebody had that written anew from them:
        /// nothing vouches that there were no more.
        case indexRebuilt(by: String)
        /// A process took the run up again; what had failed or was cut off is to be done: all of it, or only these steps.
        case resumed(by: String, process: String, only: [StepID])
        case finished(RunStatus)
        /// Somebody looked anew who may not approve, and found more than the run knew.
        case learned(KnownPeople, by: String)
        /// What people decided before counts no more at the gates of what has not ended well, since the run was called off.
        case askedAnew(because: String)
        /// The run as a whole got its concurrency group, under this number.
        case groupEntered(lock: String, fence: Int)
    }

    /// The step that the event is about.
    public var step: StepID? {
        switch kind {
        case .created, .queued, .cancelRequested, .interrupted, .rested, .lockBroken, .indexRebuilt, .resumed,
            .finished, .learned,
            .askedAnew, .groupEntered:
            nil
        case .started(let step, _, _, _, _), .ended(let step, _, _), .reused(let step, _), .skipped(let step, _),
            .blocked(let step, _), .suspended(let step, _), .retryScheduled(let step, _, _), .expired(let step, _),
            .voided(let step, _, _, _, _), .cancelled(let step), .assumed(let step, _, _, _),
            .lockWaited(let step, _, _, _, _, _), .lockAcquired(let step, _, _), .lockReleased(let step, _, _):
            step
        case .decided(let decision): decision.step
        }
    }
}
