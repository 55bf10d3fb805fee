import Documents
public import Engine
import Environments
import Pipelines

/// The runs that would bring the package here.
extension ReadinessFacts {
    /// The deployments of the package here in a run, which may bring others here too; where none is surely of it, those of
    /// which that is not known yet.
    func deployments(of run: RunState) -> [Step] {
        let all = run.plan.steps.filter { $0.environment == environment.name && $0.locksEnvironment }
            .map { ($0, package: run.binding(of: $0).package ?? run.package(of: $0)) }
        let own = all.filter { $0.package == package.digest }
        return (own.isEmpty ? all.filter { $0.package == nil } : own).map(\.0)
    }

    /// The steps here that stand before a deployment of the package in a run, or before none.
    func gates(of run: RunState) -> [Step] {
        let deployments = Set(deployments(of: run).map(\.id))
        return run.plan.steps.filter { step in
            step.environment == environment.name && step.guarding.map(deployments.contains) != false
        }
    }

    /// The newest open run that takes this package here, with the gate.
    func openGate(where isMeant: (Step.Work, StepID) -> Bool) -> (RunState, Step)? {
        for run in open {
            if let gate = gates(of: run).first(where: { isMeant($0.work, $0.id) }) { return (run, gate) }
        }
        return nil
    }

    /// The run that would bring the package here, came to its end without, and needs the least: the newest of those that only
    /// have to be taken up, otherwise the newest of all; nil for one that cannot be taken up.
    var ended: RunState? {
        let kept = resumable
        if let least = kept.first(where: needsOnlyResume) { return least }
        guard let newest = trail.ended(before: environment.name), faults[newest.run] == nil else { return nil }
        // Beside one that somebody has begun to open, another one that only a bypass opens would be begun in vain.
        if unshownGate(of: newest) != nil, let half = kept.first(where: isHalfOpened) { return half }
        // Of one that was cancelled or rejected nothing counts any more.
        let isKept = newest.status == .failed || newest.isInterrupted
        return (isKept ? nil : kept.first(where: isOpened)) ?? newest.facing(present[newest.run] ?? [:])
    }

    /// The runs that failed or were interrupted before they brought the package here, and keep what people said; newest first.
    var resumable: [RunState] {
        trail.resumable(to: environment.name).filter { faults[$0.run] == nil }.map {
            $0.facing(present[$0.run] ?? [:])
        }
    }

    /// Whether people have opened each gate at which a run failed, and nothing has changed since.
    private func isOpened(_ run: RunState) -> Bool {
        let opened = Set(run.bypassedFailures.map(\.id))
        let asked = run.failedGatesToBypass(now: now)
        return !asked.isEmpty && asked.allSatisfy { opened.contains($0.id) }
    }

    /// Whether one more person opens a gate on the way at which a run failed, whatever else failed in it.
    private func isHalfOpened(_ run: RunState) -> Bool {
        gates(of: run).contains { run.pendingBypass(of: $0.id, now: now)?.isCompletable == true }
    }

    /// Whether a run asks nobody when it is taken up, and nothing is known that would end it again.
    func needsOnlyResume(_ run: RunState) -> Bool {
        guard run.status.isFinished else { return isDecided(run) }
        guard run.status == .failed || run.isInterrupted else { return false }
        let own = gates(of: run)
        let approvals = own.filter { if case .gate(.approval) = $0.work { true } else { false } }
        let opened = Set(run.bypassedFailures.map(\.id))
        guard !approvals.isEmpty || !opened.isEmpty, approvals.allSatisfy({ keeps(run, $0) }) else { return false }
        let areOpen = own.allSatisfy { gate in
            guard case .gate(.evidence(let policy)) = gate.work, !opened.contains(gate.id),
                run[gate.id]?.output?["bypassedBy"] == nil
            else { return true }
            return EvidenceStanding(policy, step: gate, in: run, now: now).isMet
        }
        return areOpen
            && run.plan.steps.allSatisfy { step in
                guard let known = run[step.id], known.status == .failed else { return true }
                if case .gate = step.work { return opened.contains(step.id) && drift(of: run, at: step).isEmpty }
                return known.failure.map { $0.kind != .rejected && !$0.code.hasPrefix("binding/") } ?? true
            }
    }

