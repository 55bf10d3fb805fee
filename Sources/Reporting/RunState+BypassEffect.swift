import Documents
public import Engine
public import Pipelines

public import struct Foundation.Date

extension RunState {
    /// What a bypass has not done yet, and why, in brackets with a blank before them; empty where it has opened its gate.
    public func effect(ofBypass bypass: Decision, at step: Step, now: Date) -> String {
        if self[step.id]?.status.isGood == true, !isBypassedSinceOpen(step) {
            if bypasses(thatOpened: step).contains(bypass) { return "" }
            let objection = objection(to: bypass, at: step, now: now)
            let why = objection == DecisionFault.openedSince.text ? nil : objection
            return " (the gate has opened without it\(why.map { ", and does not count: \($0)" } ?? ""))"
        }
        if status.isFinished, isCalledOff {
            return " (does not count any more: the run was \(isWithdrawn ? "withdrawn" : "cancelled"))"
        }
        let counted = bypasses(at: step)
        guard counted.contains(bypass) else {
            let why = objection(to: bypass, at: step, now: now).map { ", and does not count: \($0)" } ?? ""
            return " (the gate is not open yet\(why))"
        }
        if counted.count < bypassPolicy(at: step).count {
            if case .approved(let given)? = standing(of: step, now: now) {
                return " (approved by \(given.map(\.person).joined(separator: " and ")), which is enough without it)"
            }
            if let end = expiry(of: step, now: now) {
                return
                    " (the gate stays closed: the time for one more person to bypass it ended \(Timestamp.text(of: end)))"
            }
            return " (the gate is not open yet: one more person must bypass it)"
        }
        if let overtaking = overtaking(of: step) {
            return " (but \(overtaking): void when the run is taken up; \(wayOnWhenOvertaken(at: step)))"
        }
        switch status {
        case .failed:
            let opened = Set(bypassedFailures.map(\.id))
            let others = zip(plan.steps, steps).filter { $1.status == .failed && !opened.contains($0.id) }
            if let other = others.first?.0.id { return " (enough for this gate, and the run has failed at '\(other)')" }
        case .rejected, .cancelled: return " (enough for this gate, and the run is \(status.rawValue))"
        case .running, .waiting, .succeeded:
            if isCalledOff {
                return " (enough for this gate, and the run is being cancelled)"
            }
        }
        if let failed = failedGate(beside: step) {
            return " (enough for this gate, and '\(failed)' has failed, which is to be opened as well)"
        }
        if let lapsed = lapsedEvidence(beside: step, now: now) { return " (enough for this gate, but \(lapsed.brief))" }
        // Where its turn has not come, what is asked before it still is.
        if !waits.contains(where: { $0.0.id == step.id }),
            let asked = waits.first(where: { openQuestion($0.0.id, now: now) != nil && $0.0.guarding == step.guarding })
        {
            return " (enough for this gate; '\(asked.0.id)' asks first)"
        }
        if isBypassedSinceOpen(step) { return " (enough: it opens the gate again before the deployment)" }
        return " (that is enough: \(way(pastOpened: step.id)))"
    }

    /// Another gate of the same stage that has failed, and that nobody has opened.
    private func failedGate(beside gate: Step) -> StepID? {
        guard let guarded = gate.guarding else { return nil }
        return plan.steps.first { other in
            guard other.guarding == guarded, other.id != gate.id, self[other.id]?.status == .failed else {
                return false
            }
            let given = bypasses(at: other)
            return given.isEmpty || given.count < bypassPolicy(at: other).count
        }?.id
    }

    /// Whether a bypass has opened its gate, or is enough to open it.
    public func isInForce(_ bypass: Decision, at step: Step, now: Date) -> Bool {
        if let known = self[step.id], known.status.isGood, !isBypassedSinceOpen(step) {
            return bypasses(thatOpened: step).contains(bypass)
        }
        let counted = bypasses(at: step)
        // What is called off opens nothing any more.
        return !isCalledOff && counted.contains(bypass) && counted.count >= bypassPolicy(at: step).count
            && drift(at: step).isEmpty
    }
}
