public import struct Foundation.Date

/// A run whose row in the index holds what almrun never writes, so that lists leave it out.
public struct UnreadableRun: Sendable, Hashable {
    /// Nil when not even the name can be read.
    public var run: RunID?
    /// How it is called, such as `number 7` without a name.
    public var name: String
    /// Nil when that cannot be read.
    public var created: Date?
    /// Names the run, the column and what to do; lower case, no full stop.
    public var reason: String

    public init(run: RunID?, name: String, created: Date?, reason: String) {
        self.run = run
        self.name = name
        self.created = created
        self.reason = reason
    }
}

extension RunStore {
    /// A store that keeps no rows has none that cannot be read.
    public func unreadableRuns() async throws(RunStoreError) -> [UnreadableRun] { [] }

    /// A store that keeps no index has no events besides it.
    public func unindexedRuns() async throws(RunStoreError) -> [UnreadableRun] { [] }

    /// In a store that keeps no record of it nobody gave up a run.
    public func givenUpRuns() async throws(RunStoreError) -> [RunID] { [] }

    /// The newest run; nil when there is none.
    ///
    /// Throws when a run that may be newer is one that cannot be read: what is meant for it must not go to another one.
    public func newestRun() async throws(RunStoreError) -> RunSummary? {
        let newest = try await runs(matching: RunFilter(limit: 1)).first
        for one in try await unreadableRuns() {
            if let newest, let created = one.created, created < newest.created { continue }
            throw .damaged("which run is the latest one is not known; name the one that is meant: \(one.reason)")
        }
        return newest
    }
}

extension RunID {
    /// The command that gives up a run which cannot be read; what it holds is to be taken away from it before.
    public var removal: String { "almrun runs prune --run \(shellWord(rawValue)) --reason \"...\"" }
}
