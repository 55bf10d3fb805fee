import Crypto
import Documents
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

extension Decider {
    /// What an attempt's end means: the events that follow it, to be written together.
    public func events(
        after ending: AttemptEnding, of step: Step, attempt: Int, in state: RunState, now: Date
    ) -> [RunEvent.Kind] {
        let ended = RunEvent.Kind.ended(step.id, attempt: attempt, ending)
        guard case .failed(let failure) = ending, let known = state[step.id] else { return [ended] }
        if failure.kind == .stale { return [ended] + stale(failure, step, known, state) }
        if state.cancelRequest != nil, !step.isFinally { return [ended] }
        guard let delay = delay(after: failure, step: step, tries: known.tries, attempt: attempt, state) else {
            return [ended]
        }
        return [
            ended,
            .retryScheduled(step.id, at: EventTime.roundedUp(now.addingTimeInterval(delay)), reason: failure.message),
        ]
    }

    /// Whether a gate asks for what a step shows, and an earlier result is too old for it, so that it must be made anew.
    func isTooOld(_ earlier: ReusedResult, for step: Step, in state: RunState, _ now: Date) -> Bool {
        guard case .stage(let kind) = step.work else { return false }
        return state.plan.environments.values.contains { environment in
            guard let policy = environment.gates.evidence, let age = policy.notOlderThan,
                policy.stages.contains(where: { EvidencePolicy.matches($0, step: step.id, kind: kind) })
            else { return false }
            return now > earlier.time.addingTimeInterval(age)
        }
    }

    /// Seconds until the next attempt; nil when there is none.
    private func delay(
        after failure: StageFailure, step: Step, tries: Int, attempt: Int, _ state: RunState
    ) -> Double? {
        guard (step.retry ?? RetryPolicy(attempts: 1)).retries(failure.kind) else { return nil }
        // An effect that was cut off must be looked for, even where nothing is to be tried again.
        let mustLook = failure.code == StageFailure.timeoutCode && step.effect == .once
        let attempts = max(step.retry?.attempts ?? 1, mustLook ? 2 : 1)
        guard tries < attempts else { return nil }
        let policy = step.retry ?? RetryPolicy(attempts: attempts)
        guard policy.waits(afterWish: failure.retryAfter) else { return nil }
        var delay = policy.delay
        for _ in 1..<max(1, tries) { delay = min(delay * policy.factor, policy.longest) }
        delay = min(delay, policy.longest) * (0.8 + 0.4 * fraction(state.run, step.id, attempt))
        return max(delay, failure.retryAfter ?? 0, 0)
    }

    /// A number from 0 to 1 that spreads retries of different runs and steps, and is the same on every machine.
    private func fraction(_ run: RunID, _ step: StepID, _ attempt: Int) -> Double {
        let digest = SHA256.hash(data: Array("\(run)/\(step)/\(attempt)".utf8))
        return Double(digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }) / Double(UInt32.max)
    }

    private func stale(
        _ failure: StageFailure, _ step: Step, _ known: StepState, _ state: RunState
    ) -> [RunEvent.Kind] {
        let gates = (state.gates[step.id] ?? []).map { state.plan.steps[$0].id }
        guard !gates.isEmpty, known.round < rounds, state.cancelRequest == nil else { return [] }
        let changed = failure.notes.isEmpty ? [failure.message] : failure.notes
        return [
            .voided(step.id, gates: gates, changed: changed, parts: failure.changed, round: known.round + 1)
        ]
    }
}
