public import Pipelines

public import struct Foundation.Date

/// Looks what earlier runs say of who opened gates, and which of them say nothing because they cannot be read.
public enum EarlierApprovals {
    /// How many of the newest runs are read.
    public static let newest = 500

    /// What the newest runs say of the environments whose approvers a plan leaves out, for a run that is made of it.
    ///
    /// - Parameters:
    ///   - limit: How many runs are read.
    ///   - damaged: Is told of runs that cannot be read.
    public static func find(
        for plan: Plan, in store: any RunStore, limit: Int = newest,
        damaged: (RunID, RunStoreError) -> Void = { _, _ in }
    ) async throws(RunStoreError) -> KnownPeople {
        var found = try await find(of: AskedPeople(plan.steps).environments, in: store, limit: limit, damaged: damaged)
        // A new run has no doubt that somebody could have cleared.
        found.cleared = []
        return found
    }

    /// What runs say of some environments.
    ///
    /// - Parameters:
    ///   - run: One that is not read, as it knows itself.
    ///   - limit: How many of the newest runs are read.
    ///   - times: Those at work then are read besides, and what they know of others counts.
    ///   - damaged: Is told of runs that cannot be read.
    public static func find(
        of environments: Set<String>, in store: any RunStore, besides own: RunID? = nil, limit: Int = newest,
        around times: [Date] = [], damaged: (RunID, RunStoreError) -> Void = { _, _ in }
    ) async throws(RunStoreError) -> KnownPeople {
        var found = KnownPeople()
        guard !environments.isEmpty else { return found }
        let strange = try await store.unreadableRuns()
        found.unreadable = strange.nameless
        found.cleared = try await store.givenUpRuns()
        for one in try await store.unindexedRuns() {
            found.unreadable.append(RunID(one.name))
            damaged(RunID(one.name), .damaged(one.reason))
        }
        let runs = try await store.runs(matching: times.isEmpty ? RunFilter(limit: limit + 1) : .all)
        if runs.count > limit { found.lookedThrough = limit }
        let older = runs.dropFirst(limit).filter { one in times.contains { one.created <= $0 && $0 <= one.updated } }
        // What the index says of a run is not needed; who approved there may not approve here all the same.
        let all = runs.prefix(limit).map(\.run) + older.map(\.run) + strange.compactMap(\.run)
        for run in all where run != own {
            let state = try await RunState.loadUndamaged(run, from: store) { run, error in
                found.unreadable.append(run)
                damaged(run, error)
            }
            guard let state else { continue }
            found.cleared.append(run)
            // What that run had from earlier ones is theirs to say, as long as they are among the newest.
            for one in state.approvals() where environments.contains(one.environment) {
                if one.run == run || !times.isEmpty { found.approvals.append(one) }
            }
        }
        return found
    }
}

extension [UnreadableRun] {
    /// Those of which not even the name can be read, as the store speaks of them.
    var nameless: [RunID] { filter { $0.run == nil }.map { RunID($0.name) } }
}
