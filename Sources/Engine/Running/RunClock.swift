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

    /// The clock of the machine; a sleep is not shortened or lengthened when somebody sets it.
    public static let system = RunClock(
        now: { Date() },
        sleep: { date in
            let seconds = date.timeIntervalSinceNow
            if seconds > 0 { try await Task.sleep(for: .seconds(min(seconds, 31_536_000)), clock: .continuous) }
        })
}
