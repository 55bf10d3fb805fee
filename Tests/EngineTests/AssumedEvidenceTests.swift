import Documents
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// What a person says was done has been seen by nobody: it opens no gate that asks for evidence.
@Suite struct AssumedEvidenceTests {
    private let policy = EvidencePolicy(stages: ["test"], notOlderThan: 3600)
    private let word =
        "stage 'test' should show 'test', and nobody saw it end well: eve@contoso.com said that it was done"

    /// The test is cut off, and nobody can tell what it did; it ends well when it is begun anew.
    private func bench() -> Bench {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        let found = Found()
        return Bench(
            ScriptedExecutor { step, _, attempt in
                if case .gate(.preview) = step.work {
                    return .succeeded((try? ValueEncoder().encode(found.now)) ?? .null)
                }
                return step.id == "test" && (attempt.number == 1 || attempt.recovering)
                    ? .suspended(doubt) : .succeeded([:])
            })
    }

    private var plan: Plan {
        guardedPlan(
            [("evidence", .evidence(policy))], before: [step("test", .once)], evidence: ["test"],
            environments: [environment("prod", .init(evidence: policy))])
    }

    private func said(_ isDone: Bool) -> [Assumption] { [Assumption(step: "test", isDone: isDone)] }

    /// A run in which somebody without any role has said that the test was done.
    private func assumed(_ bench: Bench) async throws -> RunState {
        #expect(try await bench.start(plan).statuses["test"] == .uncertain)
        return try await bench.resume("r1", said(true))
    }

