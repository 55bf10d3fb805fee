import Pipelines

import struct Foundation.Date

extension RunDrive {
    /// Takes the concurrency group; false when the run rests because another one has it.
    mutating func enterGroup() async throws -> Bool {
        guard let concurrency = state.plan.concurrency else { return true }
        let name = Lock.group(concurrency.group)
        let supersedes = concurrency.pending == .supersede
        if supersedes {
            try await giveWay()
            try await supersede(concurrency.group)
        }
        var rested: RunID?
        while true {
            let claim = try await claimInTurn(name, concurrency)
            var isHopeless = false
            switch claim {
            case nil: break
            case .granted(let lock)?:
                groupLock = lock
                // Before anything is done under it: whoever reads the ledger knows which numbers were given out.
                try await write { drive in try drive.stage(.groupEntered(lock: name, fence: lock.fence)) }
                return true
            case .held(let lock)?:
                // Of two that began in the same instant the other one was first: this one has done nothing yet.
                if concurrency.pending == .refuse, !state.hasBegun, state.cancelRequest == nil {
                    try await stepBack(before: lock, concurrency.group)
                    return true
                }
                if state.queue?.holder != lock.run {
                    try await write { drive in
                        try drive.stage(.queued(group: concurrency.group, holder: lock.run, since: lock.since))
                    }
                }
                // A run that no process works on waits for a person or was killed: waiting here would not end that.
                // So may one be whose process cannot be seen, and which may never end.
                let holder = try await store.holder(of: lock.run)
                isHopeless = holder.map { $0.obstacle != nil } ?? true
                tellStop(of: holder, having: lock)
                // What was worked on before may have ended since the look at the lock, which is free then; if it has come to
                // rest, it is superseded as if it had rested then.
                if isHopeless, rested != lock.run {
                    rested = lock.run
                    if supersedes { try await supersede(concurrency.group) }
                    continue
                }
            }
            if state.cancelRequest != nil { return true }
            if isHopeless {
                try await write { drive in try drive.stage(.rested) }
                return false
            }
            if await wasCancelledDuringPause() { return true }
            try await takeInOthers()
            if supersedes { try await giveWay() }
        }
    }

    /// Says once that the process which has a lock is stopped, and how it goes on.
    mutating func tellStop(of holder: RunHold.Holder?, having lock: Lock) {
        guard let holder, holder.isStopped, toldStopped.insert(lock.run).inserted else { return }
        runner.observe(
            .remark(
                "\(lock.name): run '\(lock.run)' has it, whose process \(holder.process) is stopped: "
                    + "`kill -CONT \(holder.process)` lets it go on"))
    }

    /// Lets the run rest that has lost its group: resumed, it takes the group again with a new number.
    mutating func restWithoutGroup() async throws {
        guard let lock = groupLock else { return }
        try await write { drive in
            // Who waited for the signal has left when what ran under the group was stopped.
            if drive.stops.isSet { try drive.stageInterruption() }
            if drive.state.groupLoss == nil {
                try drive.stage(
                    .lockBroken(
                        lock: lock.name, fence: lock.fence, by: "somebody",
                        reason: "the store has it under another number"))
            }
            try drive.stage(.rested)
        }
    }

    /// Whether a lock that a write counted on is the group's; then nothing goes on but what brings the run to rest.
    mutating func loses(group name: String) -> Bool {
        guard groupLock?.name == name else { return false }
        hasLostGroup = true
        return true
    }

    /// Stops at once what works under a lock that somebody took away.
    mutating func heed(_ event: RunEvent) {
        guard case .lockBroken(let name, let fence, _, _) = event.kind else { return }
        if groupLock?.fence == fence { _ = loses(group: name) }
        for launch in inFlight.values where launch.lock?.name == name && launch.lock?.fence == fence {
            revoke(launch.number)
        }
    }

    /// Stops at once what works under a lock that was taken away without a word in the ledger, as that of a run which cannot be
    /// read is.
    mutating func noticeLosses() async {
        guard !state.status.isFinished else { return }
        if let groupLock, !hasLostGroup, await isTakenAway(groupLock) { _ = loses(group: groupLock.name) }
        for (number, lock) in leases where await isTakenAway(lock) { revoke(number) }
    }

    private func isTakenAway(_ lock: Lock) async -> Bool {
        do {
            return try await store.lock(named: lock.name)?.fence != lock.fence
        } catch {
            // What cannot be told now is asked again at the next look, or at the next write.
            return false
        }
    }

    /// Tells an attempt to stop whose lease is no longer its own.
    mutating func revoke(_ number: Int) {
        leases[number] = nil
        inFlight[number]?.revocation?.set()
    }

