import Foundation
import Testing

@testable import Engine

/// Who lets its turn pass.
@Suite struct WaitingLineTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)
    private let here = WaitingLine.Position(attempts: 1)

    private func asks(_ line: inout WaitingLine, _ run: RunID, _ position: WaitingLine.Position, at seconds: Double)
        -> Bool
    {
        let isPassed = line.isPassed(run, at: position, now: start.addingTimeInterval(seconds), after: 10)
        if !isPassed { line.names(run) }
        return isPassed
    }

    @Test func aTurnEndsAfterItsTimeAndForGood() {
        var line = WaitingLine()
        #expect(!asks(&line, "a", here, at: 0))
        #expect(line.first == "a" && !line.hasPassed("a"))
        #expect(!asks(&line, "a", here, at: 9.999))
        #expect(asks(&line, "a", here, at: 10))
        line.names(nil)
        #expect(line.first == nil && line.hasPassed("a"))
        #expect(asks(&line, "a", here, at: 11))
    }

    @Test func whoDoesSomethingIsWaitedForAgain() {
        var line = WaitingLine()
        _ = asks(&line, "a", here, at: 0)
        #expect(!asks(&line, "a", .init(attempts: 1, isLooking: true), at: 10))
        #expect(!asks(&line, "a", here, at: 19))
        #expect(asks(&line, "a", here, at: 29))
        #expect(!asks(&line, "a", .init(attempts: 2), at: 30))
    }

    @Test func onlyTheTimeAtAFreeLockCounts() {
        var line = WaitingLine()
        _ = asks(&line, "a", here, at: 0)
        line.names(nil)
        #expect(!asks(&line, "a", here, at: 30))
        // While another one comes first, the turn is not its own.
        line.names("b")
        #expect(!asks(&line, "a", here, at: 60))
    }
}