    @Test func whoHasNoRoleOpensNoGateByAWord() async throws {
        let bench = bench()
        let state = try await assumed(bench)
        #expect(state.statuses["test"] == .succeeded && state.status == .failed)
        let failure = try #require(state["prod.evidence"]?.failure)
        #expect(failure.code == "gate/bad-evidence")
        #expect(failure.message.hasSuffix(word), "\(failure.message)")
        #expect(failure.notes.contains { $0.contains("almrun resume r1 --rerun test") }, "\(failure.notes)")
        #expect(!bench.executor.order.contains("prod"))
        // Nor does it when the run is only taken up again.
        #expect(try await bench.resume().statuses["prod"] == .blocked)
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.discrepancies.isEmpty, "\(found.text)")
    }

    /// Also while the run waits elsewhere, where all texts name it.
    @Test func itIsLookedForWhileTheRunGoesOn() async throws {
        let bench = bench()
        var both = plan
        let ask = Step(
            id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none, needs: [])
        both.steps.append(ask)
        _ = try await bench.start(both)
        let state = try await bench.resume("r1", said(true))
        try #require(state.status == .waiting && state["prod.evidence"]?.failure?.code == "gate/bad-evidence")
        #expect(state.isRerunnableNow("test"))
        let looked = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"]).state
        #expect(looked.statuses["test"] == .uncertain)
        let again = try await bench.resume("r1", said(false))
        #expect(again.statuses["test"] == .succeeded && again.statuses["prod"] == .succeeded)
        #expect(again.status == .waiting)
    }

    /// Taken back, it holds back all that comes after it, however much of what lies between is done; behind what took effect
    /// or asks somebody it is not taken back before the run has ended.
    @Test(arguments: [
        (StageDescription.Effect.none, "", true), (.none, "", false), (.once, "", false),
        (.repeatable, "repeatable", false),
        (.repeatable, "none", true),
    ])
    func whatIsTakenBackHoldsBackWhatComesAfter(
        _ effect: StageDescription.Effect, _ written: String, _ isBeside: Bool
    ) async throws {
        let bench = bench()
        let ask = Step(
            id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none,
            needs: isBeside ? [] : [Need("between", .declared)])
        let steps = [
            step("test", .once),
            step("between", effect, needs: ["test"], input: .map(["effect": .literal(.string(written))])), ask,
            step("last", .once, needs: ["between", "ask"]),
        ]
        _ = try await bench.start(EngineTests.plan(steps))
        let state = try await bench.resume("r1", said(true))
        try #require(state.statuses["ask"] == .waiting && state.statuses["between"] == .succeeded)
        guard isBeside else {
            let refusal = await #expect(throws: Refusal.self) {
                try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"])
            }
            #expect(refusal?.code == "run/not-ended" && !state.isRerunnableNow("test"))
            let next =
                effect != .none ? "'between' comes after it and is succeeded" : "'ask' comes after it and is waiting"
            #expect(
                refusal?.notes == [
                    "\(next): once the run has ended (`almrun cancel r1` ends it), `almrun resume r1 --rerun test` has it "
                        + "looked for"
                ]
            )
            return
        }
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"])
        try await bench.decisions.approve("r1", "ask", by: .ann)
        let held = try await bench.resume()
        #expect(held.statuses["test"] == .uncertain && !bench.executor.order.contains("last"))
        let done = try await bench.resume("r1", said(false))
        #expect(done.statuses["test"] == .succeeded && done.statuses["last"] == .succeeded)
    }

    /// A gate that asks what a step shows is no wait for it: a bypass opens it also where the step fails when it is done again.
    @Test func whatOnlyShowsSomethingHoldsBackNothingElse() async throws {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        let bench = Bench(
            ScriptedExecutor { step, _, attempt in
                if case .gate(.preview) = step.work {
                    return .succeeded((try? ValueEncoder().encode(Found().now)) ?? .null)
                }
                guard step.id == "test" else { return .succeeded([:]) }
                return attempt.number == 1 || attempt.recovering
                    ? .suspended(doubt) : .failed(StageFailure(.rejected, "t/no", "no"))
            })
        _ = try await bench.start(plan)
        _ = try await bench.resume("r1", said(true))
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"])
        let failed = try await bench.resume("r1", said(false))
        try #require(failed.statuses["test"] == .failed && failed.statuses["prod.evidence"] == .failed)
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "INC-1")
        let state = try await bench.resume()
        #expect(state.statuses["prod.evidence"] == .succeeded, "\(state.statuses)")
        #expect(bench.executor.order.contains("prod"))
    }

    /// The same in a run that has ended: what failed far behind it does not begin while nobody knows.
    @Test func whatIsTakenBackOfAnEndedRunHoldsBackWhatComesAfter() async throws {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        let bench = Bench(
            ScriptedExecutor { step, _, attempt in
                if step.id == "test", attempt.number == 1 || attempt.recovering { return .suspended(doubt) }
                guard step.id == "last", attempt.number == 1 else { return .succeeded([:]) }
                return .failed(StageFailure(.rejected, "t/no", "no"))
            })
        let steps = [step("test", .once), step("between", needs: ["test"]), step("last", .once, needs: ["between"])]
        _ = try await bench.start(EngineTests.plan(steps))
        let over = try await bench.resume("r1", said(true))
        try #require(over.status == .failed && over.statuses["last"] == .failed)
        let asked = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test", "last"]).state
        #expect(asked.statuses["test"] == .uncertain && asked.statuses["last"] == .pending)
        #expect(bench.executor.order.count { $0 == "last" } == 1)
        let done = try await bench.resume("r1", said(false))
        #expect(done.status == .succeeded && bench.executor.order.last == "last")
    }

    /// Cut off and looked at in vain, and ended well when it is begun anew.
    private func doubtful(_ steps: Set<StepID>) -> Bench {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        return Bench(
            ScriptedExecutor { step, _, attempt in
                steps.contains(step.id) && (attempt.number == 1 || attempt.recovering)
                    ? .suspended(doubt) : .succeeded([:])
            })
    }

    /// Cleanup that is taken back holds back the cleanup that comes after it.
    @Test func cleanupThatIsTakenBackHoldsBackWhatComesAfter() async throws {
        let bench = doubtful(["a", "w"])
        let steps = [
            step("work"), step("a", .once, finally: true), step("x", needs: ["a"], finally: true),
            step("w", .once, finally: true), step("last", .once, needs: ["x", "w"], finally: true),
        ]
        _ = try await bench.start(EngineTests.plan(steps))
        let state = try await bench.resume("r1", [Assumption(step: "a", isDone: true)])
        try #require(state.statuses["x"] == .succeeded && state.statuses["w"] == .uncertain)
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["a"])
        let held = try await bench.resume("r1", [Assumption(step: "w", isDone: false)])
        #expect(held.statuses["w"] == .succeeded && held.statuses["a"] == .uncertain)
        #expect(held.status == .waiting && !bench.executor.order.contains("last"))
        let done = try await bench.resume("r1", [Assumption(step: "a", isDone: false)])
        #expect(done.status == .succeeded && bench.executor.order.last == "last", "\(done.statuses)")
    }

    /// What is left of a run that cannot be read tells of no doubt that a person has settled.
    @Test func whatSomebodySettledIsNoLossOfADamagedRun() async throws {
        let bench = doubtful(["test"])
        _ = try await bench.start(EngineTests.plan([step("test", .once)]))
        func cutOff() async throws -> [StepID] {
            let lines = try await bench.store.events(of: "r1", after: 0).map(\.bytes)
            return RunRemains("r1", lines: lines).cutOff.map(\.step)
        }
        #expect(try await cutOff() == ["test"])
        _ = try await bench.resume("r1", said(true))
        #expect(try await cutOff() == [])
    }

    /// What waited behind a step that was taken back, and was cancelled with it, is done again with it.
    @Test func whatWasCancelledBehindWhatWasTakenBackComesWithIt() async throws {
        let bench = doubtful(["test"])
        let steps = [
            step("test", .once), step("between", needs: ["test"]),
            Step(
                id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none, needs: []),
            step("last", .once, needs: ["between", "ask"]),
        ]
        _ = try await bench.start(EngineTests.plan(steps))
        _ = try await bench.resume("r1", said(true))
        try await bench.decisions.approve("r1", "ask", by: .ann)
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"])
        let over = try await bench.runner.cancel("r1", by: "eve@contoso.com")
        try #require(over.status == .cancelled && over.statuses["last"] == .cancelled, "\(over.statuses)")
        #expect(try over.rerun(["test"]).contains("last"))
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"])
        let asked = try await bench.resume("r1", said(false))
        #expect(asked.statuses["test"] == .succeeded && asked.statuses["ask"] == .waiting, "\(asked.statuses)")
        try await bench.decisions.approve("r1", "ask", by: .ann)
        #expect(try await bench.resume().statuses["last"] == .succeeded)
    }

    /// Also a gate that asked when the run was called off, where the step is taken back by what takes the run up.
    @Test func whatAskedBehindWhatIsTakenBackComesWithIt() async throws {
        let bench = doubtful(["test"])
        let ask = Step(
            id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none,
            needs: [Need("between", .declared)])
        let steps = [
            step("test", .once), step("between", needs: ["test"]), ask, step("last", .once, needs: ["ask"]),
        ]
        _ = try await bench.start(EngineTests.plan(steps))
        try await #require(bench.resume("r1", said(true)).statuses["ask"] == .waiting)
        let over = try await bench.runner.cancel("r1", by: "eve@contoso.com")
        #expect(try over.rerun(["test"]) == ["test", "between", "ask", "last"])
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"])
        let asked = try await bench.resume("r1", said(true))
        #expect(asked.statuses["ask"] == .waiting && asked.statuses["last"] == .pending, "\(asked.statuses)")
    }

    @Test func itIsLookedForAndDoneAgain() async throws {
        let bench = bench()
        _ = try await assumed(bench)
        let asked = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"]).state
        #expect(asked.statuses["test"] == .uncertain && asked.status == .waiting)
        let state = try await bench.resume("r1", said(false))
        #expect(state.status == .succeeded, "\(state.statuses)")
        #expect(bench.executor.order.contains("prod"))
        #expect(state.evidence(about: "p1").contains { $0.name == "test" })
    }

    /// A stage that has failed itself is rerun with the gate that failed because of it, as one that was assumed is.
    @Test func whatFailedIsRerunWithItsGate() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, attempt in
                if case .gate(.preview) = step.work {
                    return .succeeded((try? ValueEncoder().encode(Found().now)) ?? .null)
                }
                guard step.id == "test", attempt.number == 1 else { return .succeeded([:]) }
                return .failed(StageFailure(.rejected, "t/no", "no"))
            })
        let failed = try await bench.start(plan)
        #expect(failed.statuses["prod.evidence"] == .failed && failed.statuses["test"] == .failed)
        #expect(try failed.rerun(["test"]) == ["test", "prod.evidence"])
        let state = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"]).state
        #expect(state.statuses["prod.evidence"] == .succeeded, "\(state.statuses)")
    }

    /// While another gate that comes after it asks, it is not named as a way on before the run has ended.
    @Test func whatIsNotTakenYetIsNamedForLater() async throws {
        let bench = bench()
        var both = plan
        both.steps.append(
            Step(
                id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none,
                needs: [Need("test", .declared)]))
        _ = try await bench.start(both)
        let state = try await bench.resume("r1", said(true))
        try #require(state.statuses["ask"] == .waiting && !state.isRerunnableNow("test"))
        let gate = try #require(state.planned("prod.evidence"))
        let ways = try #require(state.waysPastWord(at: gate))
        #expect(
            ways.hasPrefix("once the run has ended, `almrun resume r1 --rerun test` has it looked for once more; or"))
    }

    /// What succeeded is not taken up again, and that is no silent success.
    @Test func whatSucceededOnAWordIsNotLookedFor() async throws {
        let bench = bench()
        _ = try await bench.start(EngineTests.plan([step("test", .once)]))
        try await #require(bench.resume("r1", said(true)).status == .succeeded)
        let before = try await bench.state.sequence
        let refusal = await #expect(throws: Refusal.self) {
            try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["test"])
        }
        #expect(refusal?.message == "'test' counts as done, and the run has succeeded")
        #expect(try await bench.state.sequence == before)
    }

    @Test func aBypassOpensTheGateAllTheSame() async throws {
        let bench = bench()
        var plan = plan
        plan.environments["prod"]?.gates.bypass = BypassPolicy(role: "bypass")
        _ = try await bench.start(plan)
        #expect(try await bench.resume("r1", said(true)).status == .failed)
        try await bench.decisions.bypass("r1", "prod.evidence", by: .boss, reason: "the supplier has shown it")
        #expect(try await bench.resume().status == .succeeded)
    }

    @Test func nothingOfItIsHandedOnToAnotherRun() async throws {
        let bench = bench()
        let state = try await assumed(bench)
        for shown in [
            state.evidence(about: "p1"), state.evidence(about: "p1", asked: ["test"], for: "prod"),
            state.evidence(about: "p1", asked: ["test"], for: nil),
        ] {
            #expect(!shown.contains { $0.name == "test" })
        }
        for environment in ["prod", nil] {
            let standing = EvidenceStanding(policy, package: "p1", for: environment, in: state, now: bench.clock.now)
            #expect(standing.items.map(\.verdict) == [.bad])
            #expect(standing.items.map(\.message) == [word])
        }
        let trail = PackageTrail(digest: "p1", runs: [state])
        #expect(trail.evidence(asked: ["test"], for: "prod").isEmpty)
        #expect(trail.failedEvidence("test", for: "prod", now: bench.clock.now)?.item.message == word)
    }

    // MARK: What may be assumed

    /// How an attempt was cut off, what is said of it, and what helps.
    static let refused: [([RunEvent.Kind], String, String)] = [
        (
            [.ended("test", attempt: 1, .lost("group g was taken away")), .rested], "it must be looked first",
            "asks its probe"
        ),
        ([], "it must be looked first", "asks its probe"),
        ([], "it must be looked first", "then `almrun resume r1 --assume test=done`"),
        (
            [
                .ended("test", attempt: 1, .lost("cut off")),
                .started("test", attempt: 2, token: "t", fence: nil, recovering: true),
                .ended(
                    "test", attempt: 2,
                    .failed(
                        StageFailure(
                            .transient, StageFailure.timeoutCode, "the attempt took too long, and did not take effect"))
                ), .finished(.failed),
            ], "it did not take effect", "does it again"
        ),
        (
            [
                .ended("test", attempt: 1, .failed(StageFailure(.rejected, "t/no", "no"))), .finished(.failed),
            ], "step 'test' is not in doubt: it is failed", "whose effect was cut off"
        ),
    ]

    @Test(arguments: refused.indices) func onlyWhatWasLookedForAndCouldNotBeToldIsAssumed(_ place: Int) async throws {
        let (kinds, message, note) = Self.refused[place]
        let bench = Bench()
        let creation = RunCreation(
            run: "r1", plan: EngineTests.plan([step("test", .once)]), requester: "eve@contoso.com", process: "h:1")
        let first = LedgerLine(RunEvent(sequence: 1, time: bench.clock.now, previous: "", kind: .created(creation)))
        var state = try RunState(first)
        let begun = [RunEvent.Kind.started("test", attempt: 1, token: "t", fence: nil, recovering: false)]
        let lines = try [first] + (begun + kinds).map { try state.add($0, now: bench.clock.now) }
        try await bench.store.append(EventBatch(after: 0, lines: lines, summary: state.summary), to: "r1")
        for isDone in [true, false] {
            let refusal = try #require(await bench.refusal { _ = try await bench.resume("r1", said(isDone)) })
            #expect(refusal.code == "run/not-in-doubt")
            #expect(refusal.message.contains(message), "\(refusal.message)")
            #expect(refusal.notes.contains { $0.contains(note) }, "\(refusal.notes)")
        }
        // Nothing was written, and nothing was begun.
        #expect(try await bench.state.sequence == state.sequence && bench.executor.calls.isEmpty)
    }
}
