public import Pipelines

import struct Foundation.Date

extension RunState {
    /// The steps that are done again when a person names these: each with its own gates that ended badly, and with what was
    /// cancelled with it before it could begin.
    ///
    /// Throws a ``Refusal`` for the first name that means nothing that ended badly, or that comes after what is not done
    /// again; none for no names.
    ///
    /// - Parameter assumed: Those of which somebody says what they did, so that nothing has to come before.
    public func rerun(_ names: [StepID], assumed: [StepID] = []) throws(Refusal) -> [StepID] {
        var again: [StepID] = []
        for name in names {
            guard let known = self[name] else {
                throw Refusal(
                    "run/unknown-step", "run '\(run)' has no step '\(name)'", notes: rerunNotes)
            }
            // It is done again anyway, and only the time changes.
            if known.status == .retrying { continue }
            guard status.isFinished || isRerunnableNow(name) else {
                throw Refusal(
                    "run/not-ended", "run '\(run)' has not ended: it is \(status.rawValue)",
                    notes: (known.status == .blocked ? ["'\(name)' \(why(notRerun: known))"] : [])
                        + [note(notRerunNow: name)])
            }
            let gates = badGates(of: name)
            // Nobody knows what it gives or shows; whether it happened is looked for anew.
            if known.isAssumedDone {
                guard status != .succeeded else {
                    throw Refusal(
                        "run/not-failed", "'\(name)' counts as done, and the run has succeeded",
                        notes: ["what succeeded is not taken up again: a new run does what was not done"])
                }
                for step in [name] + failedWithoutOutputs(of: name) + failedGates(asking: name) + doneAnew(behind: name)
                where !again.contains(step) { again.append(step) }
                continue
            }
            guard known.status.endedBadly || (known.status == .blocked && !gates.isEmpty) else {
                throw Refusal(
                    "run/not-failed", "step '\(name)' did not end badly: it \(why(notRerun: known))",
                    notes: rerunNotes)
            }
            // A gate that failed because of it is asked again too: what it said of it is not true any more.
            let own = known.status.endedBadly ? [name] + failedGates(asking: name) : []
            for step in gates + own where !again.contains(step) { again.append(step) }
        }
        again = cancelledApprovals(before: Set(again)).filter { !again.contains($0) } + again
        let stopped = stopped(with: again)
        let all = cancelledApprovals(before: Set(stopped)).filter { !(again + stopped).contains($0) } + again + stopped
        for name in names where !assumed.contains(name) {
            let first = obstacles(before: name, doing: all)
            guard let next = first.first, let known = self[next] else { continue }
            let way = resumeCommand(rerunning: first + names)
            let isTaken = status.isFinished || first.allSatisfy(isRerunnableNow)
            throw Refusal(
                "run/not-failed",
                "'\(name)' comes after '\(next)', which is \(known.status.rawValue) and is not done again",
                notes: [
                    isTaken
                        ? "`\(way)` takes up all of it"
                        : "once the run has ended, `almrun resume \(run)` takes up all of it"
                ])
        }
        return all
    }

    /// The command that takes the run up, and has these done again by name.
    public func resumeCommand(rerunning steps: [StepID]) -> String {
        "almrun resume \(run)" + steps.map { " --rerun \($0)" }.joined()
    }

    /// All that has to be done again besides these before a step can begin, in the order in which it is.
    private func obstacles(before name: StepID, doing all: [StepID]) -> [StepID] {
        let stage = planned(name)?.guarding ?? name
        var doing = Set(all)
        var found: [StepID] = []
        while let first = obstacles(doing: doing)[name] {
            var next = [first]
            // The gates of another stage are asked again with it.
            if let guarded = planned(first)?.guarding, guarded != stage { next = [guarded] + badGates(of: guarded) }
            found.append(next[0])
            doing.formUnion(next)
            doing.formUnion(stopped(with: Array(doing)))
        }
        return found
    }

    /// By each step that cannot begin, also if what ended badly were done again with just these besides: the first step before
    /// it that ended badly and is not.
    public func obstacles(doing all: Set<StepID> = []) -> [StepID: StepID] {
        var first: [StepID: StepID] = [:]
        // The needs of a step come before it.
        for (step, known) in zip(plan.steps, steps)
        where !step.isFinally && (all.contains(step.id) || known.status.blocks || !known.status.isSettled) {
            for need in needs(of: step) where need.reason != .evidence && first[step.id] == nil {
                first[step.id] = first[need.step]
                guard first[step.id] == nil, !all.contains(need.step), let status = self[need.step]?.status,
                    status.endedBadly
                else { continue }
                // An approval that was cancelled is named with what comes after it.
                if status == .cancelled, case .gate? = planned(need.step)?.work { continue }
                first[step.id] = need.step
            }
        }
        return first
    }

