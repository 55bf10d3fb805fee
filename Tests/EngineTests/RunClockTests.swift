import Engine
import Foundation
import Synchronization
import Testing

@Suite struct RunClockTests {
    @Test func followsForwardAndNeverBack() async throws {
        let wall = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
        let clock = RunClock.steady { wall.withLock { $0 } }
        let begin = clock.now()
        #expect(begin >= Date(timeIntervalSince1970: 1_800_000_000))
        wall.withLock { $0 += 3600 }
        let later = clock.now()
        #expect(later.timeIntervalSince(begin) >= 3590)
        // Set back by a day, it goes on at its pace, and a sleep takes as long as it says.
        wall.withLock { $0 -= 86_400 }
        let back = clock.now()
        #expect(back >= later)
        #expect(back.timeIntervalSince(later) < 3600)
        let started = ContinuousClock.now
        try await clock.sleep(back.addingTimeInterval(0.02))
        // By the wall clock it would be a day; a machine with much else to do may take its time.
        #expect(ContinuousClock.now - started < .seconds(3600))
        #expect(clock.now() > back)
    }

    /// Who is kept waiting while it reads the clock is not ahead of everybody else afterwards.
    @Test func aProcessThatIsKeptWaitingDoesNotRunAhead() {
        let isKept = Mutex(false)
        let clock = RunClock.steady {
            if isKept.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.05) }
            return Date()
        }
        isKept.withLock { $0 = true }
        _ = clock.now()
        isKept.withLock { $0 = false }
        let read = clock.now()
        #expect(read <= Date())
    }
}
