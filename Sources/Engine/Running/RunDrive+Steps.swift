import Documents
import Pipelines

import struct Foundation.Data
import struct Foundation.Date

extension RunDrive {
    /// Begins what the decider started: looks for an earlier result, or writes down that the attempt begins.
    mutating func begin(
        _ id: StepID, _ input: Value, _ attempt: Int, _ token: String, _ recovering: Bool
    ) async throws {
        guard let number = state.index[id] else { return }
        let step = state.plan.steps[number]
        var launch = Launch(
            number: number, input: input, attempt: attempt, token: token, recovering: recovering,
            inputDigest: digests[number], timeout: step.timeout, approved: step.preview(in: state))
        if let refusal = refusals.removeValue(forKey: number) { launch.remark = refusal }
        let known = state.steps[number]
        launch.looks = known.looks
        launch.looksOnly = recovering && known.status == .retrying && known.tries >= (step.retry?.attempts ?? 1)
        if recovering, step.locksEnvironment, state.cancelRequest == nil {
            launch.shut = decider.shutGates(of: step, state, now).map(\.why) + ineligible[id, default: []]
        }
        if state.cancelRequest != nil { launch.timeout = min(step.timeout ?? settings.cleanup, settings.cleanup) }
        if step.locksEnvironment, let environment = step.environment {
            guard let lock = try await claim(environment, for: number, recovering) else { return }
            launch.lock = lock
            launch.revocation = StopSignal()
            leases[number] = lock
        }
        launch.authority = AttemptAuthority(
            runner: runner, run: state.run, known: durable,
            heedsCancellation: state.cancelRequest == nil && !step.isFinally, lease: launch.lock, group: groupLock)
        try stage(
            .started(id, attempt: attempt, token: token, fence: launch.lock?.fence, recovering: recovering))
        launches.append(launch)
    }

    /// Takes in what a look for an earlier result found.
    mutating func takeIn(_ look: Look) throws {
        looking.remove(look.number)
        // The run may have been cancelled, or the state read again, meanwhile.
        guard state.steps[look.number].status == .pending, !schedule.isRunning(look.number) else { return }
        if let earlier = look.earlier, !decider.isTooOld(earlier, for: state.plan.steps[look.number], in: state, now) {
            try stage(.reused(state.plan.steps[look.number].id, earlier))
        } else {
            digests[look.number] = look.inputDigest
            if let refusal = look.refusal { refusals[look.number] = refusal }
            schedule.enqueue(look.number)
        }
    }

    /// Takes in the end of an attempt.
    mutating func takeIn(_ launch: Launch, _ report: Arrival.Report) throws {
        let step = state.plan.steps[launch.number]
        var kinds: [RunEvent.Kind]
        switch report {
        case .suspended(var suspension):
            if case .until(let date) = suspension.cause { suspension.cause = .until(EventTime.roundedUp(date)) }
            kinds = [.suspended(step.id, suspension)]
        case .untouched:
            // Without its group the run rests, and does the step when it is taken up.
            let lost = hasLostGroup && (state.cancelRequest == nil || step.isFinally) ? groupLock : nil
            kinds = state.stopped(step.id, under: lost, at: now)
        case .ending(let ending):
            kinds = decider.events(after: ending, of: step, attempt: launch.attempt, in: state, now: now)
        }
        if let lock = launch.lock { kinds.append(.lockReleased(step.id, lock: lock.name, fence: lock.fence)) }
        try stage(kinds, logs: launch.log.map { [$0] } ?? [])
    }

    /// Gives an attempt to a child.
    func add(_ launch: Launch, to group: inout ThrowingTaskGroup<Arrival, any Error>) {
        let work = AttemptWork(
            step: state.plan.steps[launch.number], launch: launch, run: state.run, requester: state.requester,
            commit: state.commit,
            executor: executor, runner: runner)
        group.addTask { [tally] in
            defer { tally.add() }
            return await work.carryOut()
        }
    }

    /// Gives the looks for earlier results to a child, all in one, so that what comes of them comes in order.
    mutating func addLooks(to group: inout ThrowingTaskGroup<Arrival, any Error>) {
        guard !looks.isEmpty else { return }
        let work = LookWork(
            looks: looks, steps: looks.map { state.plan.steps[$0.number] }, executor: executor, runner: runner,
            commit: state.commit, comparesFiles: state.comparesFiles)
        looks.removeAll()
        group.addTask { [tally] in
            defer { tally.add() }
            return .looked(await work.look())
        }
    }
}

extension Step {
    /// What the gates of the step, or of the one it stands before, have found out so far.
    fileprivate func preview(in state: RunState) -> Preview? {
        guarding == nil && effect == .none ? nil : state.preview(for: guarding ?? id)
    }
}
