import Documents
import Engine
import Environments
import Foundation
import Pipelines

/// What stages have shown of the package.
extension ReadinessFacts {
    var evidenceConditions: [ReadinessCondition] {
        guard let asked = environment.gates.evidence else { return [] }
        var policy = asked
        // As at the gate.
        if plan?.action == .nothing { policy.notOlderThan = nil }
        if let (run, gate) = judge(of: asked) {
            let lapsed = run.lapsedEvidence(at: gate, now: now)
            return EvidenceStanding(policy, step: gate, in: run, now: now).items.map { item in
                // A rollback does not know why an earlier run did not show it.
                let earlier =
                    item.verdict == .missing && run.plan.isRollback
                    ? trail.failedEvidence(item.name, for: environment.name, now: now) : nil
                let ways =
                    run.waysPastWord(at: gate) ?? waysToShow(item.name, at: gate, in: run)
                    ?? (unshown(by: run.plan.pipeline).isEmpty ? lapsed?.ways : nil)
                return ReadinessCondition(
                    .evidence, item.verdict == .good ? .met : .unmet,
                    "\(earlier?.item.message ?? item.message) (run \(earlier?.run.run ?? run.run))"
                        + (item.verdict == .good ? "" : ways.map { "; \($0)" } ?? ""),
                    goodUntil: policy.notOlderThan.flatMap { age in item.made?.addingTimeInterval(age) },
                    command: item.verdict == .good ? nil : "almrun why \(run.run) \(gate.id)")
            }
        }
        let known = trail.evidence(asked: policy.stages, for: environment.name)
        return policy.stages.map { name in
            guard let newest = known.filter({ $0.answers(name) }).max(by: { $0.time < $1.time }) else {
                if let (run, item) = trail.failedEvidence(name, for: environment.name, now: now) {
                    return ReadinessCondition(
                        .evidence, .unmet, "\(item.message) (run \(run.run))",
                        command: item.step.map { "almrun why \(run.run) \($0)" })
                }
                return ReadinessCondition(
                    .evidence, .unmet,
                    "no run shows '\(name)' of it (\(trail.runs.count) run\(trail.runs.count == 1 ? "" : "s") of this package looked at)"
                        + (waysToBeShown(name).map { "; \($0)" } ?? ""))
            }
            let origin = "'\(newest.step)' of run \(newest.run) on \(Timestamp.text(of: newest.time))"
            if let age = policy.notOlderThan, now > newest.time.addingTimeInterval(age) {
                return ReadinessCondition(
                    .evidence, .unmet,
                    "what shows '\(name)' is too old: it was shown by \(origin), and may be \(policy.age ?? "") old")
            }
            if let mending = waysToBeShown(name) {
                return ReadinessCondition(
                    .evidence, .unmet,
                    "'\(name)' was shown by \(origin), which counts for a rollback; another run must show it itself, and "
                        + mending)
            }
            return ReadinessCondition(
                .evidence, .met, "'\(name)' was shown by \(origin)",
                goodUntil: policy.notOlderThan.map { newest.time.addingTimeInterval($0) })
        }
    }

    /// The gate whose own rule judges the evidence: of the open run, or of the newest that came to its end before it brought
    /// the package here and asked for the same.
    private func judge(of policy: EvidencePolicy) -> (RunState, Step)? {
        func isMeant(_ work: Step.Work, _: StepID) -> Bool { if case .gate(.evidence) = work { true } else { false } }
        if let open = openGate(where: isMeant) { return open }
        guard let found = endedGate(where: isMeant), found.1.work == .gate(.evidence(policy)) else { return nil }
        // What that run has nothing for, another one may show; taken up, it asks for it all the same.
        if wayOn?.run == found.0.run { return found }
        let items = EvidenceStanding(policy, step: found.1, in: found.0, now: now).items
        return items.contains { $0.verdict == .missing } ? nil : found
    }
}
