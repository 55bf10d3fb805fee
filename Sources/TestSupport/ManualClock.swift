public import Engine
import Synchronization

public import struct Foundation.Date

/// A clock that a test moves; it can also jump by itself to the next time that anybody waits for.
public final class ManualClock: Sendable {
    private struct State {
        var now: Date
        var next = 0
        var sleepers: [Int: (until: Date, continuation: CheckedContinuation<Void, any Error>)] = [:]
    }

    private let state: Mutex<State>
    private let jump: Double

    /// A clock that jumps: every sleep is over soon, whatever others still have to do.
    ///
    /// - Parameter jump: How many seconds it jumps at most. A longer sleep waits until the test moves the clock, so that nobody
    ///   runs out of time because the machine is busy; 0 for a clock that stands.
    public init(_ now: Date = Date(timeIntervalSince1970: 1_800_000_000), jump: Double = .infinity) {
        state = Mutex(State(now: now))
        self.jump = jump
    }

    public var now: Date { state.withLock(\.now) }

    /// How many wait.
    public var sleeping: Int { state.withLock(\.sleepers.count) }

    /// The clock as the engine uses it.
    public var clock: RunClock {
        RunClock(now: { self.now }, sleep: { try await self.sleep(until: $0) })
    }

    /// Moves the time on, or back.
    public func advance(by seconds: Double) {
        set { $0.addingTimeInterval(seconds) }
    }

    private func set(_ time: (Date) -> Date) {
        let woken = state.withLock { state in
            state.now = time(state.now)
            let over = state.sleepers.filter { $0.value.until <= state.now }
            for number in over.keys { state.sleepers[number] = nil }
            return over.values
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    private func sleep(until date: Date) async throws {
        try Task.checkCancellation()
        if date.timeIntervalSince(now) <= jump {
            // Whoever has something to do does it first, as a rule.
            for _ in 0..<50 { await Task.yield() }
            try await Task.sleep(for: .microseconds(300))
            set { max($0, date) }
            return
        }
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let early = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if date <= state.now { return .success(()) }
                    state.sleepers[number] = (date, continuation)
                    return nil
                }
                if let early { continuation.resume(with: early) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
