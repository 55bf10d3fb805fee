extension RunState {
    /// Reads a run that is to be taken up: refuses one whose events open a gate that nobody's decisions justify, and one
    /// whose last event is another one than the run index names.
    ///
    /// It costs one walk over the events more than ``load(_:from:objects:)``; ``RunVerification`` looks at all there is.
    public static func loadJustified(
        _ run: RunID, from store: any RunStore, objects: ObjectStore? = nil
    ) async throws(RunStoreError) -> RunState {
        let (state, fault) = try await loadJudged(run, from: store, objects: objects)
        if let fault { throw .damaged(untaken(run, fault)) }
        return state
    }

    /// That a run is not taken up, why, and the command that says more, which the reason may have named already.
    public static func untaken(_ run: RunID, _ fault: String) -> String {
        "run '\(run)' is not taken up: \(fault)\(verification(of: run, after: fault))"
    }

    /// The command that says more of a fault, behind it; empty where that names it already.
    public static func verification(of run: RunID, after fault: String) -> String {
        fault.contains("`almrun verify \(run)`") ? "" : "; `almrun verify \(run)` says more"
    }

    /// Reads a run with why it would not be taken up, lower case, without the run's name; nil when it would be.
    public static func loadJudged(
        _ run: RunID, from store: any RunStore, objects: ObjectStore? = nil
    ) async throws(RunStoreError) -> (state: RunState, fault: String?) {
        // Before the events: what is added in between is no difference.
        let index = try await indexed(run, in: store)
        let lines = try await store.events(of: run, after: 0)
        guard !lines.isEmpty else { throw .unknownRun(run.rawValue) }
        var state = try RunState(lines)
        let fault = fault(lines, index, run, objects)
        if let objects { state.fetchOutputs(from: objects) }
        return (state, fault)
    }

    /// The same of a run among others, as ``loadUndamaged(_:from:objects:_:)`` reads it.
    public static func loadJudgedUndamaged(
        _ run: RunID, from store: any RunStore, objects: ObjectStore? = nil,
        _ damaged: (RunID, RunStoreError) -> Void
    ) async throws(RunStoreError) -> (state: RunState, fault: String?)? {
        try await undamaged(run, damaged) { () throws(RunStoreError) in
            try await loadJudged(run, from: store, objects: objects)
        }
    }

    /// Why a run would not be taken up though it can be read, lower case, without the run's name; nil when it would be.
    public static func fault(
        of run: RunID, in store: any RunStore, objects: ObjectStore? = nil
    ) async throws(RunStoreError) -> String? {
        let index = try await indexed(run, in: store)
        let lines = try await store.events(of: run, after: 0)
        return fault(lines, index, run, objects)
    }

    static func fault(
        _ lines: [LedgerLine], _ index: RunSummary?, _ run: RunID, _ objects: ObjectStore?
    ) -> String? {
        if let index, index.events > lines.count {
            return "the run index counts \(index.events) events, and there are \(lines.count)"
        }
        if let index, index.events > 0, lines[index.events - 1].hash != index.head {
            return "the run index names another hash for event \(index.events)"
        }
        let codes: Set = ["verify/gate", "verify/fold", "verify/other-run"]
        return DecisionCheck(lines, isWhole: true, run: run, objects: objects).discrepancies
            .first { codes.contains($0.code) }?.message
    }

    /// What the index says of a run; nil where its row cannot be read: then the events count.
    private static func indexed(
        _ run: RunID, in store: any RunStore
    ) async throws(RunStoreError) -> RunSummary? {
        do throws(RunStoreError) {
            return try await store.runs(matching: RunFilter(run: run, limit: 1)).first
        } catch {
            guard case .damaged = error else { throw error }
            return nil
        }
    }
}
