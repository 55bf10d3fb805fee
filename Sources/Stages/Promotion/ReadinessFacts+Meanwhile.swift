import Documents
import Engine
import Environments
import OrderedCollections
import Pipelines

/// A run that waits elsewhere, and in which something has failed before it came here, or that only comes to its end.
extension ReadinessFacts {
    /// Whether a run that has not ended comes here once what has failed in it is taken up, or once it has ended.
    func isTakenUpMeanwhile(_ run: RunState) -> Bool { !isComing(run) && waysMeanwhile(run) != nil }

    /// Whether a run that has not ended does nothing more but come to its end: a new one beside it would do again what it may
    /// have done.
    func isEnding(_ run: RunState) -> Bool {
        !run.status.isFinished && (run.isCleaningUp || run.cancelRequest != nil)
    }

    /// Whether what people said in a run counts for the way on: in another run it counts for nothing.
    func isWay(_ run: RunState) -> Bool {
        // One that was called off asks anew at every gate.
        guard !run.isCalledOff else { return false }
        return run.status.isFinished ? wayOn?.run == run.run : isComing(run) || isTakenUpMeanwhile(run)
    }

    /// How what has failed before the deployment here is taken up in a run that goes on elsewhere, or how it comes to its end
    /// first; nil where nothing has failed, and where only a new run helps.
    func waysMeanwhile(_ run: RunState) -> [String]? {
        guard !run.status.isFinished, run.brings(package.digest, to: environment.name) else { return nil }
        // It ends first, and is asked once more then.
        if isEnding(run) { return waysToEnd(of: run) }
        var bypasses: [String] = []
        var reruns: OrderedSet<StepID> = []
        var isHeld = false
        for step in steps(toward: run) {
            guard let known = run[step.id] else { continue }
            // A no stands until the run has ended; what nobody decided in time is asked again.
            if known.status == .rejected, run.isRerunnableNow(step.id) {
                isHeld = true
                reruns.append(step.id)
                continue
            }
            if known.status == .cancelled, run.isRerunnableNow(step.id) {
                isHeld = true
                if step.guarding == nil { reruns.append(step.id) }
                continue
            }
            // Somebody stopped it: a new run is no way around that.
            if run.refusal(at: step.id) != nil { return [show(run)] }
            if known.status == .rejected || known.status == .cancelled { return nil }
            guard known.status == .failed else { continue }
            isHeld = true
            guard case .gate = step.work else {
                // What it binds is what its file said when the run began.
                if known.failure?.code.hasPrefix("binding/") == true { return nil }
                reruns.append(step.id)
                continue
            }
            let given = run.bypasses(at: step)
            guard given.count < run.bypassPolicy(at: step).count else { continue }
            if !given.isEmpty {
                if run.overtaking(of: step) == nil { bypasses.append(run.bypassCommand(at: step)) }
                continue
            }
            let shows = step.needs.filter { $0.reason == .evidence && run.isRerunnableNow($0.step) }.map(\.step)
            if case .gate(.evidence) = step.work, shows.isEmpty {
                // Of what was not shown here a new run that shows it needs no bypass.
                let isShownAnew = known.failure?.code != "gate/bad-evidence" && canBeShownAnew
                guard !isShownAnew, run.whoMayBypass(step) != nil else { return nil }
                bypasses.append(run.bypassCommand(at: step))
            } else {
                reruns.formUnion(shows.isEmpty ? [step.guarding ?? step.id] : shows)
            }
        }
        guard isHeld else { return nil }
        // What was cancelled with another step is taken up with it.
        var named: [StepID] = []
        for step in reruns where (try? run.rerun(named).contains(step)) != true { named.append(step) }
        return bypasses + [run.resumeCommand(rerunning: named)]
    }

    private func show(_ run: RunState) -> String { "almrun show \(run.run)" }

