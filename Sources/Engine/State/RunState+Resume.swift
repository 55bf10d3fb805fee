import Pipelines

/// What it means for each step that a run is taken up, or asks anew.
extension RunState {
    /// What had failed or was cut off is to be done again; what ended well stays.
    ///
    /// When the run had ended and only some steps are to be done again, the others that ended badly stay so, and what
    /// is blocked waits for its needs once more.
    mutating func resume(_ only: Set<StepID>) {
        let isOver = status.isFinished
        resumptions += 1
        if isOver { reopenings += 1 }
        status = .running
        if isOver {
            earlierCancelRequest = cancelRequest ?? earlierCancelRequest
            cancelRequest = nil
        }
        queue = nil
        groupLoss = nil
        let takenBack = only.filter { self[$0]?.isAssumedDone == true }
        if !takenBack.isEmpty { hasTakenBack = true }
        // What comes after it and is done again with it.
        let anew = only.subtracting(takenBack).filter { name in
            guard planned(name)?.guarding == nil, let status = self[name]?.status else { return false }
            return status.isGood || status == .skipped
        }
        for number in steps.indices {
            let step = plan.steps[number]
            change(number) { state in
                switch state.status {
                case .running:
                    // As for one that was stopped.
                    state.lastWorkEvent = state.startEvent
                    state.status = .pending
                    state.isInDoubt = step.effect == .once
                case .uncertain:
                    state.status = .pending
                    state.isInDoubt = true
                case .waiting:
                    if case .gate(.approval) = step.work { return }
                    if case .approval = state.suspension?.cause { return }
                    state.status = .pending
                case .failed, .blocked, .rejected, .cancelled:
                    // What runs after everything is about how the run ends, whichever steps are done again.
                    let isNamed = only.contains(step.id) || (state.status == .blocked && !only.isEmpty)
                    guard isNamed || (isOver && (only.isEmpty || step.isFinally)) else { return }
                    if state.status == .rejected {
                        state.round += 1
                        state.firstRound = state.round
                        state.voided = []
                    }
                    // Blocked again, it is as it was when somebody spoke of it.
                    let isStillNoted = state.isNoted && state.status == .blocked && !only.isEmpty
                    Self.reopen(&state)
                    state.isNoted = isStillNoted
                case .succeeded, .reused, .skipped:
                    // What runs after everything is about how the run ended, so it is done again.
                    let isTakenBack = takenBack.contains(step.id)
                    let isAnew = !isTakenBack && only.contains(step.id)
                    guard isTakenBack || isAnew || isOver && step.isFinally else { return }
                    Self.reopen(&state)
                    // What a person said counts no more, so that it is looked for.
                    if isTakenBack { state.isInDoubt = true }
                    guard isAnew else { return }
                    state.isDoneAnew = true
                    // What people said at a gate counts on, as far as nothing has changed that it is about.
                    if case .gate = step.work { state.round += 1 }
                case .pending, .retrying: break
                }
            }
        }
        // What was taken down of a step as done is looked for: nothing that comes after it goes on meanwhile.
        let held = takenBack.union(anew)
        if !held.isEmpty { for step in plan.steps where held.contains(step.id) { holdBack(by: step.id) } }
    }

    /// Opens the gates again at which people decide, unless what they guard has ended well.
    mutating func askAnew(because reason: String) {
        // What is taken back with it still holds back what comes after it.
        askedAnew = askedAnew.mapValues { needs in
            needs.filter { need in
                guard let step = planned(need.step), case .stage = step.work else { return false }
                return self[need.step]?.status.isGood == false
            }
        }
        for (number, gate) in zip(plan.steps.indices, plan.steps) {
            guard case .gate(let question) = gate.work else { continue }
            if case .approval = question {} else if steps[number].decisions.isEmpty { continue }
            if let guarded = gate.guarding, self[guarded]?.status.isGood == true { continue }
            change(number) { state in
                state.round += 1
                state.firstRound = state.round
                state.voided = [reason]
                state.restarts[state.round] = reason
                Self.reopen(&state)
            }
            if gate.guarding == nil { holdBack(by: gate.id) }
        }
    }

    /// Lets all that comes after a step wait for it, however much of what lies between is done.
    private mutating func holdBack(by first: StepID) {
        let start = planned(first)
        // A gate that asks what a stage shows heeds how that ends by itself, and can be opened without.
        let isStage = if case .stage? = start?.work { true } else { false }
        let after = isStage ? following(first) { $0.reason != .evidence } : following(first)
        // Also what had ended: it may be done again later.
        for step in plan.steps
        where step.id != first && after.contains(step.id) && (!step.isFinally || start?.isFinally == true) {
            let need = Need(first, .declared)
            if askedAnew[step.id]?.contains(need) != true { askedAnew[step.id, default: []].append(need) }
        }
    }

    private static func reopen(_ state: inout StepState) {
        state.status = .pending
        state.reason = nil
        state.tries = 0
        state.isNoted = false
        state.began = nil
        state.ended = nil
        state.output = nil
        state.object = nil
        state.waitingSince = nil
    }
}