    /// Whether people have said all that a run which has not ended asks before it comes here, and nothing of it is to be mended
    /// or looked at first.
    private func isDecided(_ run: RunState) -> Bool {
        guard !isEnding(run), !isHeldBack(run), run.queue.map(isHeldUp) != true else { return false }
        let own = gates(of: run)
        let approvals = own.compactMap { gate -> (gate: Step, policy: ApprovalPolicy)? in
            if case .gate(.approval(let policy)) = gate.work { (gate, policy) } else { nil }
        }
        let isOpened = own.contains { gate in
            let bypasses = run.bypasses(at: gate)
            return !bypasses.isEmpty && bypasses.count >= run.bypassPolicy(at: gate).count
        }
        // Where nobody has said anything, the newest run is as near as any.
        guard !approvals.isEmpty || isOpened,
            isComing(run)
                ? steps(toward: run).allSatisfy({ goesOn($0, in: run) })
                : waysMeanwhile(run) == ["almrun resume \(run.run)"]
        else { return false }
        return approvals.allSatisfy { asked($0.policy, run, $0.gate).standing == .met }
    }

    /// Whether something before the deployment of a run waits for a time, that nobody has opened without.
    func waitsForTime(_ run: RunState) -> Bool {
        guard !run.status.isFinished else { return false }
        return steps(toward: run).contains { step in
            guard let known = run[step.id] else { return false }
            if known.status == .retrying { return true }
            guard known.status == .waiting, case .until? = known.suspension?.cause else { return false }
            return run.settlement(of: step, now: now)?.opens != true
        }
    }

    /// Whether nobody has to do or say anything before a step of a run that has not ended comes to its end.
    private func goesOn(_ step: Step, in run: RunState) -> Bool {
        guard let known = run[step.id] else { return false }
        switch known.status {
        case .succeeded, .reused, .skipped, .retrying: return true
        case .running: return atWork.contains(run.run) || step.effect != .once
        case .pending: return !known.mayHaveTakenEffect && !asksAhead(step, in: run)
        case .waiting:
            guard case .gate(.approval) = step.work else { return known.suspension?.cause != .uncertainEffect }
            return run.settlement(of: step, now: now)?.carriesOn == true
        case .failed, .rejected, .cancelled, .blocked, .uncertain: return false
        }
    }

    /// Whether a step is a gate whose turn has not come, and that will ask people then.
    private func asksAhead(_ step: Step, in run: RunState) -> Bool {
        guard case .gate(.approval) = step.work else { return false }
        return switch run.standing(of: step, now: now) {
        case .approved?, .bypassed?: false
        default: true
        }
    }

    /// Whether what people said at a gate stands, also where another gate has shut before it.
    func keeps(_ run: RunState, _ gate: Step) -> Bool {
        guard drift(of: run, at: gate).isEmpty else { return false }
        if run[gate.id]?.status == .succeeded { return true }
        guard run[gate.id]?.status == .blocked else { return false }
        return switch run.standing(of: gate, now: now) {
        case .approved?, .bypassed?: true
        default: false
        }
    }

    /// Who opened a gate, as far as that stands.
    func openers(of gate: Step, in run: RunState) -> (word: String, people: String) {
        let output = run[gate.id]?.output
        if let bypass = output?["bypassedBy"]?.string { return ("bypassed", bypass) }
        if let approved = output?["approvedBy"]?.list {
            return ("given", approved.compactMap(\.string).joined(separator: ", "))
        }
        return switch run.standing(of: gate, now: now) {
        case .approved(let given)?: ("given", given.map(\.person).joined(separator: ", "))
        case .bypassed(let given)?: ("bypassed", given.map(\.person).joined(separator: ", "))
        default: ("given", "")
        }
    }

    /// A gate of that run.
    func endedGate(where isMeant: (Step.Work, StepID) -> Bool) -> (RunState, Step)? {
        guard !isRollback, let run = ended else { return nil }
        return gates(of: run).first { isMeant($0.work, $0.id) }.map { (run, $0) }
    }
}

extension PackageTrail {
    /// The runs that failed or were interrupted before they brought the package to an environment, newest first.
    public func resumable(to name: String) -> [RunState] {
        runs.filter { ($0.status == .failed || $0.isInterrupted) && $0.brings(digest, to: name) }
    }
}

extension RunState {
    /// Whether it ended by a signal to its process: what people decided in it stands.
    var isInterrupted: Bool { status == .cancelled && cancelRequest?.isInterruption == true }
}
