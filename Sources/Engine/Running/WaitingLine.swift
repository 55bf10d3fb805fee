import struct Foundation.Date

/// What a process has seen of the runs that come before its own at one lock.
struct WaitingLine: Sendable {
    /// Where a run stands that waits; as long as it stays the same, the run does nothing with its turn.
    struct Position: Hashable, Sendable {
        /// How often its step has begun.
        var attempts = 0
        /// What it says that it waits for.
        var cause: Suspension.Cause?
        /// It had its turn, and a gate looks once more what would happen.
        var isLooking = false
    }

    private struct Seen {
        var position: Position
        var since: Date
        var isPassed = false
    }

    private var seen: [RunID: Seen] = [:]
    /// The run that was named last: the first to be asked again.
    private(set) var first: RunID?

    /// Whether the lock was free for so long, and the run, whose turn it was, did not take it. Such a run is passed until it
    /// does something.
    mutating func isPassed(_ run: RunID, at position: Position, now: Date, after patience: Double) -> Bool {
        var known = seen[run] ?? Seen(position: position, since: now)
        if known.position != position { known = Seen(position: position, since: now) }
        if now.timeIntervalSince(known.since) >= patience { known.isPassed = true }
        seen[run] = known
        return known.isPassed
    }

    /// It is the turn of this one, of another, or somebody has the lock: the time of all others counts from the next time on.
    mutating func names(_ run: RunID?) {
        first = run
        seen = seen.filter { $0.key == run || $0.value.isPassed }
    }

    /// Whether the run was passed already when it was last seen.
    func hasPassed(_ run: RunID) -> Bool { seen[run]?.isPassed ?? false }
}
