import Engine

import struct Foundation.Date

/// A run with what it takes to decide whether it may go.
struct PrunableRun: Sendable {
    var number: Int64
    var run: RunID
    var pipeline: String
    var status: RunStatus
    var updated: Date
    /// How many events the index says that it has.
    var events: Int
    /// What the store has of it: as long as it was not counted, nothing.
    var stored = PruneReport.Amount()
    /// Results that are kept under its name.
    var results = 0
    var holdsLock: Bool
}
