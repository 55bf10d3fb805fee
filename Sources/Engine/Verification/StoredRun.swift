/// Everything that a store keeps of one run, as it lies there: nothing of it is taken to be right.
public struct StoredRun: Sendable {
    /// One event's bytes.
    public struct Line: Sendable, Hashable {
        /// The number that the store has it under; the first is 1.
        public var place: Int
        public var bytes: [UInt8]

        public init(place: Int, bytes: [UInt8]) {
            self.place = place
            self.bytes = bytes
        }
    }

    public var run: RunID
    /// In the order of their places.
    public var lines: [Line]
    /// What the index of runs says, or why that cannot be read.
    public var index: Result<RunSummary, RunStoreError>

    public init(run: RunID, lines: [Line], index: Result<RunSummary, RunStoreError>) {
        self.run = run
        self.lines = lines
        self.index = index
    }
}

extension RunStore {
    /// What is kept of a run, at one moment; nil for an unknown run.
    public func stored(_ run: RunID) async throws(RunStoreError) -> StoredRun? {
        guard let summary = try await runs(matching: RunFilter(run: run, limit: 1)).first else { return nil }
        let lines = try await events(of: run, after: 0)
        return StoredRun(
            run: run, lines: lines.map { StoredRun.Line(place: $0.event.sequence, bytes: $0.bytes) },
            index: .success(summary))
    }
}
