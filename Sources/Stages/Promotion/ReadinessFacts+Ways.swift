import Documents
public import Engine
import Environments
import Pipelines

/// What to do next, and whose files it is judged by.
extension ReadinessFacts {
    func commands(_ conditions: [ReadinessCondition]) -> [String] {
        guard !isHere, !isRollback || openRollback != nil else { return [] }
        let never = conditions.filter { $0.standing == .never }
        // What only a rollback replaces.
        if !isRollback, let rollback, never.count == 1, never.first?.command == rollback { return [rollback] }
        guard never.isEmpty else { return [] }
        // Where an environment before would refuse it, what opens that comes first.
        let first = conditions.filter { [.version, .soak].contains($0.kind) && $0.standing == .unmet }
            .compactMap(\.command)
        let way = way
        // Who asks for it makes a run that waits for good.
        if way.run == nil, isNewRunInVain { return [] }
        // What is said about a package that cannot be read is refused, and a run that is taken up fails there.
        if conditions.contains(where: { $0.kind == .package && $0.standing == .unmet }) {
            let goesOn = way.run.map(isEnding) ?? true
            return ["almrun doctor"] + (goesOn ? first + way.commands : [])
        }
        return first + way.commands + bypassesToCome(conditions)
    }

    /// The run that is named as the way on, and goes by the files with which it began; nil where that is a new one.
    public var wayOn: RunState? { isHere || (isRollback && openRollback == nil) ? nil : way.run }

    /// Whether a new run of a pipeline is the way on, whose gates leave people out.
    public var asksForNewRun: Bool {
        begun == nil && !isRollback && !isHere && !isOlder
            && environment.gates.approvals.contains { !$0.distinctFrom.isEmpty } && wayOn == nil
    }

    /// Whether the way on begins with a whole new run, with taking other environments back, or with a bypass.
    public var isRoundabout: Bool {
        guard let run = wayOn, !isUnderWay(run) else { return true }
        return !placeConditions.isEmpty || halfBypass?.run.run == run.run
    }

    /// How it comes here, where nothing else stands in the way, with the run that is taken up; no run where a new one is made.
    var way: (run: RunState?, commands: [String]) {
        if let (run, commands) = halfBypass, !hasWayWithoutBypass(beside: run) { return (run, commands) }
        if let run = open.first(where: { $0.brings(package.digest, to: environment.name) }), run.status == .failed {
            let bypasses = run.failedGatesToBypass(now: now).compactMap { gate in
                (run.pendingBypass(of: gate.id, now: now) ?? run.wantedBypass(of: gate.id, now: now)).map {
                    run.bypassCommand(at: $0.step)
                }
            }
            return (run, bypasses + ["almrun resume \(run.run)"])
        }
        if let open = openHere { return way(open) }
        let faulty = trail.open.filter { faults[$0.run] != nil }.map { "almrun verify \($0.run)" }
        // A newer run has taken the place of one that was superseded, for good.
        if let ended, let newer = ended.cancelRequest?.newerRun, !outlived.contains(ended.run) {
            return (nil, faulty + ["almrun show \(newer)"])
        }
        // What somebody ended is not taken up beside what is under way for the same.
        if let ended, [.cancelled, .rejected].contains(ended.status), !ended.isInterrupted,
            let run = runUnderWay(ended.plan.pipeline)
        {
            return way(run)
        }
        // What has succeeded goes on no more.
        if let ended = endedToTakeUp, ended.status != .succeeded {
            guard !isStuck(ended) else {
                let (run, commands) = again(ended)
                return (run, faulty + commands)
            }
            return (ended, faulty + (waysPastUnshown(in: ended) ?? [ended.resumeCommand]))
        }
        // What has failed here in a run that waits elsewhere would fail again.
        let failsAgain = open.contains { unshownGate(of: $0) != nil }
        let some = starters.filter { isBound($0) && mayMakeIt($0) && (!failsAgain || unshown(by: $0).isEmpty) }
        let (run, commands) = beginning(some)
        return (run, faulty + commands)
    }

    /// What begins one of these pipelines: the run of one that is under way for the same is carried on, and a new one is made where
    /// there is none.
    private func beginning(_ pipelines: [String]) -> (run: RunState?, commands: [String]) {
        guard let run = pipelines.lazy.compactMap(runUnderWay).first else { return (nil, pipelines.map(start)) }
        return way(run)
    }

