/// What a store says of all its runs, read once for several questions.
public struct RunIndex: Sendable {
    /// Newest first.
    public let runs: [RunSummary]
    /// Those whose rows cannot be read.
    public let unreadable: [UnreadableRun]
    /// Those that have events and no row.
    public let unindexed: [UnreadableRun]

    /// Reads it from a store.
    public init(of store: any RunStore) async throws(RunStoreError) {
        unreadable = try await store.unreadableRuns()
        unindexed = try await store.unindexedRuns()
        runs = try await store.runs(matching: .all)
    }
}
