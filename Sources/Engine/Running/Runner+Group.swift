import Pipelines

extension Runner {
    /// Refuses to take a run up for which there is no place in its group, before anything is written.
    ///
    /// One that had not ended and is overtaken gives way once it is taken up; what was called off is brought to its end.
    func refuseBesideOthers(_ state: RunState) async throws {
        guard state.status != .succeeded, state.status.isFinished || state.cancelRequest == nil else { return }
        try await refuseIfHeld(state.plan.concurrency, state.run)
        guard state.status.isFinished, let newer = try await store.successor(of: state) else { return }
        throw Refusal(
            "run/superseded",
            "run '\(newer.run)' is newer and not over, and in the group '\(newer.plan.concurrency?.group ?? "")' the newest run wins",
            notes: [
                try await standing(of: newer.run, newer.status),
                "this one can be taken up when that one has ended; `almrun cancel \(newer.run)` calls it off",
            ])
    }

    /// Refuses a run of a group that takes no second one.
    func refuseIfHeld(_ concurrency: Plan.Concurrency?, _ run: RunID) async throws {
        guard let concurrency, concurrency.pending == .refuse,
            let lock = try await store.lock(named: Lock.group(concurrency.group)), lock.run != run
        else { return }
        throw try await refusal(of: lock, concurrency.group)
    }

    /// Why there is no place for a second run of a group.
    func refusal(of lock: Lock, _ group: String) async throws -> Refusal {
        // A run that cannot be read holds it all the same.
        let status = try? await store.runs(matching: RunFilter(run: lock.run, limit: 1)).first?.status
        return Refusal(
            "run/group-busy",
            "run '\(lock.run)' of the group '\(group)' is not finished, and the pipeline refuses a second one",
            notes: [
                "it holds the group since \(EventTime.text(lock.since))",
                try await standing(of: lock.run, status, holding: lock),
            ])
    }

    /// Who works on another run, and what brings it on where nobody does.
    private func standing(of other: RunID, _ status: RunStatus?, holding lock: Lock? = nil) async throws -> String {
        if let holder = try await store.holder(of: other) { return holder.work }
        if try await store.damage(of: other) != nil {
            let release = lock.map { "; `\(Lock.forcedRelease(of: $0.name))` takes the group away from it" } ?? ""
            return
                "it cannot be read: `almrun verify \(other)` says what was changed, `almrun doctor` what can be mended"
                + release
        }
        return switch status {
        case .waiting?: "it waits, and no process works on it: `almrun show \(other)` says for what"
        case nil: "it cannot be read: `almrun doctor` says more"
        default:
            "its process is gone: `almrun resume \(other)` carries on, `almrun cancel \(other) --reason ...` ends it"
        }
    }
}
