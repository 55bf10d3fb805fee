public import Pipelines

extension RunState {
    /// What the run waits for that other runs hold, also while a process works on it and waits there.
    public var waitsForLocks: [RunSummary.Wait] {
        let turn = queue.map { queue in
            RunSummary.Wait(
                step: "",
                suspension: Suspension(
                    .lock(name: Lock.group(queue.group), holder: queue.holder.rawValue), code: Suspension.queued,
                    message: queue.text))
        }
        let steps = waits.filter { $0.suspension.lock != nil }.map {
            RunSummary.Wait(step: $0.step.id.rawValue, suspension: $0.suspension)
        }
        return (turn.map { [$0] } ?? []) + steps
    }

    /// The steps that are tried again later: which attempt that is, when, and what went wrong with the last one.
    public var waitsForRetries: [RunSummary.Wait] {
        zip(plan.steps, steps).compactMap { step, known in
            guard known.status == .retrying, case .retry(let date, let reason)? = known.reason else { return nil }
            let next = RetryBudget.next(
                RetryBudget(step, known), "at \(EventTime.text(date))", looksFirst: known.mayHaveTakenEffect)
            return RunSummary.Wait(
                step: step.id.rawValue,
                suspension: Suspension(
                    .until(date), code: Suspension.retry, message: "\(next): \(reason)"))
        }
    }

    /// What tries a step now that waits for its next attempt in a run that rests; nil for another.
    public func wayToTryNow(_ id: StepID) -> String? {
        guard status == .waiting, let known = self[id], known.status == .retrying else { return nil }
        let what = known.mayHaveTakenEffect ? "looks now" : "tries it now"
        return "`almrun resume \(run) --rerun \(id)` \(what)"
    }

    /// What a run waits for before it can end, and what each of that needs, one line each.
    public var waysToTheEnd: [String] {
        let retries = plan.steps.compactMap { step in wayToTryNow(step.id).map { "'\(step.id)' waits: \($0)" } }
        return waits.map { "'\($0.step.id)' waits: `almrun why \(run) \($0.step.id)`" } + retries
    }

    /// Whether nothing of the run is at work and something holds it up, whether a process waits with it or not.
    public var isHeldUp: Bool {
        if queue != nil { return true }
        return !steps.contains { $0.status == .running }
            && (!waits.isEmpty || steps.contains { $0.status == .retrying })
    }
}
