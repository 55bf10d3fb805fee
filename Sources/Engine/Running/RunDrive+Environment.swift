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
            switch try await turn(at: name, .unfinished, { $0.isInLine(for: environment) }) {
            case .mine: break
            case .taken(let lock):
                try wait(number, for: lock)
                return nil
            case .after(let first):
                let before = Lock(name: name, run: first, step: "", fence: 0, since: now, expires: nil)
                try wait(number, for: before, isNext: true)
                return nil
            }
        }
        let expiry = now.addingTimeInterval(settings.lease)
        let claim = try await store.claim(name, run: state.run, step: id.rawValue, now: now, until: expiry)
        guard case .held(let lock) = claim else {
            guard case .granted(let lock) = claim else { return nil }
            try stage(.lockAcquired(id, lock: name, fence: lock.fence))
            return lock
        }
        switch pending(at: environment, lock, recovering) {
        case .queue: break
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
        let process = holder.map { "process \($0.process) on \($0.host) works on it" } ?? "no process works on it"
        let end = lock.expires.map { "its lease runs out \(EventTime.text($0)) unless it is renewed" }
        return StageFailure(
            .rejected, "run/environment-busy",
            "\(step)run '\(lock.run)' works in environment '\(environment)' since \(EventTime.text(lock.since)), "
                + "and the environment refuses a second one",
            notes: [process, end, "`almrun resume` tries again; `pending: queue` waits instead"].compactMap { $0 })
    }

    /// Ends the older runs of which a step waits for an environment, so that this one waits alone.
    private func supersedeThoseWaiting(for environment: String, holder: RunID) async throws {
        let name = Lock.environment(environment)
        for other in try await store.runs(matching: .unfinished) where other.run != state.run && other.run != holder {
            guard (other.created, other.run) < (state.created, state.run) else { continue }
            // The index names what a run waits for that no process drives on; it does not when one works on it.
            if other.status == .waiting, other.waits.count < 20, !other.waits.contains(where: { $0.isFor(name) }) {
                continue
            }
            guard let known = try await undamaged(other.run), known.cancelRequest == nil, known.waitsOnly(for: name)
            else {
                continue
            }
            try await end(other.run, because: "superseded by run '\(state.run)' at environment '\(environment)'")
        }
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

extension RunSummary.Wait {
    fileprivate func isFor(_ lock: String) -> Bool {
        if case .lock(lock, _) = suspension.cause { true } else { false }
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
