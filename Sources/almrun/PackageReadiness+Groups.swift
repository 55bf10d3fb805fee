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
        for other in try await store.runs(matching: RunFilter(statuses: [.waiting, .running], group: group)) {
            let place = other.waits.first?.step
            switch concurrency.pending {
            case .supersede:
                let isWorkedOn = try await store.holder(of: other.run) != nil
                // Who works is left to come to its end, unless all it does is wait for its turn.
                let isFirst = isWorkedOn && other.run == holder
                found.append(GroupRival(other.run, group: group, isFirst ? .goesFirst : .cancelled, at: place))
            case .refuse where other.run == holder:
                found.append(GroupRival(other.run, group: group, .refuses, at: place))
            case .queue where other.run == holder:
                found.append(GroupRival(other.run, group: group, .goesFirst, at: place))
            case .queue, .refuse: continue
            }
        }
        // One that cannot be read holds the group all the same.
        if let holder, !found.contains(where: { $0.run == holder }) {
            let fate: GroupRival.Fate = concurrency.pending == .refuse ? .refuses : .goesFirst
            found.append(GroupRival(holder, group: group, fate, at: nil))
        }
        return found
    }
}
