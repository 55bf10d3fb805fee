import Pipelines

/// Whose turn it is when several runs wait for one concurrency group: first come, first served.
extension RunDrive {
    /// Claims the group when no earlier run waits for it; nil when one does, which is then written down as what is waited for.
    mutating func claimInTurn(_ name: String, _ concurrency: Plan.Concurrency) async throws -> Claim? {
        // Who supersedes ends those that wait.
        if concurrency.pending != .supersede, try await store.lock(named: name) == nil,
            let first = try await runBefore(in: concurrency.group)
        {
            if state.queue?.holder != first {
                let since = now
                try await write { drive in
                    try drive.stage(.queued(group: concurrency.group, holder: first, since: since))
                }
            }
            return nil
        }
        return try await store.claim(name, run: state.run, step: "", now: now, until: nil)
    }

    /// The oldest run that waits for the group, when it is older than this one.
    ///
    /// One whose process is gone waits for somebody who resumes it, and holds up nobody.
    private func runBefore(in group: String) async throws -> RunID? {
        let filter = RunFilter(statuses: [.running, .waiting], group: group)
        let older = try await store.runs(matching: filter)
            .filter { ($0.created, $0.run) < (state.created, state.run) }
            .sorted { ($0.created, $0.run) < ($1.created, $1.run) }
        for other in older where try await store.holder(of: other.run) != nil {
            // What cannot be read waits for nothing.
            let known = try await RunState.loadUndamaged(other.run, from: store) { _, _ in }
            guard let known, known.cancelRequest == nil, known.queue?.group == group else { continue }
            return other.run
        }
        return nil
    }
}
