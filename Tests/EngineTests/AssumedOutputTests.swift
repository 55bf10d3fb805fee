import Documents
import Engine
import OrderedCollections
import Pipelines
import TestSupport
import Testing

/// That a step is said to be done says nothing of what it gives.
@Suite struct AssumedOutputTests {
    private let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")

    private func bench(_ known: Value? = nil) -> Bench {
        Bench(
            ScriptedExecutor { [doubt] step, _, attempt in
                guard step.id == "slow" else { return .succeeded([:]) }
                if attempt.recovering, let known { return .found(known) }
                return .suspended(doubt)
            })
    }

    private func said(_ isDone: Bool) -> [Assumption] { [Assumption(step: "slow", isDone: isDone)] }

    private let text = Argument.map([
        "text": .text([.literal("v"), .reference(.output("slow", name: "output", path: []))])
    ])

    @Test func itIsRefusedWhereALaterStepUsesTheOutput() async throws {
        let bench = bench()
        let user = step("c", uses: [("slow", "output")], input: text)
        let waiting = try await bench.start(plan([step("slow", .once), user]))
        let hints = waiting.why("slow", now: bench.clock.now)?.details ?? []
        #expect(hints.contains("that it happened is not enough: 'c' uses 'output' of 'slow'"))
        #expect(!hints.contains { $0.contains("slow=done") })
        do {
            _ = try await bench.resume("r1", said(true))
            Issue.record("it was taken")
        } catch let error as Refusal {
            #expect(error.code == "run/needs-output")
            #expect(error.message.contains("'c' uses 'output' of 'slow'"))
        }
        // Nothing was written.
        #expect(try await bench.state.sequence == waiting.sequence)
        // The other word is taken.
        #expect(try await bench.resume("r1", said(false)).steps[0].works == 2)
    }

    @Test func itIsRefusedWhereAConditionLooksAtTheOutput() async throws {
        let bench = bench()
        _ = try await bench.start(plan([step("slow", .once), step("c", when: when("slow", "status", 0))]))
        await #expect(throws: Refusal.self) { try await bench.resume("r1", said(true)) }
    }

    @Test func itIsTakenWhereNobodyElseNeedsMoreThanItsEnd() async throws {
        let bench = bench()
        _ = try await bench.start(
            plan([
                step("slow", .once), step("next", needs: ["slow"]),
                step("notes", uses: [("slow", "output")], finally: true),
            ]))
        #expect(try await bench.resume("r1", said(true)).status == .succeeded)
    }

    /// A run that an earlier version let end so: the word was taken, and then 'c' had no value.
    private func deadEnd(_ bench: Bench) async throws -> RunState {
        let user = step("c", uses: [("slow", "output")], input: text)
        var state = try await bench.start(plan([step("slow", .once), user, step("last", needs: ["c"])]))
        let failure = StageFailure(.broken, "run/no-value", "'stages.slow.output' has no value to put into a text")
        let kinds: [RunEvent.Kind] = [
            .resumed(by: "eve@contoso.com", process: "p:1", only: []),
            .assumed("slow", done: true, by: "eve@contoso.com", comment: nil),
            .ended("c", attempt: 0, .failed(failure)), .blocked("last", by: "c"), .finished(.failed),
        ]
        let before = state.sequence
        let lines = try kinds.map { try state.add($0, now: bench.clock.now) }
        try await bench.store.append(EventBatch(after: before, lines: lines, summary: state.summary), to: "r1")
        return state
    }

    @Test func aRunThatEndedSoHasAWayOut() async throws {
        let bench = bench(["output": "1"])
        let ended = try await deadEnd(bench)
        #expect(ended.assumedWithoutOutputs == ["slow"])
        let state = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["slow"]).state
        // It was looked for, and not simply done again.
        #expect(bench.executor.calls.filter { $0.step == "slow" }.map(\.recovering) == [false, true])
        #expect(state.statuses == ["slow": .succeeded, "c": .succeeded, "last": .succeeded])
        #expect(bench.executor.calls.first { $0.step == "c" }?.input == ["text": "v1"])
        // Read again from its lines, it is the same.
        #expect(try await bench.state.steps == state.steps)
    }

    @Test func withoutAProbeTheWayOutAsksAPerson() async throws {
        let bench = bench()
        _ = try await deadEnd(bench)
        let state = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["slow"]).state
        #expect(state.statuses == ["slow": .uncertain, "c": .pending, "last": .pending])
    }

    @Test func whatSucceededByItselfIsStillNeverDoneAgain() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                step.id == "slow" ? .succeeded([:]) : .failed(StageFailure(.rejected, "t/no", "no"))
            })
        _ = try await bench.start(plan([step("slow", .once), step("c", needs: ["slow"])]))
        await #expect(throws: Refusal.self) {
            try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["slow"])
        }
    }
}
