import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import Testing

@Suite struct RetryTests {
    static let time = Date(timeIntervalSince1970: 1_800_000_000)
    static let passing = StageFailure(.transient, "t/t", "not now")

    /// The fold of a run of one step that may be tried three times.
    static func state(_ kinds: [RunEvent.Kind]) throws -> RunState {
        let plan = Plan(
            pipeline: "release",
            steps: [
                Step(
                    id: "test", work: .stage("connector.test"), effect: .none, retry: RetryPolicy(attempts: 3, delay: 5)
                )
            ])
        return try RunState(RunCreation(run: "r1", plan: plan, requester: "r@x.example"), then: kinds, from: time)
    }

    static func started(_ attempt: Int) -> RunEvent.Kind {
        .started("test", attempt: attempt, token: "t", fence: nil, recovering: false)
    }

    static func failed(_ attempt: Int, _ failure: StageFailure = passing) -> RunEvent.Kind {
        .ended("test", attempt: attempt, .failed(failure))
    }

    static let again = RunEvent.Kind.retryScheduled("test", at: time.addingTimeInterval(60), reason: "not now")

    @Test func theProgressLineCountsTries() throws {
        var narrator = EventNarrator(tellsStarts: true, from: try Self.state([]))
        func line(_ kind: RunEvent.Kind) -> EventNarrator.Line? {
            narrator.line(
                for: RunEvent(sequence: 2, time: Self.time.addingTimeInterval(56), previous: "", kind: kind))
        }
        #expect(line(Self.started(1))?.text == "")
        #expect(line(Self.failed(1))?.details == [])
        #expect(line(Self.again)?.text == "attempt 2 of 3 in 4.0 s: not now")
        #expect(line(Self.started(2))?.text == "attempt 2 of 3")
        let broken = StageFailure(.broken, "t/b", "no")
        #expect(
            line(Self.failed(2, broken))?.details
                == ["not tried again: only 'transient' failures are, and this one is 'broken'"])
        _ = line(Self.started(3))
        #expect(line(Self.failed(3))?.details == ["3 of 3 attempts used"])
        // A run that had ended starts anew when it is taken up again.
        _ = line(.finished(.failed))
        #expect(line(.resumed(by: "r@x.example", process: "p", only: ["test"]))?.text == "only test")
        #expect(line(Self.started(4))?.text == "attempt 1 of 3")
    }

    /// Also on a terminal, where the beginning is no line of its own.
    @Test(arguments: [false, true])
    func whatEndsSaysWhichAttemptItWas(_ tellsStarts: Bool) throws {
        let plan = Plan(pipeline: "release", steps: [Step(id: "make", work: .stage("shell.run"), effect: .repeatable)])
        let started = RunEvent.Kind.started("make", attempt: 1, token: "t", fence: nil, recovering: false)
        let state = try RunState(
            RunCreation(run: "r1", plan: plan, requester: "r@x.example"), then: [started], from: Self.time)
        var narrator = EventNarrator(tellsStarts: tellsStarts, from: state)
        func line(_ kind: RunEvent.Kind) -> EventNarrator.Line? {
            narrator.line(for: RunEvent(sequence: 9, time: Self.time, previous: "", kind: kind))
        }
        _ = line(.resumed(by: "r@x.example", process: "p", only: []))
        let done = AttemptEnding.succeeded(output: [:], object: nil, inputDigest: nil)
        _ = line(.started("make", attempt: 2, token: "t", fence: nil, recovering: false))
        #expect(line(.ended("make", attempt: 2, done))?.text == "0 ms  attempt 2")
        var other = EventNarrator(tellsStarts: tellsStarts, from: try Self.state([]))
        func said(_ kind: RunEvent.Kind) -> String? {
            other.line(for: RunEvent(sequence: 9, time: Self.time, previous: "", kind: kind))?.text
        }
        _ = said(Self.started(1))
        #expect(said(Self.failed(1)) == "not now [t/t]")
        _ = said(Self.again)
        _ = said(Self.started(2))
        #expect(said(Self.failed(2)) == "attempt 2 of 3: not now [t/t]")
    }

    @Test func aRunThatIsTakenUpAgainGoesOnCounting() throws {
        let state = try Self.state([Self.started(1), Self.failed(1), Self.again, .rested])
        var narrator = EventNarrator(tellsStarts: true, from: state)
        func line(_ kind: RunEvent.Kind) -> EventNarrator.Line? {
            narrator.line(for: RunEvent(sequence: 9, time: Self.time, previous: "", kind: kind))
        }
        _ = line(.resumed(by: "r@x.example", process: "p", only: []))
        #expect(line(Self.started(2))?.text == "attempt 2 of 3")
    }

    /// What may have had its effect is looked for, and only then maybe tried again.
    @Test(
        arguments: [
            (2, "looks in 4.0 s whether the last attempt took effect, attempt 2 of 2 only where it did not: too long"),
            (1, "looks in 4.0 s whether the last attempt took effect: too long"),
        ])
    func whatRanOutOfItsTimeIsLookedFor(_ attempts: Int, _ words: String) throws {
        let policy = attempts > 1 ? RetryPolicy(attempts: attempts) : nil
        let plan = Plan(
            pipeline: "release",
            steps: [Step(id: "test", work: .stage("shell.run"), effect: .once, retry: policy, timeout: 1)])
        let creation = RunCreation(run: "r1", plan: plan, requester: "r@x.example")
        let failure = StageFailure(.transient, StageFailure.timeoutCode, "too long")
        let again = RunEvent.Kind.retryScheduled("test", at: Self.time.addingTimeInterval(60), reason: "too long")
        let kinds = [Self.started(1), Self.failed(1, failure), again]
        var narrator = EventNarrator(tellsStarts: true, from: try RunState(creation, then: [], from: Self.time))
        let lines = kinds.map {
            narrator.line(for: RunEvent(sequence: 2, time: Self.time.addingTimeInterval(56), previous: "", kind: $0))
        }
        #expect(lines.last??.text == words)
        let state = try RunState(creation, then: kinds, from: Self.time)
        let later = words.replacing("in 4.0 s", with: "at 2027-01-15T08:01:00.000Z")
        let report = RunReport(state, now: Self.time)
        #expect(report.text.contains(later), "\(report.text)")
        #expect(state.waitsForRetries.map(\.suspension.message) == [later])
        let why = try #require(state.why("test", now: Self.time))
        #expect(why.details.contains { later.hasPrefix($0) }, "\(why.details)")
    }

    @Test func theReportSaysWhatIsLeft() throws {
        let waiting = RunReport(try Self.state([Self.started(1), Self.failed(1), Self.again]), now: Self.time)
        #expect(waiting.text.contains("attempt 2 of 3 at 2027-01-15T08:01:00.000Z: not now"))
        let step = try #require(waiting.value["steps"]?[0])
        #expect(step["tries"] == 1)
        #expect(step["attempts"] == 1)
        #expect(step["of"] == 3)
        #expect(step["again"]?["because"] == "not now")
        let over = RunReport(
            try Self.state([
                Self.started(1), Self.failed(1), Self.again, Self.started(2), Self.failed(2), Self.again,
                Self.started(3), Self.failed(3), .finished(.failed),
            ]), now: Self.time)
        #expect(over.ending.contains("test: not now [t/t]\n  3 of 3 attempts used\n"))
        #expect(over.text.contains("not now [t/t]; 3 of 3 attempts used"))
    }
}
