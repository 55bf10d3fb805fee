public import Pipelines

/// What follows from a person's word that an effect happened, which says nothing of what the step gives.
extension RunState {
    /// The steps that still use an output of this one, each with the output's name, in the order of the plan.
    ///
    /// What runs after everything is left out: it does what it can, however the run ended.
    func usersOfOutputs(of step: StepID) -> [(step: StepID, output: String)] {
        zip(plan.steps, steps).flatMap { user, known -> [(step: StepID, output: String)] in
            guard !user.isFinally, !known.status.isGood else { return [] }
            return user.needs.compactMap { need in
                guard need.step == step else { return nil }
                return switch need.reason {
                case .output(let name), .condition(let name): (user.id, name)
                case .declared, .gate, .evidence: nil
                }
            }
        }
    }

    /// The first of the stages that come before one, however far, and that may have begun to be done only after this one had begun,
    /// or is not done; nil where there is none, and for one that has shown nothing by itself.
    ///
    /// That comes about where a person's word is taken back. The word alone says nothing of when it was done, and neither does
    /// what is found of an attempt: when that began does.
    public func stageDoneLater(than step: Step) -> StepID? {
        // Before format 6 what had run too early was evidence. Nothing runs too early where no word was taken back: most runs
        // need not be searched.
        guard hasTakenBack, ruleFormat >= 6, let known = self[step.id], known.status == .succeeded, !known.isAssumedDone
        else {
            return nil
        }
        return stages(before: step).first { before in
            guard let other = self[before], other.status != .skipped, other.status != .reused else { return false }
            return other.status != .succeeded || other.lastWorkEvent > known.firstWorkEvent
        }
    }

    /// The stages that come before a step, however far, in the order of the plan; not what only shows something at a gate.
    private func stages(before step: Step) -> [StepID] {
        var before: Set<StepID> = []
        var open = [step.id]
        while let next = open.popLast().flatMap(planned) {
            for need in next.needs where need.reason != .evidence && before.insert(need.step).inserted {
                open.append(need.step)
            }
        }
        return plan.steps.filter { step in
            guard case .stage = step.work else { return false }
            return before.contains(step.id)
        }.map(\.id)
    }

    /// Refuses an assumption about a step, unless it has been looked whether its effect happened, and that could not be told.
    ///
    /// - Parameter goesOn: Whether the run is to go on with it.
    func check(_ assumption: Assumption, goesOn: Bool) throws(Refusal) {
        guard let known = self[assumption.step], let step = planned(assumption.step) else {
            throw Refusal("run/unknown-step", "run '\(run)' has no step '\(assumption.step)'")
        }
        guard known.status == .uncertain || isLeftInDoubt(assumption.step) else {
            throw refusal(of: assumption.step, step, known)
        }
        if goesOn { try checkOutputs(after: assumption) }
    }

    /// Whether what is said of effects is only taken down: of steps that nothing goes on with, and no stage is to be done again.
    public func takesDown(_ assumptions: [Assumption], rerunning only: [StepID]) -> Bool {
        guard only.isEmpty, !assumptions.isEmpty else { return false }
        return status.isFinished || assumptions.allSatisfy { isLeftInDoubt($0.step) }
    }

    /// What somebody said last of an effect in a run that is over, where an assumption is the opposite; nil where it is not.
    public func contradicted(by assumption: Assumption) -> String? {
        let opposite = assumption.isDone ? "did not happen" : "happened"
        return self[assumption.step]?.noted.last.flatMap { $0.contains(" said of it that it \(opposite) (") ? $0 : nil }
    }

    /// Whether the last word of an effect, since the run was last taken up, was the same by the same person.
    public func isTakenDown(_ assumption: Assumption, by person: String) -> Bool {
        guard assumption.comment == nil, let known = self[assumption.step], known.isNoted else { return false }
        let word = StepState.word(of: person, done: assumption.isDone)
        return known.noted.last?.hasPrefix("\(word) (") == true
    }

    /// Whether a step has come to an end in a run that is over or waits elsewhere, and no machine knows whether its effect
    /// happened; people may have said it, and may say otherwise.
    public func isLeftInDoubt(_ step: StepID) -> Bool {
        guard status != .running, let known = self[step], known.isPassedOver else { return false }
        return known.isInDoubt && !known.wasFoundUndone
    }

    /// What has a step that is left in doubt looked for once more; nil where nothing does before the run has ended.
    public func lookAgain(at step: StepID) -> String? {
        // In a group in which the newest run wins, an older one is refused until that is over.
        let newer = status.isFinished ? cancelRequest?.newerRun : nil
        let first = newer.map { "once run '\($0)', which has taken its place, is over, " } ?? ""
        if self[step]?.status == .blocked || obstacles()[step] != nil {
            return status.isFinished
                ? first + "`almrun resume \(run)` takes the run up, and looks when its turn comes" : nil
        }
        guard status.isFinished || isRerunnableNow(step) else { return nil }
        return first + "`almrun resume \(run) --rerun \(step)` takes the run up, and looks once more"
    }

