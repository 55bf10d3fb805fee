import Engine
import Pipelines
import Stages

extension Workspace {
    /// The runs of a group that have not ended, with what a new run of the group does to them.
    func rivals(ofNew concurrency: Plan.Concurrency) async throws -> [GroupRival] {
        guard let store = try existingStore() else { return [] }
        let group = concurrency.group
        let holder = try await store.lock(named: Lock.group(group))?.run
        var found: [GroupRival] = []
        for other in try await store.runs(matching: RunFilter(statuses: [.waiting, .running], group: group))
        where other.run != holder {
            // Only who holds the group is in the way of a queue; what cannot be read is left alone.
            guard concurrency.pending == .supersede, await store.isWhole(other.run) else { continue }
            found.append(GroupRival(other.run, group: group, .cancelled, at: other.place))
        }
        guard let holder else { return found }
        let summary = try? await store.runs(matching: RunFilter(run: holder, limit: 1)).first
        // One that cannot be read holds the group all the same, and nobody ends it.
        let isWorkedOn = try await store.holder(of: holder) != nil
        let isUnreadable = isWorkedOn ? false : !(await store.isWhole(holder))
        let isOpen = summary?.status.isFinished == false
        let fate: GroupRival.Fate =
            switch concurrency.pending {
            case .refuse: .refuses
            case .queue: .goesFirst
            // Who works is left to come to its end, unless all it does is wait for its turn.
            case .supersede: !isOpen || isWorkedOn || isUnreadable ? .goesFirst : .cancelled
            }
        found.append(GroupRival(holder, group: group, fate, at: summary?.place, isUnreadable: isUnreadable))
        return found
    }
}

extension RunStore {
    /// Whether nothing is known to be damaged in the events of a run: those of a newer version, or that cannot be got at now, count
    /// as whole.
    func isWhole(_ run: RunID) async -> Bool { ((try? await damage(of: run)) ?? nil) == nil }
}

extension RunSummary {
    /// The step at which it waits; nil where it waits as a whole, or for nothing.
    fileprivate var place: String? { waits.first.flatMap { $0.step.isEmpty ? nil : $0.step } }
}