    /// How a run that waits goes on.
    private func way(_ open: RunState) -> (run: RunState?, commands: [String]) {
        // Nobody else takes up what a process works on.
        if atWork.contains(open.run) { return (open, ["almrun show \(open.run)"]) }
        if !isComing(open) || isEnding(open), let commands = waysMeanwhile(open) { return (open, commands) }
        let resume = "almrun resume \(open.run)"
        if let queue = open.queue, isHeldUp(by: queue) {
            return (open, release(of: queue, before: open).map { [$0, resume] } ?? ["almrun show \(queue.holder)"])
        }
        let needed = Set(steps(toward: open, withEvidence: true).map(\.id))
        if let step = open.uncertainSteps.first(where: { needed.contains($0.step.id) })?.step {
            return (open, words(of: step, in: open) + (isToldByLooking(step) ? [resume] : []))
        }
        // Taken up, it would only end; where a bypass was begun, one more brings it about.
        if let lapsed = deployments(of: open).first.flatMap({ open.lapsedEvidence(beside: $0, now: now) }) {
            return isStuck(open) ? again(open) : (open, withApprovals(lapsed.commands, needed, in: open))
        }
        // What is asked on the way to another environment is not decided for this one.
        let questions = open.openQuestions(now: now).filter { needed.contains($0.step.id) }
        let waits = open.waits.count { needed.contains($0.step.id) }
        // Where people are asked, taking the run up alone brings it no further.
        let isAsking = !questions.isEmpty && waits == questions.count
        guard isAsking, let first = questions.first else {
            return (open, [resumeNow(open, steps(toward: open, withEvidence: true))])
        }
        let command = open.impasse(at: first.step, now: now)?.command
        // What is said before the run asks anew is refused.
        if open.overtaking(of: first.step) != nil {
            return (open, [resume] + (command == nil ? [approval(open, first.step), resume] : []))
        }
        if deadlock(of: open) != nil { return again(open) }
        if command == open.plan.startCommand { return (open, [open.plan.startCommand]) }
        return (open, [command ?? approval(open, first.step), resume])
    }

    /// What goes past evidence that has run out, and before the run is taken up what it asks beside right now: it would only
    /// wait for that.
    private func withApprovals(_ commands: [String], _ needed: Set<StepID>, in run: RunState) -> [String] {
        let resume = "almrun resume \(run.run)"
        guard commands.count > 1, commands.last == resume else { return commands }
        let asked = run.openQuestions(now: now).map(\.step).filter { gate in
            needed.contains(gate.id) && run.overtaking(of: gate) == nil && drift(of: run, at: gate).isEmpty
        }
        let answers = asked.map { run.impasse(at: $0, now: now)?.command ?? approval(run, $0) }
        return commands.dropLast() + answers.filter { !commands.contains($0) } + [resume]
    }

    /// The run that has ended and is taken up, where that is a way; nil where a new one is.
    var endedToTakeUp: RunState? {
        guard let ended, isTakenUp(ended) else { return nil }
        // A run without a stage for what is asked for never shows it; where no new one has such a stage, it is as near as any.
        return ended.failed(onlyBy: "gate/no-evidence") && waysPastUnshown(in: ended) == nil ? nil : ended
    }

    /// How a run that has failed goes past a gate on the way here for which no pipeline shows all: by a bypass alone, and not at all
    /// where nobody may bypass it; nil where a new run shows what it asks for, or nothing of that kind is the matter.
    private func waysPastUnshown(in run: RunState) -> [String]? {
        guard let gate = unshownGate(of: run) ?? gateToBypass(in: run) else { return nil }
        guard run.whoMayBypass(gate) != nil else { return [] }
        let resume = "almrun resume \(run.run)"
        // What is said before the run asks anew is refused.
        return run.overtaking(of: gate) == nil && !run.isCalledOff ? [run.bypassCommand(at: gate), resume] : [resume]
    }

    /// Whether a new run shows what a failed one lacks: nobody has to bypass anything then.
    private func hasWayWithoutBypass(beside run: RunState) -> Bool {
        guard ["gate/no-evidence", "gate/old-evidence"].contains(where: run.failed(onlyBy:)) else { return false }
        return pipelines.contains { pipeline in
            showsAll(pipeline) && isBound(pipeline) && obstacles(toNew: pipeline).isEmpty
        }
    }

    /// That a bypass was begun in a run which is not the way on; none otherwise.
    var bypassesBegun: [String] {
        guard let run = halfBypass?.run, wayOn?.run != run.run else { return [] }
        return gates(of: run).compactMap { gate in
            run.pendingBypass(of: gate.id, now: now).map { "'\(gate.id)' of run \(run.run), which failed: \($0.text)" }
        }
    }

    /// Whether a newer version is here, or another content of the same one.
    public var isOlder: Bool { versionCondition.standing == .never }

    /// The command that brings back a package that was verified here and is not here now; nil where none does.
    public var rollback: String? {
        guard let solution = package.solution, let version = package.version,
            let choice = try? RollbackChoice(
                in: here, environment: environment.name, solution: solution, version: version),
            choice.target.digest == package.digest
        else { return nil }
        return RollbackChoice.command(environment.name, to: version, solution: solution)
    }

