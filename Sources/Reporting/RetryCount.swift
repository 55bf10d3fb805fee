import Engine
import Pipelines

/// Counts the tries of the steps that may be tried again, from the events alone.
struct RetryCount: Sendable {
    private var policies: [StepID: RetryPolicy] = [:]
    private var tries: [StepID: Int] = [:]
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
        case .started(let step, _, _, _, _): if policies[step] != nil { tries[step, default: 0] += 1 }
        case .voided(let step, _, _, _), .assumed(let step, done: false, _, _): tries[step] = nil
        // What is done again when a run had ended starts anew.
        case .resumed: if isOver { tries.removeAll() }
        case .finished: isOver = true
        default: break
        }
        if case .resumed = event.kind { isOver = false }
    }
}
