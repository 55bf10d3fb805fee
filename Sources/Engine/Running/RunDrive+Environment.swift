import Documents
import OrderedCollections
import Pipelines

import struct Foundation.Date

extension RunDrive {
    /// Takes the lease on an environment for a step; nil when somebody else has it and the step waits, or is refused.
    mutating func claim(_ environment: String, for number: Int, _ recovering: Bool) async throws -> Lock? {
        let name = Lock.environment(environment)
        let id = state.plan.steps[number].id
        let now = self.now
        if !recovering, state.plan.environments[environment]?.pending ?? .queue == .queue {
            switch try await turn(at: name, .unfinished, { $0.position(inLineFor: environment) }) {
            case .mine: break
            case .taken(let lock):
                tellStop(of: try await store.holder(of: lock.run), having: lock)
                try wait(number, for: lock)
                return nil
            case .after(let first):
                let before = Lock(name: name, run: first, step: "", fence: 0, since: now, expires: nil)
                try wait(number, for: before, isNext: true)
                return nil
            }
        }
        let before = try await store.lock(named: name)
        let expiry = now.addingTimeInterval(settings.lease)
        var claim = try await store.claim(name, run: state.run, step: id.rawValue, now: now, until: expiry)
        if case .held(let lock) = claim, try await givesBackLeft(lock) {
            claim = try await store.claim(name, run: state.run, step: id.rawValue, now: now, until: expiry)
        }
        guard case .held(let lock) = claim else {
            guard case .granted(let lock) = claim else { return nil }
            if let before, before.run != state.run, let end = before.expires, end <= now {
                runner.observe(
                    .remark(
                        "\(name): the lease of run '\(before.run)', step '\(before.step)', ran out \(EventTime.text(end)): "
                            + "fence \(lock.fence)"))
            }
            try stage(.lockAcquired(id, lock: name, fence: lock.fence))
            return lock
        }
        switch pending(at: environment, lock, recovering) {
        case .queue: tellStop(of: try await store.holder(of: lock.run), having: lock)
        case .refuse:
            try stage(.ended(id, attempt: 0, .failed(try await isBusy(environment, lock))))
            return nil
        case .supersede: try await supersedeThoseWaiting(for: environment, holder: lock.run)
        }
        try wait(number, for: lock)
        return nil
    }

    /// Writes down which run a step waits for, unless that is known already.
    private mutating func wait(_ number: Int, for lock: Lock, isNext: Bool = false) throws {
        if case .lock(lock.name, lock.run.rawValue)? = state.steps[number].suspension?.cause {
            return schedule.postpone(number, state.plan)
        }
        try stage(
            .lockWaited(
                state.plan.steps[number].id, lock: lock.name, holder: lock.run.rawValue,
                holderStep: lock.step.isEmpty ? nil : lock.step, since: lock.since, isNext: isNext))
    }

    /// What the environment wants of a run that finds it taken.
    private func pending(at environment: String, _ lock: Lock, _ recovering: Bool) -> Plan.Concurrency.Pending {
        // Whether an effect happened must be found out in any case, and a run never stands in its own way.
        recovering || lock.run == state.run ? .queue : state.plan.environments[environment]?.pending ?? .queue
    }

    private func isBusy(_ environment: String, _ lock: Lock) async throws -> StageFailure {
        let step = lock.step.isEmpty ? "" : "step '\(lock.step)' of "
        let holder = try await store.holder(of: lock.run)
        let process = holder?.work ?? "no process works on it"
        let end = lock.expires.map { "its lease runs out \(EventTime.text($0)) unless it is renewed" }
        return StageFailure(
            .rejected, "run/environment-busy",
            "\(step)run '\(lock.run)' works in environment '\(environment)' since \(EventTime.text(lock.since)), "
                + "and the environment refuses a second one",
            notes: [process, end, "`almrun resume` tries again; `pending: queue` waits instead"].compactMap { $0 })
    }

    /// Ends the older runs of which a step waits for an environment, so that this one waits alone.
    private mutating func supersedeThoseWaiting(for environment: String, holder: RunID) async throws {
        let name = Lock.environment(environment)
        for other in try await store.runs(matching: .unfinished) where other.run != state.run && other.run != holder {
            guard (other.created, other.run) < (state.created, state.run) else { continue }
            guard other.mayWait(for: name), let known = try await undamaged(other.run), known.cancelRequest == nil,
                known.waitsOnly(for: name)
            else { continue }
            try await end(other.run, because: "superseded by run '\(state.run)' at environment '\(environment)'")
        }
    }

    /// Gives back the lease of another run whose process died here, and ends what that left running; whether it is free now.
    ///
    /// The kernel's lock on the run tells that no process works on it, and is kept meanwhile. A group belongs to its run until
    /// that ends, whether a process works on it or not.
    mutating func givesBackLeft(_ lock: Lock) async throws -> Bool {
        let other = lock.run
        guard lock.expires != nil, other != state.run, !leftAlone.contains(other),
            try await store.holder(of: other) == nil, try await knownHere(other) != nil
        else { return false }
        let hold: RunHold
        do {
            hold = try await store.hold(other)
        } catch {
            // A process takes it up, or its files may not be written now, as those of somebody else: it is asked again.
            return false
        }
        defer { hold.release() }
        guard let known = try await knownHere(other) else { return false }
        let aftermath = Aftermath(executor: runner.makeExecutor(known), logs: runner.logs, clock: runner.clock)
        let (remarks, isOver) = await aftermath.end(known)
        for remark in remarks { runner.observe(.remark("run '\(other)': \(remark)")) }
        guard isOver else {
            // What SIGKILL does not end is not tried again at each look.
            leftAlone.insert(other)
            return false
        }
        try await store.release(lock)
        runner.observe(.remark("\(lock.name): run '\(other)' had it, whose process is gone: it is free"))
        return true
    }

    /// Another run, when all its processes were of this host and are gone; of others nobody knows here what they left running.
    ///
    /// One whose process lives is asked again; one of another host, or that cannot be read, stays as it is.
    private mutating func knownHere(_ other: RunID) async throws -> RunState? {
        do {
            let known = try await RunState.load(other, from: store)
            if Aftermath.isHere(known) { return known }
            if Aftermath.isOnlyHere(known) { return nil }
        } catch RunStoreError.unknownRun, RunStoreError.damaged, RunStoreError.newer {
            // Its lease runs out.
        }
        leftAlone.insert(other)
        return nil
    }

    /// Gives back leases that an earlier process of the run took and died before it wrote that down.
    ///
    /// This process alone works on the run. What is in doubt keeps its lease until it has been looked for.
    func releaseForgottenLeases() async throws {
        for lock in try await store.locks() where lock.run == state.run && !lock.step.isEmpty {
            if state[StepID(lock.step)]?.isInDoubt != true { try await store.release(lock) }
        }
    }

    /// Gives leases back that were taken for attempts which then did not begin, because somebody else wrote to the run.
    mutating func releaseUnusedLeases() async throws {
        for (number, lock) in leases where inFlight[number] == nil {
            leases[number] = nil
            try await store.release(lock)
        }
    }
}

extension RunState {
    /// Whether a step waits for the lock, and none changes an environment meanwhile.
    fileprivate func waitsOnly(for lock: String) -> Bool {
        var isWaiting = false
        for (step, known) in zip(plan.steps, steps) {
            if known.held != nil || (known.status == .running && step.effect != .none) { return false }
            if case .lock(lock, _)? = known.suspension?.cause, known.status == .waiting { isWaiting = true }
        }
        return isWaiting
    }
}