    /// Whether a run comes here no more, and only a new one does: what it shows is too old, or it keeps wrong bindings.
    func isStuck(_ run: RunState) -> Bool {
        if run.status.isFinished {
            return
                (run.failed(onlyBy: "gate/old-evidence") && unshownGate(of: run) == nil
                && gateToBypass(in: run) == nil)
                || run.hasFailedToBind
                || (run.failed(onlyBy: "gate/replaced-too-early") && wasReplacedTooEarly && wayBack == nil)
                || (!isRollback && gates(of: run).contains { isOutdated($0, in: run) })
        }
        let lapsed = deployments(of: run).first.flatMap { run.lapsedEvidence(beside: $0, now: now) }
        guard let lapsed else { return false }
        guard case .evidence(let id) = lapsed.cause, let gate = run.planned(id) else { return !isRollback }
        return !isRollback && run.pendingBypass(of: id, now: now) == nil && !isUnshown(at: gate, in: run)
            && !isBypassNearer(at: gate, in: run)
    }

    /// Whether people who may bypass a gate are nearer than a new run, which other environments would refuse, or which may make
    /// another package.
    private func isBypassNearer(at gate: Step, in run: RunState) -> Bool {
        run.whoMayBypass(gate) != nil
            && pipelines.allSatisfy {
                otherContent[$0] != nil || makersOfAnother[$0] != nil || !obstacles(toNew: $0).isEmpty
            }
    }

    /// The gate at which a run has failed for old evidence, and that people are nearer to open than a new run is; nil for another
    /// run.
    private func gateToBypass(in run: RunState) -> Step? {
        guard !isRollback, run.failed(onlyBy: "gate/old-evidence") else { return nil }
        return steps(toward: run).first {
            run[$0.id]?.failure?.code == "gate/old-evidence" && isBypassNearer(at: $0, in: run)
        }
    }

    /// Whether a gate at which a run that has ended did not fail would fail once it is taken up, as what showed something is too
    /// old by now, and a new run shows it.
    private func isOutdated(_ gate: Step, in run: RunState) -> Bool {
        guard case .gate(.evidence(let policy)) = gate.work, plan?.action != .nothing,
            run[gate.id]?.status != .failed, run[gate.id]?.output?["bypassedBy"] == nil,
            run.bypasses(at: gate).isEmpty, canBeShownAnew
        else { return false }
        return EvidenceStanding(policy, step: gate, in: run, now: now).items.contains { $0.verdict == .old }
    }

    /// Whether it has not stayed long enough in the environment before, and is not there any more.
    private var wasReplacedTooEarly: Bool {
        originConditions.contains { $0.kind == .soak && $0.standing == .unmet && $0.notBefore == nil }
    }

    /// How one more person opens a failed gate that somebody has bypassed.
    private var halfBypass: (run: RunState, commands: [String])? {
        guard open.isEmpty, !isRollback, let run = ended,
            let half = gates(of: run).lazy.compactMap({ run.pendingBypass(of: $0.id, now: now) }).first
        else { return nil }
        let bypass = half.overtaking == nil ? [run.bypassCommand(at: half.step)] : []
        return (run, bypass + ["almrun resume \(run.run)"])
    }

    /// The command that starts the same anew.
    private func again(_ run: RunState) -> (run: RunState?, commands: [String]) {
        // Another rollback has no stage either that could show anything.
        let gate = run.plan.steps.first { run[$0.id]?.status == .failed }
        if run.plan.isRollback, let gate {
            return (run, [run.overtaking(of: gate) == nil ? run.bypassCommand(at: gate) : "almrun resume \(run.run)"])
        }
        return beginning(pipelines(insteadOf: run).filter { isBound($0) && mayMakeIt($0) })
    }

    /// The command that approves at a gate.
    func approval(_ run: RunState, _ gate: Step) -> String {
        "almrun approve \(run.run) \(gate.id)\(gate.wantsSignature ? " --sign ~/.ssh/id_ed25519" : "")"
    }

    func start(_ pipeline: String) -> String { "almrun run \(shellWord(pipeline))\(arguments[pipeline] ?? "")" }
}

extension RunState {
    /// Whether it keeps an environment's file that does not bind the package.
    fileprivate var hasFailedToBind: Bool {
        steps.contains { $0.status == .failed && $0.failure?.code.hasPrefix("binding/") == true }
    }

    /// Whether it failed only at gates that nobody bypassed, with this code: what they ask for it cannot show anew.
    func failed(onlyBy code: String) -> Bool {
        let failed = plan.steps.filter { self[$0.id]?.status == .failed }
        return status == .failed && !failed.isEmpty
            && failed.allSatisfy { step in
                let bypasses = bypasses(at: step)
                return self[step.id]?.failure?.code == code
                    && (bypasses.isEmpty || bypasses.count < bypassPolicy(at: step).count)
            }
    }
}