    /// The gates of a stage that ended badly.
    private func badGates(of stage: StepID) -> [StepID] {
        (gates[stage] ?? []).filter { steps[$0].status.endedBadly }.map { plan.steps[$0].id }
    }

    /// Whether a stage was cancelled and comes after no other one that was: what comes after it is taken up with it.
    public func isFirstCancelled(_ step: Step) -> Bool {
        guard case .stage = step.work, self[step.id]?.status == .cancelled else { return false }
        let needs = ([step] + (gates[step.id] ?? []).map { plan.steps[$0] }).flatMap(\.needs)
        return !needs.contains { need in
            guard let stage = planned(need.step), case .stage = stage.work else { return false }
            return self[need.step]?.status == .cancelled
        }
    }

    /// Whether a step has failed, by itself or at a gate of its own, was cancelled, asked for too long, or counts as done on
    /// a person's word alone, in a run that goes on elsewhere. A no stands until that has ended.
    public func isRerunnableNow(_ name: StepID) -> Bool {
        guard cancelRequest == nil, let number = index[name] else { return false }
        if isCleaningUp, !plan.steps[number].isFinally { return false }
        let gates = (gates[name] ?? []).map { steps[$0] }
        guard !gates.contains(where: \.isRefused) else { return false }
        return switch steps[number].status {
        case .failed, .cancelled: true
        case .rejected: !steps[number].isRefused
        case .succeeded: steps[number].isAssumedDone && goneOn(after: name) == nil
        case .blocked: gates.contains { $0.status == .failed || $0.status == .rejected }
        default: false
        }
    }

    /// The no that stands at a gate of which it is the end; nil at another.
    public func refusal(at gate: StepID) -> Decision? {
        guard let known = self[gate], known.isRefused else { return nil }
        return known.decisions.last { $0.verdict == .reject && $0.round == known.round }
    }

    /// Whether a `finally` stage of a run that has not ended has begun: nothing of what it tells or tears down is begun again
    /// before it has ended.
    public var isCleaningUp: Bool {
        !status.isFinished && cleanup.contains { steps[$0].began != nil || steps[$0].status.isSettled }
    }

    /// The first of what comes after a step that counts as done and has taken effect, asks people or was approved, so that the
    /// step cannot be taken back before the run has ended; nil where it can.
    private func goneOn(after name: StepID) -> StepID? {
        guard self[name]?.isAssumedDone == true else { return nil }
        return behind(name).first { step, known in
            switch (step.work, known.status) {
            case (_, .pending), (_, .blocked), (_, .skipped), (.gate, .failed): return false
            case (.gate(.approval), _): return true
            default: return !known.status.isGood || !step.leavesNoTrace || step.locksEnvironment
            }
        }?.step.id
    }

    /// What took effect and comes after a step that counts as done: nothing of it is undone where that is taken back.
    func effects(behind name: StepID) -> [StepID] {
        guard self[name]?.isAssumedDone == true else { return [] }
        let anew = doneAnew(behind: name)
        return behind(name).filter { step, known in
            known.status.isGood && !step.leavesNoTrace && !anew.contains(step.id) && stays(step, behind: name)
        }.map(\.step.id)
    }

    /// Whether a step is not done once more with a run that has ended, as what is to come after everything is.
    private func stays(_ step: Step, behind name: StepID) -> Bool {
        !step.isFinally || planned(name)?.isFinally == true
    }

    /// What becomes of that which comes after a step that counts as done, where that is taken back; nil where nothing does.
    func remark(onTakingBack name: StepID) -> String? {
        func list(_ steps: [StepID]) -> String { steps.map { "'\($0)'" }.joined(separator: ", ") }
        let anew = doneAnew(behind: name).filter { id in
            guard case .stage? = planned(id)?.work else { return false }
            return self[id]?.status != .skipped
        }
        let stays = effects(behind: name)
        let parts = [
            anew.isEmpty ? nil : "\(list(anew)), which came after it, \(anew.count == 1 ? "is" : "are") done again",
            stays.isEmpty
                ? nil
                : "\(list(stays)), which came after it, took effect and \(stays.count == 1 ? "stays, and shows" : "stay, and show")"
                    + " nothing at a gate where '\(name)' is done only now",
        ].compactMap(\.self)
        return parts.isEmpty ? nil : "'\(name)' is looked for; " + parts.joined(separator: "; ")
    }

