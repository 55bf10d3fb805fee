import struct Foundation.Date

/// Whether an attempt may still change something; asked by a stage that had to wait, right before it does.
struct AttemptAuthority: Sendable {
    let runner: Runner
    let run: RunID
    /// How many events of the run were known for certain when the attempt began.
    let known: Int
    /// Whether a request to end the run ends the attempt; it does not end what runs in spite of one.
    let heedsCancellation: Bool
    /// The lease on the environment that the step works in.
    var lease: Lock?
    var group: Lock?

    /// Throws `CancellationError` when somebody asked for the end of the run, or when a lock is not the run's own any more.
    ///
    /// The process may not have noticed either, so the store is asked. A lease that is still its own is renewed.
    func confirm() async throws {
        try Task.checkCancellation()
        if heedsCancellation {
            for line in try await runner.store.events(of: run, after: known) {
                if case .cancelRequested = line.event.kind { throw CancellationError() }
            }
        }
        if let group {
            let held = try await runner.store.lock(named: group.name)
            guard held?.run == run, held?.fence == group.fence else { throw CancellationError() }
        }
        if let lease {
            let later = EventTime.rounded(runner.clock.now()).addingTimeInterval(runner.settings.lease)
            guard try await runner.store.renew(lease, until: later) else { throw CancellationError() }
        }
        try Task.checkCancellation()
    }
}
