import Documents
import Engine
import Pipelines
import Reporting
import Testing

import struct Foundation.Date

/// What CI services read of the steps of a run.
@Suite struct RunJUnitTests {
    private static let begin = Date(timeIntervalSince1970: 1_800_000_000)

    /// A run of one step; each event with how many seconds after the beginning it comes.
    private func state(
        _ effect: StageDescription.Effect, _ events: [(seconds: Double, kind: RunEvent.Kind)]
    ) throws -> RunState {
        let plan = Plan(pipeline: "release", steps: [Step(id: "work", work: .stage("shell.run"), effect: effect)])
        let creation = RunCreation(run: "r1", plan: plan, requester: "r@x.example")
        var state = try RunState(
            LedgerLine(RunEvent(sequence: 1, time: Self.begin, previous: "", kind: .created(creation))))
        for event in events {
            let time = Self.begin.addingTimeInterval(event.seconds)
            try state.apply(
                LedgerLine(
                    RunEvent(sequence: state.sequence + 1, time: time, previous: state.head, kind: event.kind)))
        }
        return state
    }

    private static func started(_ attempt: Int) -> RunEvent.Kind {
        .started("work", attempt: attempt, token: "t", fence: nil, recovering: false)
    }

    @Test("the time of a step is what all its attempts took, without the pauses between them")
    func time() throws {
        let state = try state(
            .repeatable,
            [
                (0, Self.started(1)),
                (3, .ended("work", attempt: 1, .failed(StageFailure(.transient, "t/t", "not now")))),
                (3, .retryScheduled("work", at: Self.begin.addingTimeInterval(60), reason: "not now")),
                (60, Self.started(2)),
                (64, .ended("work", attempt: 2, .succeeded(output: [:], object: nil, inputDigest: nil))),
                (64, .finished(.succeeded)),
            ])
        let cases = RunReport(state, now: Self.begin.addingTimeInterval(90)).junit.cases
        #expect(cases.map(\.seconds) == [7])
        let report = RunReport(state, now: Self.begin.addingTimeInterval(90))
        #expect(report.text.contains("succeeded  work  7.0 s  attempt 2"), "\(report.text)")
        #expect(report.value["steps"]?[0]?["seconds"] == 7)
    }

    @Test("the hours in which nobody worked on a run are no time of its steps")
    func dead() throws {
        let cut: [(seconds: Double, kind: RunEvent.Kind)] = [
            (0, Self.started(1)), (7200, .resumed(by: "r@x.example", process: "p", only: [])),
        ]
        let end = Self.begin.addingTimeInterval(9000)
        let cancelled = RunReport(
            try state(.repeatable, cut + [(7200, .cancelled("work")), (7200, .finished(.cancelled))]), now: end)
        #expect(!cancelled.text.contains("work  2 h"), "\(cancelled.text)")
        #expect(cancelled.value["steps"]?[0]?["seconds"] == nil)
        let done = AttemptEnding.succeeded(output: [:], object: nil, inputDigest: nil)
        let again = RunReport(
            try state(.repeatable, cut + [(7200, Self.started(2)), (7204, .ended("work", attempt: 2, done))]), now: end)
        #expect(again.value["steps"]?[0]?["seconds"] == 4)
        let gone = RunReport(try state(.repeatable, [(0, Self.started(1))]), now: end, isAbandoned: true)
        #expect(gone.value["steps"]?[0]?["seconds"] == nil)
    }

    @Test("what a person only said, or opened without what was asked for, is no plain success")
    func vouched() throws {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        let state = try state(
            .once,
            [
                (0, Self.started(1)), (3, .suspended("work", doubt)),
                (9, .assumed("work", done: true, by: "ann@x.example", comment: "I looked")), (9, .finished(.succeeded)),
            ])
        let xml = RunReport(state, now: Self.begin.addingTimeInterval(90)).junit.xml
        #expect(xml.contains("<property name=\"assumedBy\" value=\"ann@x.example: I looked\"/>"), "\(xml)")
        #expect(xml.contains("<system-out>assumedBy: ann@x.example: I looked</system-out>"), "\(xml)")
        #expect(xml.contains("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\""), "\(xml)")
    }

    @Test("what was at work when almrun stopped is in doubt, where doing it twice would do harm")
    func stopped() throws {
        func verdicts(_ effect: StageDescription.Effect) throws -> [JUnitReport.Verdict] {
            let report = RunReport(try state(effect, [(0, Self.started(1))]), now: Self.begin.addingTimeInterval(9))
            return report.junit(stoppedBy: "the disk is full").cases.map(\.verdict)
        }
        let cut = "cut off when almrun stopped"
        #expect(try verdicts(.once).last == .error("in doubt: its effect may have happened", details: cut))
        #expect(try verdicts(.repeatable).last == .skipped(cut))
    }

    @Test("where no gate asks anybody, a plan that is made again is no failure and nobody had approved it")
    func replanned() throws {
        let steps = [
            Step(id: "go.preview", work: .gate(.preview), effect: .none, guarding: "go"),
            Step(id: "go", work: .stage("solution.promote"), effect: .once),
        ]
        func lines(_ steps: [Step]) throws -> [EventNarrator.Line] {
            let plan = Plan(pipeline: "release", steps: steps)
            let creation = RunCreation(run: "r1", plan: plan, requester: "r@x.example")
            let first = RunEvent(sequence: 1, time: Self.begin, previous: "", kind: .created(creation))
            var narrator = EventNarrator(tellsStarts: true, from: try RunState(LedgerLine(first)))
            let failure = StageFailure(.stale, "promote/stale", "the target changed")
            let kinds: [RunEvent.Kind] = [
                .ended("go", attempt: 1, .failed(failure)),
                .voided("go", gates: ["go.preview"], changed: ["now: update"], parts: [.plan], round: 2),
            ]
            return kinds.compactMap {
                narrator.line(for: RunEvent(sequence: 2, time: Self.begin, previous: "", kind: $0))
            }
        }
        let told = try lines(steps)
        #expect(told.map(\.word) == ["changed", "again"])
        #expect(!told.contains { $0.text.contains("approved") || $0.tone == .bad })
        let gate = Step(
            id: "go.approval", work: .gate(.approval(ApprovalPolicy(role: "manager"))), effect: .none,
            guarding: "go")
        // A gate that asks people, of whom nobody has said anything.
        #expect(try lines(steps + [gate]).map(\.word) == ["failed", "again"])
    }
}
