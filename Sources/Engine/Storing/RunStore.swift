public import struct Foundation.Date

/// Keeps what happened.
///
/// `append` returns once the events are durable; callers keep cancellation away from it.
public protocol RunStore: Sendable {
    /// Adds events, all of them or none; the first batch of a run makes it.
    func append(_ batch: EventBatch, to run: RunID) async throws(RunStoreError)

    /// The events of a run that come after so many, in order; none for an unknown run.
    func events(of run: RunID, after sequence: Int) async throws(RunStoreError) -> [LedgerLine]

    /// Those of some runs in which the line of an event that comes after so many has one of these texts in it.
    func mentioning(
        _ texts: [String], among runs: [RunID], after sequence: Int
    ) async throws(RunStoreError) -> Set<RunID>

    /// What is kept of a run, at one moment and whatever state it is in; nil for an unknown run.
    func stored(_ run: RunID) async throws(RunStoreError) -> StoredRun?

    /// The runs that a filter lets through, newest first, without those of ``unreadableRuns()``.
    ///
    /// When the filter is for one run by its name and that cannot be read, this fails.
    func runs(matching filter: RunFilter) async throws(RunStoreError) -> [RunSummary]

    /// The runs that lists leave out because the index says of them what almrun never writes.
    func unreadableRuns() async throws(RunStoreError) -> [UnreadableRun]

    /// The runs of which the index has no row, while their events are there.
    func unindexedRuns() async throws(RunStoreError) -> [UnreadableRun]

    /// Runs that could not be read, and that somebody gave up since.
    func givenUpRuns() async throws(RunStoreError) -> [RunID]

    /// The one run whose name is or begins with the text.
    func run(named prefix: String) async throws(RunStoreError) -> RunID

    /// Takes a lock that is free, has run out or is this step's own already.
    func claim(
        _ lock: String, run: RunID, step: String, now: Date, until expiry: Date?
    ) async throws(RunStoreError) -> Claim

    /// Puts the end of a lease off; false when it is somebody else's now.
    func renew(_ lock: Lock, until expiry: Date) async throws(RunStoreError) -> Bool

    /// Gives a lock back; false, and nothing happens, when it is not held under its number any more.
    @discardableResult func release(_ lock: Lock) async throws(RunStoreError) -> Bool

    /// The locks that are held, without those of ``unreadableLocks()``.
    func locks() async throws(RunStoreError) -> [Lock]

    /// The rows of locks that hold what almrun never writes, held or not.
    func unreadableLocks() async throws(RunStoreError) -> [UnreadableLock]

    /// The newest results for inputs with these digests, as far as there are any that their runs' ledgers vouch for.
    func results(for inputDigests: [String]) async throws(RunStoreError) -> EarlierResults

    /// All results that steps may be given, compared with the ledgers of their runs.
    func auditResults() async throws(RunStoreError) -> ResultAudit

    /// Takes the right to work on a run; fails with ``RunStoreError/busy(_:_:)`` when another process has it.
    func hold(_ run: RunID) async throws(RunStoreError) -> RunHold

    /// The process that works on a run; one with an ``RunHold/Holder/obstacle`` where it cannot be told whether any does.
    func holder(of run: RunID) async throws(RunStoreError) -> RunHold.Holder?
}

extension RunStore {
    /// Whether the line of an event of a run, other than the first, has one of these texts in it.
    public func mentions(_ texts: [String], in run: RunID) async throws(RunStoreError) -> Bool {
        try await !mentioning(texts, among: [run], after: 1).isEmpty
    }

    public func mentioning(
        _ texts: [String], among runs: [RunID], after sequence: Int
    ) async throws(RunStoreError) -> Set<RunID> {
        var found: Set<RunID> = []
        for run in runs {
            let lines = try await events(of: run, after: sequence).map(\.text)
            if lines.contains(where: { line in texts.contains { line.contains($0) } }) { found.insert(run) }
        }
        return found
    }
}