    /// What comes after a step that counts as done, and is done again where that is taken back: what does no harm by its own
    /// declaration, what was left out, and the gates of what has not ended well. What it found or showed was found without
    /// that step, as far as anybody knows. What is repeatable does no harm in its place, and is not done again behind what
    /// stays.
    func doneAnew(behind name: StepID) -> [StepID] {
        guard let first = planned(name), self[name]?.isAssumedDone == true else { return [] }
        let after = following(name) { $0.reason != .evidence }
        var beforeWhatStays: Set<StepID> = []
        // What a step needs lies before it in the plan.
        for (step, known) in zip(plan.steps, steps).reversed() {
            let stays = known.status.isGood && step.effect == .once && stays(step, behind: name)
            guard stays || beforeWhatStays.contains(step.id) else { continue }
            beforeWhatStays.formUnion(step.needs.filter { $0.reason != .evidence }.map(\.step))
        }
        return behind(name).filter { step, known in
            guard after.contains(step.id), !step.isFinally || first.isFinally else { return false }
            guard known.status.isGood else { return known.status == .skipped }
            guard case .gate = step.work else {
                return !known.isAssumedDone && step.effect != .once && !step.locksEnvironment
                    && (step.leavesNoTrace || !beforeWhatStays.contains(step.id))
            }
            // What has failed is not done again with it, and asks anew when it is.
            if let held = step.guarding.flatMap({ self[$0]?.status }) { return !held.isGood && held != .failed }
            return behind(step.id).contains { !$0.step.isFinally && !$0.known.status.isGood }
        }.map(\.step.id)
    }

    /// The gates that have failed in a run that goes on elsewhere, that people have opened since, and that nothing before
    /// them holds back.
    public var openedMeanwhile: [StepID] {
        let opened = status.isFinished || isCleaningUp ? [] : bypassedFailures.map(\.id)
        guard !opened.isEmpty else { return [] }
        let obstacles = obstacles(doing: Set(opened))
        return opened.filter { obstacles[$0] == nil }
    }

    /// What takes a run up past a gate that has failed and that people have opened.
    public func way(pastOpened gate: StepID) -> String {
        let resume = "`almrun resume \(run)` carries on"
        if isCleaningUp { return "once the run has ended, \(resume)" }
        guard !status.isFinished, let first = obstacles()[gate] else { return resume }
        return "once '\(first)', which comes before it, is done again, \(resume)"
    }

    /// The gates to be asked anew of which what they hold has come to an end that stays, as other stages alone are done
    /// again: they ask when it is.
    ///
    /// - Parameter named: What is done again; nothing for all.
    func gatesLeftOut(doing named: [StepID]) -> [StepID] {
        let obstacles = obstacles()
        return zip(plan.steps, steps).filter { gate, known in
            guard case .gate = gate.work, known.status == .pending, known.restarts[known.round] != nil else {
                return false
            }
            let held = gate.guarding.flatMap { self[$0]?.status }
            if held == .cancelled { return true }
            // One that comes after such a step is blocked by it.
            guard obstacles[gate.id] == nil else { return false }
            if let held, let guarded = gate.guarding {
                return obstacles[guarded] != nil || held.isSettled && held != .skipped
            }
            let stages = behind(gate.id).filter { step, _ in
                guard case .stage = step.work else { return false }
                return !step.isFinally
            }
            guard !named.contains(gate.id),
                stages.allSatisfy({ obstacles[$0.step.id] != nil || $0.known.status.isSettled })
            else {
                return false
            }
            return !named.isEmpty || stages.contains { !$0.known.status.isGood && $0.known.status != .skipped }
        }.map(\.0.id)
    }

    /// That those of the named steps which wait for their next attempt need not wait any longer.
    func triedNow(_ names: [StepID], by person: String, at now: Date) -> [RunEvent.Kind] {
        names.compactMap { name in
            guard let known = self[name], known.status == .retrying, case .retry(_, let reason)? = known.reason else {
                return nil
            }
            return .retryScheduled(name, at: now, reason: "\(person) does not wait; \(reason)")
        }
    }

