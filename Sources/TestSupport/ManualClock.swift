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
    private let jumps: Bool

    /// A clock that stands; with `jumps` every sleep is over as soon as nothing else has anything to do.
    public init(_ now: Date = Date(timeIntervalSince1970: 1_800_000_000), jumps: Bool = true) {
        state = Mutex(State(now: now))
        self.jumps = jumps
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
        let woken = state.withLock { state in
            state.now = state.now.addingTimeInterval(seconds)
            return Self.wake(&state)
        }
        for continuation in woken { continuation.resume() }
    }

    private static func wake(_ state: inout State) -> [CheckedContinuation<Void, any Error>] {
        var woken: [CheckedContinuation<Void, any Error>] = []
        for (number, sleeper) in state.sleepers where sleeper.until <= state.now {
            woken.append(sleeper.continuation)
            state.sleepers[number] = nil
        }
        return woken
    }

    private func sleep(until date: Date) async throws {
        try Task.checkCancellation()
        if jumps {
            // Whoever has something to do does it first.
            for _ in 0..<50 { await Task.yield() }
            try await Task.sleep(for: .microseconds(300))
            state.withLock { $0.now = max($0.now, date) }
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
