import Documents
import Engine
import Foundation
import Pipelines
import Reporting
import TestSupport
import Testing

/// Effects that a kill, a signal or a cancel left in doubt are in everybody's inbox.
@Suite struct DoubtInboxTests {
    private let store = MemoryRunStore()
    private let begin = Date(timeIntervalSince1970: 1_790_000_000)

    private func add(
        _ run: RunID, _ kinds: [RunEvent.Kind], effect: StageDescription.Effect = .once, besides: [StepID] = []
    ) async throws {
        let steps =
            [Step(id: "tell", work: .stage("shell.run"), effect: effect)]
            + besides.map { Step(id: $0, work: .stage("shell.run"), effect: .repeatable) }
        let creation = RunCreation(
            run: run, plan: Plan(pipeline: "release", steps: steps), requester: "r@x.example")
        let first = LedgerLine(RunEvent(sequence: 1, time: begin, previous: "", kind: .created(creation)))
        var state = try RunState(first)
        let start = RunEvent.Kind.started("tell", attempt: 1, token: "t", fence: nil, recovering: false)
        let lines = try [first] + ([start] + kinds).map { try state.add($0, now: begin) }
        try await store.append(EventBatch(after: 0, lines: lines, summary: state.summary), to: run)
    }

    private func inbox(limit: Int = 50) async throws -> Inbox {
        try await Inbox.read(.init(person: "eve@x.example", roles: [], limit: limit), from: store, now: begin)
    }

    private static let timeout = StageFailure(.transient, StageFailure.timeoutCode, "the attempt took too long")
    private static let over: [[RunEvent.Kind]] = [
        [.cancelRequested(by: "ann@x.example", reason: nil), .ended("tell", attempt: 1, .cancelled)],
        [.interrupted(by: "ann@x.example"), .ended("tell", attempt: 1, .cancelled)],
        [
            .suspended("tell", Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "who knows")),
            .rested, .cancelRequested(by: "ann@x.example", reason: nil),
            .resumed(by: "ann@x.example", process: "h:2", only: []), .cancelled("tell"),
        ],
        [.ended("tell", attempt: 1, .failed(timeout))],
        [
            .cancelRequested(by: "ann@x.example", reason: nil),
            .resumed(by: "ann@x.example", process: "h:2", only: []), .cancelled("tell"),
        ],
    ]

    @Test(arguments: over.indices) func ofARunThatIsOver(_ place: Int) async throws {
        let kinds = Self.over[place]
        let status: RunStatus = place == 3 ? .failed : .cancelled
        try await add("r1", kinds + [.finished(status)])
        let inbox = try await inbox()
        #expect(inbox.doubts.map(\.step) == ["tell"])
        #expect(
            inbox.doubts.first?.reason
                == "'tell' was cut off, and its effect may have happened; the run is \(status.rawValue)")
        #expect(inbox.text.contains("stays as it is: `almrun resume r1 --assume tell=done` (or not-done)"))
        #expect(inbox.text.contains("`almrun resume r1 --rerun tell` takes the run up, and looks once more"))
        #expect(!inbox.text.contains("nothing waits"))
    }

    /// However much else of the run began and ended after it.
    @Test(arguments: [true, false]) func ofAStageThatBeganLongBeforeTheEnd(_ isCutOff: Bool) async throws {
        let quick = (1...150).map { StepID("q\($0)") }
        let others = quick.flatMap { step -> [RunEvent.Kind] in
            [
                .started(step, attempt: 1, token: "t\(step)", fence: nil, recovering: false),
                .ended(step, attempt: 1, .succeeded(output: [:], object: nil, inputDigest: nil)),
            ]
        }
        let cutOff: [RunEvent.Kind] = [
            .cancelRequested(by: "ann@x.example", reason: nil),
            .resumed(by: "ann@x.example", process: "h:2", only: []), .cancelled("tell"), .finished(.cancelled),
        ]
        let timeout: [RunEvent.Kind] = [.ended("tell", attempt: 1, .failed(Self.timeout))]
        try await add("r1", isCutOff ? others + cutOff : timeout + others + [.finished(.failed)], besides: quick)
        #expect(try await inbox().doubts.map(\.step) == ["tell"])
    }

    /// A run that is longer than all that is read is read where it is the newest; older ones are said not to be.
    @Test func ofTheNewestHoweverLongItIs() async throws {
        let looks = (1...1300).flatMap { number -> [RunEvent.Kind] in
            [
                .started("q", attempt: number, token: "t", fence: nil, recovering: false),
                .retryScheduled("q", at: begin, reason: "busy"),
            ]
        }
        for run in ["r1", "r2"] as [RunID] {
            let stop: [RunEvent.Kind] = [.cancelRequested(by: "ann@x.example", reason: nil)]
            try await add(
                run, looks + stop + [.ended("tell", attempt: 1, .cancelled), .cancelled("q"), .finished(.cancelled)],
                besides: ["q"])
        }
        let inbox = try await inbox()
        #expect(inbox.doubts.count == 1 && inbox.doubtsLookedAt == 1)
        #expect(inbox.text.contains("only 1 of the newest runs that failed or were cancelled were read"))
    }

    @Test func ofARunWhoseProcessIsGone() async throws {
        try await add("r1", [])
        let inbox = try await inbox()
        #expect(inbox.doubts.map(\.step) == ["tell"])
        #expect(inbox.text.contains("  first `almrun resume r1`, which ends what it left running"))
        // As long as a process works on it, it tells itself.
        let hold = try await store.hold("r1")
        #expect(try await self.inbox().doubts.isEmpty)
        hold.release()
    }

    @Test func notWhereItIsKnown() async throws {
        let stop: [RunEvent.Kind] = [.interrupted(by: "ann@x.example"), .ended("tell", attempt: 1, .cancelled)]
        try await add("r1", stop + [.finished(.cancelled)], effect: .repeatable)
        let failure = StageFailure(.rejected, "t/no", "no")
        try await add("r2", [.ended("tell", attempt: 1, .failed(failure)), .finished(.failed)])
        try await add(
            "r3",
            stop + [
                .finished(.cancelled), .resumed(by: "ann@x.example", process: "h:2", only: []),
                .assumed("tell", done: true, by: "ann@x.example", comment: nil), .finished(.succeeded),
            ])
        try await add("r4", [], effect: .repeatable)
        #expect(try await inbox().doubts.isEmpty)
    }

    /// What was not looked at is said.
    @Test func onlyTheNewestAreLookedAt() async throws {
        for number in 0...100 {
            let stop: [RunEvent.Kind] = [.interrupted(by: "ann@x.example"), .ended("tell", attempt: 1, .cancelled)]
            try await add(RunID("r\(1000 + number)"), stop + [.finished(.cancelled)], effect: .repeatable)
        }
        let inbox = try await inbox()
        #expect(inbox.doubtsLookedAt == 100)
        #expect(inbox.text.contains("only 100 of the newest runs that failed or were cancelled were read"))
    }
}
