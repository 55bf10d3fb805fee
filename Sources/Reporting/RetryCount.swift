import Engine
import Pipelines

/// Counts the tries and the attempts of steps, from the events alone.
struct RetryCount: Sendable {
    private var policies: [StepID: RetryPolicy] = [:]
    private var tries: [StepID: Int] = [:]
    /// Attempts that did the work, or began to.
    private var works: [StepID: Int] = [:]
    /// Steps whose attempt looks first what an interrupted one has done.
    private var looking: Set<StepID> = []
    /// Steps whose last attempt ran out of its time and may have had its effect.
    private var doubtful: Set<StepID> = []
    private var once: Set<StepID> = []
    private var isOver = false

    /// From a run as it was taken up.
    init(_ state: RunState?) {
        guard let state else { return }
        isOver = state.status.isFinished
        for (step, known) in zip(state.plan.steps, state.steps) {
            tries[step.id] = known.tries
            works[step.id] = known.works
            if step.effect == .once { once.insert(step.id) }
            if known.mayHaveTakenEffect { doubtful.insert(step.id) }
            if let retry = step.retry, retry.attempts > 1 { policies[step.id] = retry }
        }
    }

    /// The budget of a step; nil where nothing is ever tried again.
    subscript(step: StepID) -> RetryBudget? { RetryBudget(policies[step], tries: tries[step] ?? 0) }

    /// Such as `attempt 2 of 3` or `attempt 2`, of the attempt that has begun; empty for the first one.
    func attempt(of step: StepID) -> String {
        let number = works[step] ?? 1
        return number > 1 ? self[step]?.current ?? "attempt \(number)" : ""
    }

    /// Whether it is only looked what the last attempt of a step did, before anything is done again.
    func looksFirst(_ step: StepID) -> Bool { doubtful.contains(step) }

    mutating func follow(_ event: RunEvent) {
        if case .ended(let step, _, let ending) = event.kind {
            doubtful.remove(step)
            if case .failed(let failure) = ending, failure.code == StageFailure.timeoutCode, once.contains(step) {
                doubtful.insert(step)
            }
        }
        switch event.kind {
        case .started(let step, let attempt, _, _, let recovering):
            tries[step, default: 0] += 1
            works[step] = works[step].map { $0 + 1 } ?? attempt
            if recovering { looking.insert(step) } else { looking.remove(step) }
        case .suspended(let step, _), .ended(let step, _, _): countLook(step, event.kind)
        case .voided(let step, _, _, _, _), .assumed(let step, done: false, _, _): tries[step] = 0
        // What is done again when a run had ended starts anew.
        case .resumed: if isOver { tries.removeAll() }
        case .finished: isOver = true
        default: break
        }
        if case .resumed = event.kind { isOver = false }
    }

    /// An attempt that only looked used up none of the budget.
    private mutating func countLook(_ step: StepID, _ kind: RunEvent.Kind) {
        let wasLooking = looking.remove(step) != nil
        guard let count = tries[step], let number = works[step] else { return }
        if kind.isOnlyLook(wasLooking: wasLooking, tries: count, of: policies[step]?.attempts ?? 1) {
            tries[step] = max(0, count - 1)
            works[step] = max(0, number - 1)
        }
    }
}