    /// Sleeps until the next look; true when the run was interrupted meanwhile.
    private mutating func wasCancelledDuringPause() async -> Bool {
        let deadline = runner.clock.now().addingTimeInterval(settings.poll)
        let isStop = await withTaskGroup(of: Bool.self) { group in
            group.addTask { [stops] in
                await stops.wait()
                return stops.isSet
            }
            group.addTask { [clock = runner.clock] in
                // A sleep that ends early is a look that comes early.
                try? await clock.sleep(deadline)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
        if isStop { wasStopped = true }
        return isStop
    }

    /// Calls this run off, as the newer one would have, where one stands that takes its place.
    private mutating func giveWay() async throws {
        guard state.cancelRequest == nil, let newer = try await store.successor(of: state) else { return }
        try await callOff("superseded by run '\(newer.run)'", by: newer.requester)
    }

    /// Calls this run off for another one of the group that refuses a second one: nothing of it has begun, so there is nothing
    /// to tell or to tear down but what the other one works on.
    private mutating func stepBack(before lock: Lock, _ group: String) async throws {
        try await write { drive in
            let reason =
                "run '\(lock.run)' of the group '\(group)' began in the same instant, and the pipeline refuses a second one"
            try drive.stage(.cancelRequested(by: drive.state.requester, reason: reason))
            try drive.stage(drive.state.cleanup.map { .cancelled(drive.state.plan.steps[$0].id) })
        }
        refusal = try await runner.refusal(of: lock, group)
    }

    /// Calls this run off, as a person would have.
    private mutating func callOff(_ reason: String, by person: String? = nil) async throws {
        try await runner.decisions.cancel(state.run, by: person ?? state.requester, reason: reason)
        try await takeInOthers()
        try await lookBeforeCancelling()
    }

    /// Ends the older runs of the group that wait: for their turn, or for a person while no process works on them.
    private mutating func supersede(_ group: String) async throws {
        let filter = RunFilter(statuses: [.waiting, .running], group: group)
        for other in try await store.runs(matching: filter) where state.cancelRequest == nil {
            guard (other.created, other.run) < (state.created, state.run), let known = try await undamaged(other.run)
            else { continue }
            let isWorkedOn = try await store.holder(of: other.run) != nil
            // What a process works on is left to come to its end, unless all it does is wait for its turn.
            if isWorkedOn, known.queue == nil || known.cancelRequest != nil { continue }
            runner.observe(.remark("ends run '\(other.run)' of the same group first, with its `finally` stages"))
            try await end(other.run, because: "superseded by run '\(state.run)'")
        }
    }

    /// Another run; nil, once that was said, for one that cannot be read, and so stands in nobody's way.
    mutating func undamaged(_ other: RunID) async throws -> RunState? {
        var damage: RunStoreError?
        let known = try await RunState.loadUndamaged(other, from: store) { damage = $1 }
        if let damage, unreadable.insert(other).inserted {
            runner.observe(.remark("run '\(other)' cannot be read, and is not superseded: \(damage)"))
        }
        return known
    }

    /// Cancels another run, and carries its cancellation out where no process does.
    func end(_ other: RunID, because reason: String) async throws {
        do {
            _ = try await runner.silent.cancel(other, by: state.requester, reason: reason)
        } catch RunStoreError.busy {
            // A process has taken it up meanwhile, and ends it.
        } catch RunStoreError.unavailable(let obstacle) {
            // Such as a lock file of somebody else: what was asked for is written down.
            runner.observe(.remark("run '\(other)' is ended by whoever resumes it: \(obstacle)"))
        } catch is Refusal {
            // It came to its end meanwhile.
        }
    }
}

extension RunStore {
    /// The newest run that takes the place of this one: made later in the same group, with `pending: supersede` in both.
    ///
    /// It has not ended, is not called off, and waits or is worked on: one whose process is gone is in nobody's way, nor is one
    /// that cannot be read.
    public func successor(of state: RunState) async throws -> RunState? {
        guard let concurrency = state.plan.concurrency, concurrency.pending == .supersede else { return nil }
        let newer = try await runs(matching: RunFilter(statuses: [.waiting, .running], group: concurrency.group))
            .filter { ($0.created, $0.run) > (state.created, state.run) }
            .sorted { ($0.created, $0.run) > ($1.created, $1.run) }
        for other in newer {
            if other.status == .running, try await holder(of: other.run) == nil { continue }
            guard let known = try await RunState.loadUndamaged(other.run, from: self, { _, _ in }),
                known.cancelRequest == nil, known.plan.concurrency?.pending == .supersede
            else { continue }
            return known
        }
        return nil
    }
}
