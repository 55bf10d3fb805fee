public import struct Foundation.Date

/// One thing that happened in a run; the list of them is all that is ever known of it.
public struct RunEvent: Sendable, Hashable {
    /// The number of the form in which events are written today; older forms stay readable.
    public static let format = 6

    /// 1 for the first event of a run.
    public var sequence: Int
    /// Never before the time of the event before.
    public var time: Date
    /// SHA-256 of the line before, hexadecimal; empty for the first event.
    public var previous: String
    public var kind: Kind
    /// What the logs held of attempts that end with this event, or that were found cut off when it was written.
    public var logs: [LogDigest]

    public init(sequence: Int, time: Date, previous: String, kind: Kind, logs: [LogDigest] = []) {
        self.sequence = sequence
        self.time = time
        self.previous = previous
        self.kind = kind
        self.logs = logs
    }
}
