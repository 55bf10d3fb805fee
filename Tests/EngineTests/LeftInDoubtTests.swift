import Documents
import Engine
import Pipelines
import TestSupport
import Testing

/// What a person says of an effect of a run that is over counts where looking once more tells nothing.
@Suite struct LeftInDoubtTests {
    private struct Executor: StageExecutor {
        let answer: Recovery<Value>
        /// Whether it is seen at once, or a probe has to be asked.
        let isSeen: Bool

        func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome {
            guard attempt.recovering else { return .succeeded(["again": true]) }
            return switch answer {
            case .completed(let output): .found(output)
            case .notStarted where attempt.looksOnly:
                .failed(StageFailure(.transient, StageFailure.timeoutCode, "it did not take effect"))
            case .notStarted: .succeeded(["again": true])
            case .unknown(let why):
                .suspended(Suspension(.uncertainEffect, code: "run/uncertain-effect", message: why))
            }
        }

        func lookBack(at step: Step, input: Value, attempt: Attempt) async -> Recovery<Value> {
            isSeen ? answer : .unknown("only a probe can tell")
        }
    }

    private let store = MemoryRunStore()
    private let clock = ManualClock()

    /// A run that was cut off in the middle of `nap` and `rep`, and cancelled before `after` could begin.
    private func cancelled() async throws -> RunState {
        let creation = RunCreation(
            run: "r1",
            plan: EngineTests.plan([step("nap", .once), step("rep", .repeatable), step("after", needs: ["rep"])]),
            requester: "eve@contoso.com", process: "h:1")
        let first = LedgerLine(RunEvent(sequence: 1, time: clock.now, previous: "", kind: .created(creation)))
        var state = try RunState(first)
        let kinds: [RunEvent.Kind] = [
            .started("nap", attempt: 1, token: "t", fence: nil, recovering: false),
            .started("rep", attempt: 1, token: "u", fence: nil, recovering: false),
            .cancelRequested(by: "eve@contoso.com", reason: nil), .cancelled("after"),
            .ended("nap", attempt: 1, .cancelled), .ended("rep", attempt: 1, .cancelled), .finished(.cancelled),
        ]
        let lines = try [first] + kinds.map { try state.add($0, now: clock.now) }
        try await store.append(EventBatch(after: 0, lines: lines, summary: state.summary), to: "r1")
        return state
    }

    private func runner(_ answer: Recovery<Value>, _ isSeen: Bool) -> Runner {
        Runner(store: store, clock: clock.clock) { _ in Executor(answer: answer, isSeen: isSeen) }
    }

    private func say(_ isDone: Bool, _ answer: Recovery<Value>, isSeen: Bool = false, only: [StepID] = ["nap"])
        async throws -> RunState
    {
        try await runner(answer, isSeen).resume(
            "r1", by: "ann@contoso.com", assumptions: [Assumption(step: "nap", isDone: isDone)], only: only
        ).state
    }

    private func words() async throws -> Int {
        try await store.events(of: "r1", after: 1).count {
            if case .assumed = $0.event.kind { true } else { false }
        }
    }

    /// Nothing begins: the run stays cancelled, and nobody has to ask any more what became of the effect.
    @Test(arguments: [true, false]) func theWordIsTakenDownWhereNobodyCanTell(_ isDone: Bool) async throws {
        let before = try await cancelled()
        let state = try await say(isDone, .unknown("nobody knows"), only: [])
        #expect(state.status == .cancelled && state.sequence == before.sequence + 1)
        #expect(state.statuses == before.statuses)
        #expect(try await words() == 1 && state["nap"]?.mayHaveTakenEffect == false)
        let found = RunVerification(try #require(try await store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(found.text)")
        // Somebody else may know better, and is told what was said before.
        let opposite = Assumption(step: "nap", isDone: !isDone)
        #expect(state.contradicted(by: opposite)?.hasPrefix("ann@contoso.com said of it that it ") == true)
        #expect(state.contradicted(by: Assumption(step: "nap", isDone: isDone)) == nil)
        #expect(before.contradicted(by: opposite) == nil)
        #expect(try await say(!isDone, .unknown("nobody knows"), only: []).sequence == before.sequence + 2)
    }

    /// Whoever takes the run up relies on what a machine finds, or is asked anew: the word was of a run that should rest.
    @Test(arguments: [true, false]) func itIsLookedForAllTheSame(_ isDone: Bool) async throws {
        _ = try await cancelled()
        _ = try await say(isDone, .unknown("nobody knows"), only: [])
        let asked = try await runner(.unknown("nobody knows"), false).resume("r1", by: "ann@contoso.com").state
        #expect(asked.status == .waiting && asked.uncertainSteps.map(\.step.id) == ["nap"])
        #expect(asked.whatToLookAt(asked.plan.steps[0], try #require(asked["nap"])).contains { $0.contains("ann@") })
        let end = try await runner(.completed(["x": 1]), false).resume("r1", by: "ann@contoso.com").state
        #expect(end.status == .succeeded && end["nap"]?.output == ["x": 1])
    }

    /// A run that was taken up and cancelled again before it was looked for is asked about once more.
    @Test func theWordEndsWithTheRest() async throws {
        _ = try await cancelled()
        var state = try await say(true, .unknown("nobody knows"), only: [])
        let kinds: [RunEvent.Kind] = [
            .resumed(by: "eve@contoso.com", process: "h:2", only: []),
            .cancelRequested(by: "eve@contoso.com", reason: nil), .cancelled("nap"), .cancelled("rep"),
            .cancelled("after"), .finished(.cancelled),
        ]
        for kind in kinds { _ = try state.add(kind, now: clock.now) }
        #expect(state["nap"]?.mayHaveTakenEffect == true)
    }

    /// Who names a stage to do again takes the run up.
    @Test(arguments: [true, false]) func theWordGoesWithTheStage(_ isDone: Bool) async throws {
        _ = try await cancelled()
        let state = try await say(isDone, .unknown("nobody knows"))
        #expect(state.statuses == ["nap": .succeeded, "rep": .cancelled, "after": .cancelled])
        #expect(state["nap"]?.output == (isDone ? [:] : ["again": true]))
    }

    /// Who names another stage to do again means this one too.
    @Test func theWordNamesItsStage() async throws {
        _ = try await cancelled()
        let state = try await say(true, .unknown("nobody knows"), only: ["rep"])
        #expect(state.status == .succeeded)
    }

    @Test(arguments: [true, false], [true, false])
    func whatIsSeenCountsMoreThanWhatIsSaid(_ isDone: Bool, _ isSeen: Bool) async throws {
        let before = try await cancelled()
        let (same, other): (Recovery<Value>, Recovery<Value>) =
            isDone ? (.completed(["x": 1]), .notStarted) : (.notStarted, .completed(["x": 1]))
        await #expect(throws: Refusal.self) { _ = try await say(isDone, other, isSeen: isSeen) }
        #expect(try await RunState.load("r1", from: store).sequence == before.sequence)
        let state = try await say(isDone, same, isSeen: isSeen)
        #expect(state["nap"]?.output == (isDone ? ["x": 1] : ["again": true]))
        #expect(try await words() == 0)
    }
}
