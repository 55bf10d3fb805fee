import Engine
import Pipelines

/// Counts the tries of the steps that may be tried again, from the events alone.
struct RetryCount: Sendable {
    private var policies: [StepID: RetryPolicy] = [:]
    private var tries: [StepID: Int] = [:]
    /// Steps whose attempt looks first what an interrupted one has done.
    private var looking: Set<StepID> = []
    private var isOver = false

    /// From a run as it was taken up.
    init(_ state: RunState?) {
        guard let state else { return }
        isOver = state.status.isFinished
        for (step, known) in zip(state.plan.steps, state.steps) {
            guard let retry = step.retry, retry.attempts > 1 else { continue }
            policies[step.id] = retry
            tries[step.id] = known.tries
        }
    }

    /// The budget of a step; nil where nothing is ever tried again.
    subscript(step: StepID) -> RetryBudget? { RetryBudget(policies[step], tries: tries[step] ?? 0) }

    mutating func follow(_ event: RunEvent) {
        switch event.kind {
        case .started(let step, _, _, _, let recovering):
            guard policies[step] != nil else { break }
            tries[step, default: 0] += 1
            if recovering { looking.insert(step) } else { looking.remove(step) }
        case .suspended(let step, _), .ended(let step, _, _): countLook(step, event.kind)
        case .voided(let step, _, _, _), .assumed(let step, done: false, _, _): tries[step] = nil
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
        guard let policy = policies[step], let count = tries[step] else { return }
        if kind.isOnlyLook(wasLooking: wasLooking, tries: count, of: policy.attempts) {
            tries[step] = max(0, count - 1)
        }
    }
}
