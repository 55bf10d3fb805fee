import Engine

import struct Foundation.Date

/// A run with what it takes to decide whether it may go.
struct PrunableRun: Sendable {
    var number: Int64
    var run: RunID
    var pipeline: String
    var status: RunStatus
    var updated: Date
    var events: Int
    /// Results that are kept under its name.
    var results: Int
    var holdsLock: Bool
}
