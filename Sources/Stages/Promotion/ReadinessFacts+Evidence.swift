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
                    run.waysPastWord(at: gate) ?? waysToShow(item.name, at: gate, in: run, isLapsed: lapsed != nil)
                    ?? lapsed?.ways
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

    /// The gate here at which a run failed for want of what no pipeline shows, or shows anew, and that too few people have
    /// bypassed; nil where there is none.
    func unshownGate(of run: RunState) -> Step? {
        guard run.status == .failed || !run.status.isFinished, !run.plan.isRollback else { return nil }
        return run.plan.steps.first { gate in
            let code = run[gate.id]?.failure?.code
            return gate.environment == environment.name && (code == "gate/no-evidence" || code == "gate/old-evidence")
                && run.bypasses(at: gate).count < run.bypassPolicy(at: gate).count && isUnshown(at: gate, in: run)
        }
    }

    /// Whether a gate asks for something that neither its run shows nor a new one would.
    func isUnshown(at gate: Step, in run: RunState) -> Bool {
        guard case .gate(.evidence(let policy)) = gate.work else { return false }
        return EvidenceStanding(policy, step: gate, in: run, now: now).items.contains {
            ($0.verdict == .missing || $0.verdict == .old) && waysToBeShown($0.name) != nil
        }
    }

    /// What brings about what a gate of a run asks for and no pipeline shows; nil where one does.
    private func waysToShow(_ name: String, at gate: Step, in run: RunState, isLapsed: Bool) -> String? {
        // What enough people have opened needs nothing more.
        guard run.bypasses(at: gate).count < run.bypassPolicy(at: gate).count, let mending = waysToBeShown(name) else {
            return nil
        }
        let isFailed = run[gate.id]?.status == .failed && run.cancelRequest == nil
        return mending + (isFailed || isLapsed ? run.bypassCommand(ofFailed: gate).map { "; or \($0)" } ?? "" : "")
    }

    /// That no new run shows what is asked for, and what must be changed so that one does: a stage be connected with the package,
    /// or one be added; nil where a pipeline has such a stage, or where that is not known.
    private func waysToBeShown(_ name: String) -> String? {
        guard !isRollback, !pipelines.isEmpty, pipelines.allSatisfy({ unshown(by: $0).contains(name) }) else {
            return nil
        }
        for pipeline in pipelines {
            guard let found = unconnected[pipeline]?[name] else { continue }
            return
                "a new run of pipeline '\(pipeline)' would not show it either: nothing there says that '\(found.stage)' is "
                + "about the package; give it the package, or let '\(found.maker)', which makes the package, need it "
                + "(needs: [\(found.stage)])"
        }
        return "no pipeline that promotes to '\(environment.name)' has a stage for it: one must be added"
    }

    /// What the environment asks for and a pipeline has no stage for that is connected with the package.
    func unshown(by pipeline: String) -> [String] {
        guard let shown = shown[pipeline], let policy = environment.gates.evidence else { return [] }
        return policy.stages.filter { !shown.contains($0) }
    }
}
