import Engine
import Pipelines
import Stages

extension Workspace {
    /// The other run that has the group of a run which may be taken up, with what becomes of the two; nil where nobody else has it.
    ///
    /// - Parameter stopped: Is given its process, where that is stopped.
    func groupHolder(
        besides run: RunState, _ stopped: inout [RunID: RunHold.Holder]
    ) async throws -> GroupRival? {
        guard let store = try existingStore(), let concurrency = run.plan.concurrency else { return nil }
        // The newest wins, whoever has the group.
        if concurrency.pending == .supersede {
            let open = RunFilter(statuses: [.waiting, .running], group: concurrency.group)
            let newer = try await store.runs(matching: open).first { $0.created > run.created }
            if let newer { return GroupRival(newer.run, group: concurrency.group, .refuses, at: newer.place) }
        }
        guard
            let held = try await LockRegister(store: store).held(named: Lock.group(concurrency.group)),
            held.lock.run != run.run
        else { return nil }
        return await rival(held, concurrency, in: store, &stopped)
    }

    /// The runs of a group that have not ended, with what a new run of the group does to them.
    ///
    /// - Parameter stopped: Is given the process of the one that has the group, where that is stopped.
    func rivals(
        ofNew concurrency: Plan.Concurrency, _ stopped: inout [RunID: RunHold.Holder]
    ) async throws -> [GroupRival] {
        guard let store = try existingStore() else { return [] }
        let group = concurrency.group
        let held = try await LockRegister(store: store).held(named: Lock.group(group))
        var found: [GroupRival] = []
        for other in try await store.runs(matching: RunFilter(statuses: [.waiting, .running], group: group))
        where other.run != held?.lock.run {
            // Only who holds the group is in the way of a queue; what cannot be read is left alone.
            guard concurrency.pending == .supersede, try await store.damage(of: other.run) == nil else { continue }
            found.append(GroupRival(other.run, group: group, .cancelled, at: other.place))
        }
        guard let held else { return found }
        return found + [await rival(held, concurrency, in: store, &stopped)]
    }

    /// What becomes of the run that has a group, and of a newer one that comes to it.
    private func rival(
        _ held: HeldLock, _ concurrency: Plan.Concurrency, in store: any RunStore,
        _ stopped: inout [RunID: RunHold.Holder]
    ) async -> GroupRival {
        let holder = held.lock.run
        if let process = held.process, process.isStopped { stopped[holder] = process }
        let summary = try? await store.runs(matching: RunFilter(run: holder, limit: 1)).first
        let isOpen = held.status?.isFinished == false
        let fate: GroupRival.Fate =
            switch concurrency.pending {
            case .refuse: .refuses
            case .queue: .goesFirst
            // Who works is left to come to its end, unless all it does is wait for its turn.
            case .supersede: !isOpen || held.process != nil || held.isDamaged ? .goesFirst : .cancelled
            }
        return GroupRival(
            holder, group: concurrency.group, fate, at: summary?.place, isUnreadable: held.isDamaged,
            isAbandoned: held.status == .running && held.process == nil)
    }
}

extension RunSummary {
    /// The step at which it waits; nil where it waits as a whole, or for nothing.
    fileprivate var place: String? { waits.first.flatMap { $0.step.isEmpty ? nil : $0.step } }
}
