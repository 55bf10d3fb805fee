import Pipelines

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

    /// Whether nothing of the run is at work and something holds it up, whether a process waits with it or not.
    public var isHeldUp: Bool {
        if queue != nil { return true }
        let isAtWork = steps.contains { $0.status == .running || $0.status == .retrying }
        return !isAtWork && !waits.isEmpty
    }
}