    /// What was cancelled before it could begin, and needs these and otherwise only what ended well, was left out or can be
    /// asked again, also behind what is blocked for want of them.
    private func stopped(with again: [StepID]) -> [StepID] {
        var known = Set(again)
        // Approvals by themselves that were cancelled and are asked with what comes after them.
        var askable: Set<StepID> = []
        let takenBack = again.filter { self[$0]?.isAssumedDone == true }.map { name in
            (name, following(name) { $0.reason != .evidence })
        }
        // The needs of a step come before it.
        let found = zip(plan.steps, steps).filter { step, state in
            // What asked or waited had not begun; nor has what began in an earlier round alone.
            let isStopped = state.status == .cancelled && (state.attempts == 0 || state.began == nil) && !step.isFinally
            guard isStopped || state.status == .blocked, !known.contains(step.id) else { return false }
            let needs =
                (step.needs + stagesTakenBack(before: step)).map(\.step)
                + takenBack.filter { $0.1.contains(step.id) }.map(\.0)
            let isFree = needs.allSatisfy { need in
                known.contains(need) || askable.contains(need)
                    || self[need].map { $0.status.isGood || $0.status == .skipped } == true
            }
            guard isFree else { return false }
            guard needs.contains(where: known.contains) else {
                if isStopped, step.guarding == nil, case .gate = step.work { askable.insert(step.id) }
                return false
            }
            known.insert(step.id)
            return isStopped
        }
        return found.map(\.0.id)
    }

    /// The stages that a step waits for behind what is done, as they were taken back.
    private func stagesTakenBack(before step: Step) -> [Need] {
        (askedAnew[step.id] ?? []).filter { need in
            if case .stage? = planned(need.step)?.work { true } else { false }
        }
    }

    /// The steps that can be done again by name, in the order of the plan.
    public var rerunnable: [StepID] {
        zip(plan.steps, steps).filter { $1.status.endedBadly }.map(\.0.id)
    }

    private var rerunNotes: [String] {
        let names = rerunnable
        guard !names.isEmpty else { return ["nothing of this run ended badly"] }
        let more = names.count > 10 ? " and \(names.count - 10) more" : ""
        return ["these can be done again: \(names.prefix(10).map(\.rawValue).joined(separator: ", "))\(more)"]
    }

    /// The approvals by themselves that any of these come after, and that were cancelled: nothing else asks them again.
    private func cancelledApprovals(before names: Set<StepID>) -> [StepID] {
        zip(plan.steps, steps).filter { step, known in
            guard known.status == .cancelled, step.guarding == nil, case .gate(.approval) = step.work else {
                return false
            }
            return !following(step.id).isDisjoint(with: names)
        }.map(\.0.id)
    }

    /// The gates that ended badly and ask what a step shows.
    private func failedGates(asking step: StepID) -> [StepID] {
        zip(plan.steps, steps).filter { gate, known in
            known.status.endedBadly && gate.needs.contains { $0.reason == .evidence && $0.step == step }
        }.map(\.0.id)
    }

    /// What helps where a step is not done again while the run goes on.
    private func note(notRerunNow name: StepID) -> String {
        if isCleaningUp {
            return
                "its `finally` stages have begun, which tell how it ended: what failed is done again when it has ended"
        }
        if let next = goneOn(after: name) {
            let end = status == .waiting ? " (`almrun cancel \(run)` ends it)" : ""
            let standing = self[next]?.status.rawValue ?? ""
            return "'\(next)' comes after it and is \(standing): once the run has ended\(end), "
                + "`\(resumeCommand(rerunning: [name]))` has it looked for"
        }
        guard self[name]?.status.isSettled == true else { return "`almrun resume \(run)` carries on with it" }
        return
            "of a run that goes on only what has failed, was cancelled or asked for too long is done again; the rest when it "
            + "has ended"
    }

    private func why(notRerun known: StepState) -> String {
        switch known.status {
        case .succeeded, .reused: return "is \(known.status.rawValue), and what ended well is never done again"
        case .blocked:
            guard case .blocked(var by) = known.reason else { return "is blocked" }
            // A plan has no cycle, so this ends.
            while case .blocked(let next)? = self[by]?.reason { by = next }
            return "is blocked by '\(by)'; it goes on by itself once that is done again"
        default: return "is \(known.status.rawValue)"
        }
    }
}

extension StepStatus {
    /// Whether the step came to an end of its own that was not a good one.
    var endedBadly: Bool { self == .failed || self == .rejected || self == .cancelled }
}
