import Synchronization

public import struct Foundation.Date

/// The time as the engine knows it; tests bring their own and never sleep.
public struct RunClock: Sendable {
    public var now: @Sendable () -> Date
    /// Returns when the time has come; throws when the task is cancelled.
    public var sleep: @Sendable (_ until: Date) async throws -> Void

    public init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Date) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// The clock of the machine, which goes on at its pace in this process when somebody sets it back; a sleep is not
    /// shortened or lengthened when somebody sets it.
    public static let system = steady { Date() }

    /// A clock that follows another one forward and never back.
    public static func steady(_ wall: @escaping @Sendable () -> Date) -> RunClock {
        let last = Reading(Last(date: wall(), instant: .now))
        let now: @Sendable () -> Date = {
            last.value.withLock { last in
                // First the wall: who is kept waiting between the two would run ahead by that for ever.
                let wall = wall()
                let instant = ContinuousClock.now
                let passed = (instant - last.instant).components
                let paced = last.date.addingTimeInterval(Double(passed.seconds) + Double(passed.attoseconds) / 1e18)
                last = Last(date: max(wall, paced), instant: instant)
                return last.date
            }
        }
        return RunClock(
            now: now,
            sleep: { date in
                let seconds = date.timeIntervalSince(now())
                if seconds > 0 { try await Task.sleep(for: .seconds(min(seconds, 31_536_000)), clock: .continuous) }
            })
    }

    private struct Last: Sendable {
        var date: Date
        var instant: ContinuousClock.Instant
    }

    private final class Reading: Sendable {
        let value: Mutex<Last>
        init(_ last: Last) { value = Mutex(last) }
    }
}