    /// That the effect of a step may have happened, and what tells more; nil where nobody is in doubt.
    func doubtNote(of step: StepID, _ known: StepState) -> String? {
        guard known.mayHaveTakenEffect else { return known.isNoted ? lookAgain(at: step) : nil }
        let ways =
            isLeftInDoubt(step)
            ? ["`almrun resume \(run) --assume \(step)=done` (or not-done) takes down what you found"]
                + (lookAgain(at: step).map { [$0] } ?? [])
            : ["`almrun resume \(run)` looks first"]
        return "its effect may have happened all the same; " + ways.joined(separator: "; ")
    }

    /// The steps that were cut off and may have had their effect all the same, in the order of the plan; none of a run at
    /// work, and without those about which a person is asked.
    public var stepsInDoubt: [StepID] {
        if status == .running { return [] }
        return zip(plan.steps, steps).filter { _, known in
            let isMeant = known.isPassedOver || status == .waiting && [.pending, .waiting].contains(known.status)
            return isMeant && known.mayHaveTakenEffect
        }.map(\.0.id)
    }

    private func refusal(of id: StepID, _ step: Step, _ known: StepState) -> Refusal {
        let code = "run/not-in-doubt"
        if known.mayHaveTakenEffect && !known.status.isGood || known.status == .running && step.effect == .once {
            return Refusal(
                code, "it must be looked first what the attempt of '\(id)' did that was cut off",
                notes: [
                    "`almrun resume \(run)` ends what it left running, asks its probe and goes on with what needs nothing of it; where "
                        + "that cannot tell, the run waits for a person",
                    "`almrun cancel \(run)` ends that too and begins nothing but `finally` stages; then "
                        + "`almrun resume \(run) --assume \(id)=done` (or not-done) is taken down, and begins nothing",
                ])
        }
        if known.isInDoubt, !known.status.isGood {
            let again = isRerunnableNow(id) ? " --rerun \(id)" : ""
            return Refusal(
                code, "it was looked what the attempt of '\(id)' did that was cut off: it did not take effect",
                notes: ["`almrun resume \(run)\(again)` does it again"])
        }
        return Refusal(
            code, "step '\(id)' is not in doubt: it is \(known.status.rawValue)",
            notes: ["`--assume` is for steps whose effect was cut off"])
    }

    /// Refuses the word that an effect happened where the run could not go on with it.
    func checkOutputs(after assumption: Assumption) throws(Refusal) {
        let step = assumption.step
        guard assumption.isDone, let what = need(of: step) else { return }
        throw Refusal(
            "run/needs-output", "\(what), which nobody knows when it is only said that '\(step)' is done",
            notes: [
                "`almrun resume \(run)` looks once more whether it took effect, and gets the output where a probe gives it",
                status.isFinished
                    ? "without --rerun it is taken down, and the run stays \(status.rawValue)"
                    : "`almrun cancel \(run)` ends it, as it cannot go on with that word",
                "only where it does no harm to do it again: `almrun resume \(run) --assume \(step)=not-done`",
            ])
    }

    /// What later stages need of a step and a person's word does not give, lower case, no full stop; nil where there is nothing.
    public func need(of step: StepID) -> String? {
        if let user = usersOfOutputs(of: step).first { return "'\(user.step)' uses '\(user.output)' of '\(step)'" }
        guard comparesFiles, let made = plan.generatedFiles.steps.first(where: { $0.step == step }),
            plan.mayReadFiles(after: step)
        else { return nil }
        return
            "later stages may read what '\(step)' generates (\(made.paths.map { "'\($0)'" }.joined(separator: ", ")))"
    }

    /// The steps that failed because a person's word that this one is done gave them no output.
    func failedWithoutOutputs(of step: StepID) -> [StepID] {
        usersOfOutputs(of: step).map(\.step).filter { self[$0]?.failure?.code == Self.noValueCode }
    }

    /// The steps that count as done because somebody said so, and without whose outputs others could not go on.
    public var assumedWithoutOutputs: [StepID] {
        zip(plan.steps, steps).filter { $1.isAssumedDone && !failedWithoutOutputs(of: $0.id).isEmpty }.map(\.0.id)
    }

    /// The steps that count as done because somebody said so, where a gate failed that asks what they show.
    public var assumedEvidence: [StepID] {
        let asked = zip(plan.steps, steps).filter { $1.failure?.code == "gate/bad-evidence" }.flatMap { gate, _ in
            gate.needs.filter { $0.reason == .evidence }.map(\.step)
        }
        return zip(plan.steps, steps).filter { $1.isAssumedDone && asked.contains($0.id) }.map(\.0.id)
    }

    /// The code of a failure that says an input has no value.
    static var noValueCode: String { "run/no-value" }
}

extension StepState {
    /// What a person says of an effect in a run that does not go on with it.
    static func word(of person: String, done: Bool) -> String {
        "\(person) said of it that it \(done ? "happened" : "did not happen")"
    }

    /// Whether it counts as done because a person said so.
    var isAssumedDone: Bool { assumer != nil }

    /// Who said that it was done, where it counts as done because of that.
    var assumer: String? {
        if status == .succeeded, case .assumed(done: true, let person, _)? = reason { person } else { nil }
    }
}
