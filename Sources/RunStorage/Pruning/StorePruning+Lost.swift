import Engine

/// A run that was lost with a damaged store goes from what is kept of it, when somebody says so.
extension StorePruning {
    /// Gives up a run of which the store has nothing, or what stands for those whose names nothing knows.
    ///
    /// Objects stay: what no run names goes with the next prune, once no run is lost.
    func giveUp(
        _ lost: UnreadableRun, by person: String, reason: String, force: Bool, changing: Bool,
        clearing: (RunRemains) async -> Void
    ) async throws -> PruneReport {
        let locks = lost.run == nil ? [] : try await locks(of: lost.run, lost.name, force)
        if let run = lost.run, let holder = store.locking.holder(of: run) { throw RunStoreError.busy(run, holder) }
        var report = PruneReport()
        report.fileBefore = fileSize
        report.fileAfter = report.fileBefore
        report.runs = [RunID(lost.name)]
        report.locks = locks.map { RemovalRecord.text(of: $0) }
        report.lost = [Self.lostWords]
        if changing {
            if let run = lost.run { await clearing(RunRemains(run, lines: [])) }
            try await keepRecord(report, by: person, reason: reason)
            // No run has this number.
            if let run = lost.run { try await store.removeUnreadable(-1, run, events: 0, locks) }
            try LostRuns(folder: store.folder).giveUp(lost.name, by: person, reason: reason, at: clock.now())
        }
        if let run = lost.run { removeLogs(of: run, changing, &report) }
        return report
    }
}