    /// How a run of which `finally` stages work or wait, or that is being cancelled, comes to its end.
    private func waysToEnd(of run: RunState) -> [String] {
        // What one more person has to say of a gate that has failed can be said before.
        let bypasses = gates(of: run).compactMap { gate in
            run.pendingBypass(of: gate.id, now: now).flatMap { half in
                half.overtaking == nil && run[gate.id]?.status == .failed ? run.bypassCommand(at: gate) : nil
            }
        }
        // Nobody else takes up what a process works on.
        if atWork.contains(run.run) { return bypasses + [show(run)] }
        guard let step = run.uncertainSteps.first?.step else {
            return bypasses + [resumeNow(run, run.plan.steps)]
        }
        return bypasses + words(of: step, in: run)
    }

    /// How a person says of an effect in doubt what they found.
    func words(of step: Step, in run: RunState) -> [String] {
        run.words(of: step).map { run.saying($0.word, of: step) }
    }

    /// Whether the run itself may find out what became of an effect in doubt: of a command without a probe only a person can.
    func isToldByLooking(_ step: Step) -> Bool {
        guard step.work == .stage(ShellRun.description.kind), case .map(let members) = step.input else { return true }
        guard let probe = members["probe"] else { return false }
        // What an expression gives is not known here.
        guard let value = probe.literal else { return true }
        return value.list?.isEmpty == false
    }

    /// What is to be known of commands: of those by which people say what they found, by which two people bypass a gate, and by
    /// which a run begins.
    var remarks: [String: String] {
        var found: [String: String] = [:]
        for pipeline in pipelines { found[start(pipeline)] = remark(onStarting: pipeline) }
        for run in open + [ended].compactMap(\.self) {
            for step in steps(toward: run) {
                guard let impasse = run.impasse(at: step, now: now), impasse.command == run.plan.startCommand else {
                    continue
                }
                let also = found[impasse.command].map { "; \($0)" } ?? ""
                found[impasse.command] = impasse.condition + also
            }
            for gate in steps(toward: run) where run.bypassPolicy(at: gate).count > 1 && run.bypasses(at: gate).isEmpty
            {
                found[run.bypassCommand(at: gate)] = run.whoMayBypass(gate).map { "by \($0)" }
            }
        }
        for run in open + underWay.values.joined() {
            for (step, _) in run.uncertainSteps {
                for (word, remark) in run.words(of: step) { found[run.saying(word, of: step)] = remark }
            }
        }
        return found
    }

    /// What takes a run up, and does not wait for the next attempts of these steps.
    func resumeNow(_ run: RunState, _ steps: [Step]) -> String {
        run.resumeCommand(rerunning: steps.map(\.id).filter { run.wayToTryNow($0) != nil })
    }

    /// That somebody said no here in a run that is not the way on; one line each.
    var refusalsElsewhere: [String] {
        guard !isHere else { return [] }
        return trail.runs.filter { $0.run != wayOn?.run }.flatMap { run in
            refusals(in: run).map { "\(Self.text(of: $0)), in run \(run.run)" }
        }
    }

    /// What nos stand in a run at the gates here.
    func refusals(in run: RunState) -> [Decision] {
        gates(of: run).compactMap { run.refusal(at: $0.id) }
    }

    /// That the run which is the way on waits elsewhere meanwhile.
    var notesMeanwhile: [String] {
        guard !isHere, let run = openHere, let ways = waysMeanwhile(run), !isComing(run), !isEnding(run),
            ways != [show(run)], let first = run.waits.first?.step.id
        else { return [] }
        return [
            "run \(run.run) waits elsewhere, at '\(first)'; what has failed in it before '\(environment.name)' is taken up "
                + "meanwhile"
        ]
    }

    /// The deployment here and all that it needs, its own gates among them.
    ///
    /// - Parameter withEvidence: What shows something that a gate asks for, too: the gate waits until that has ended.
    func steps(toward run: RunState, withEvidence: Bool = false) -> [Step] {
        var needed = Set(deployments(of: run).map(\.id))
        for step in run.plan.steps.reversed() where needed.contains(step.id) {
            needed.formUnion(step.needs.filter { withEvidence || $0.reason != .evidence }.map(\.step))
        }
        return run.plan.steps.filter { needed.contains($0.id) }
    }
}

extension RunState {
    /// The command by which somebody says what became of an effect in doubt.
    fileprivate func saying(_ word: String, of step: Step) -> String {
        "almrun resume \(run) --assume \(step.id)=\(word)"
    }
}
