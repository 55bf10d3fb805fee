public import Pipelines

/// What earlier runs say of who opened gates, and which of them say nothing because they cannot be read.
public struct EarlierApprovals: Sendable, Hashable {
    public var approvals: [EarlierApproval]
    /// Nobody knows who opened gates in these.
    public var unreadable: [RunID]

    public init(approvals: [EarlierApproval] = [], unreadable: [RunID] = []) {
        self.approvals = approvals
        self.unreadable = unreadable
    }

    /// What the newest runs say of the environments whose approvers a plan leaves out, for a run that is made of it.
    ///
    /// - Parameters:
    ///   - limit: How many runs are read.
    ///   - damaged: Is told of runs that cannot be read.
    public static func find(
        for plan: Plan, in store: any RunStore, limit: Int = 50,
        damaged: (RunID, RunStoreError) -> Void = { _, _ in }
    ) async throws(RunStoreError) -> EarlierApprovals {
        let environments = plan.environmentsOfExcludedApprovers
        var found = EarlierApprovals()
        guard !environments.isEmpty else { return found }
        let strange = try await store.unreadableRuns()
        found.unreadable = strange.nameless
        let runs = try await store.runs(matching: RunFilter(limit: limit)).map(\.run)
        // What the index says of a run is not needed; who approved there may not approve here all the same.
        for run in runs + strange.compactMap(\.run) {
            let state = try await RunState.loadUndamaged(run, from: store) { run, error in
                found.unreadable.append(run)
                damaged(run, error)
            }
            guard let state else { continue }
            // What that run had from earlier ones is theirs to say, as long as they are among the newest.
            for one in state.approvals() where one.run == run && environments.contains(one.environment) {
                found.approvals.append(one)
            }
        }
        return found
    }
}

extension [UnreadableRun] {
    /// Those of which not even the name can be read, as the store speaks of them.
    var nameless: [RunID] { filter { $0.run == nil }.map { RunID($0.name) } }
}

extension Plan {
    /// The environments of which some gate says `approvers-of`.
    var environmentsOfExcludedApprovers: Set<String> {
        var names: Set<String> = []
        for step in steps {
            guard case .gate(.approval(let policy)) = step.work else { continue }
            for case .approvers(let name) in policy.distinctFrom { names.insert(name) }
        }
        return names
    }
}
