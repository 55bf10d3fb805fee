import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

@Suite struct RerunTests {
    /// Steps whose name is in the set fail.
    private final class Mood: Sendable {
        let bad: Mutex<Set<String>>
        init(_ bad: Set<String>) { self.bad = Mutex(bad) }
    }

    private func bench(_ mood: Mood) -> Bench {
        Bench(
            ScriptedExecutor { step, _, _ in
                let isBad = mood.bad.withLock { $0.contains(step.id.rawValue) }
                return isBad
                    ? .failed(StageFailure(.rejected, "t/no", "no")) : .succeeded(["package": "p1", "plan": "d1"])
            })
    }

    private let steps = [
        step("good", .once), step("a"), step("b"), step("onA", needs: ["a", "good"]), step("onB", needs: ["b"]),
        step("onBoth", needs: ["onA", "b"]), step("last", needs: ["onBoth"]), step("notes", finally: true),
    ]

    private func rerun(_ bench: Bench, _ only: [StepID]) async throws -> RunState {
        try await bench.runner.resume("r1", by: "eve@contoso.com", only: only).state
    }

    @Test func onlyWhatIsNamedAndWhatItBlockedIsDoneAgain() async throws {
        let mood = Mood(["a", "b"])
        let bench = bench(mood)
        let first = try await bench.start(plan(steps))
        #expect(first.status == .failed)
        #expect(first.rerunnable == ["a", "b"])
        mood.bad.withLock { $0 = ["b"] }
        let second = try await rerun(bench, ["a"])
        #expect(
            second.statuses == [
                "good": .succeeded, "a": .succeeded, "b": .failed, "onA": .succeeded, "onB": .blocked,
                "onBoth": .blocked, "last": .blocked, "notes": .succeeded,
            ])
        #expect(second.status == .failed)
        // What needs a step that is still failed is blocked by that one now.
        #expect(second["onBoth"]?.reason == .blocked(by: "b"))
        #expect(second["last"]?.reason == .blocked(by: "onBoth"))
        // Steps that do not need each other begin in any order.
        #expect(bench.executor.order.prefix(3).sorted() == ["a", "b", "good"])
        #expect(bench.executor.order.dropFirst(3) == ["notes", "a", "onA", "notes"])
        // The record says what was asked for.
        let events = try await bench.store.events(of: "r1", after: 0)
        let asked = events.compactMap { line -> [StepID]? in
            if case .resumed(_, _, let only) = line.event.kind { only } else { nil }
        }
        #expect(asked == [["a"]])
        mood.bad.withLock { $0 = [] }
        let third = try await rerun(bench, ["b"])
        #expect(third.status == .succeeded)
        // What ended well was done once, whatever was done again.
        #expect(bench.executor.order.count { $0 == "good" } == 1)
        #expect(bench.executor.order.count { $0 == "onA" } == 1)
        #expect(bench.executor.order.count { $0 == "notes" } == 3)
        #expect(try await RunState.load("r1", from: bench.store).steps == third.steps)
    }

    @Test func aFailedFinallyStepRunsAgainWithAnyRerun() async throws {
        let mood = Mood(["a", "notes"])
        let bench = bench(mood)
        _ = try await bench.start(plan([step("a"), step("b"), step("notes", finally: true)]))
        mood.bad.withLock { $0 = [] }
        let state = try await rerun(bench, ["a"])
        #expect(state.status == .succeeded)
        #expect(bench.executor.order.prefix(2).sorted() == ["a", "b"])
        #expect(bench.executor.order.dropFirst(2) == ["notes", "a", "notes"])
    }

    @Test(arguments: [
        ("good", "run/not-failed", "what ended well is never done again"),
        ("onA", "run/not-failed", "is blocked by 'a'"), ("none", "run/unknown-step", "has no step 'none'"),
    ])
    func whatDidNotEndBadlyIsRefusedAndNothingChanges(_ name: String, _ code: String, _ words: String) async throws {
        let bench = bench(Mood(["a", "b"]))
        let before = try await bench.start(plan(steps))
        let refusal = await #expect(throws: Refusal.self) { try await rerun(bench, ["a", StepID(name)]) }
        #expect(refusal?.code == code)
        #expect(refusal?.message.contains(words) == true)
        #expect(refusal?.notes == ["these can be done again: a, b"])
        let after = try await RunState.load("r1", from: bench.store)
        #expect(after.head == before.head)
        // Steps that do not need each other begin in any order.
        #expect(bench.executor.order.sorted() == ["a", "b", "good", "notes"])
    }

    /// What a cancel kept from beginning goes on behind what is done again, as what a failure blocked does.
    @Test func whatWasStoppedWithItGoesOnToo() async throws {
        let isOn = Mutex(false)
        let executor = ScriptedExecutor { step, _, _ in
            guard ["slow", "other"].contains(step.id), !isOn.withLock({ $0 }) else { return .succeeded([:]) }
            do { try await Task.sleep(for: .seconds(60)) } catch { return .cancelled }
            return .succeeded([:])
        }
        let bench = Bench(executor)
        let task = Task {
            try await bench.start(
                plan([
                    step("slow"), step("other"), step("next", needs: ["slow"]), step("last", needs: ["next"]),
                    step("onBoth", needs: ["slow", "other"]), step("notes", finally: true),
                ]))
        }
        while executor.calls.count < 2 { await Task.yield() }
        task.cancel()
        #expect(try await task.value.status == .cancelled)
        isOn.withLock { $0 = true }
        let state = try await rerun(bench, ["slow"])
        #expect(
            state.statuses == [
                "slow": .succeeded, "other": .cancelled, "next": .succeeded, "last": .succeeded,
                "onBoth": .cancelled, "notes": .succeeded,
            ])
        #expect(try await rerun(bench, ["other"]).status == .succeeded)
    }

    @Test func aRunThatSucceededHasNothingToRerun() async throws {
        let bench = bench(Mood([]))
        _ = try await bench.start(plan([step("a")]))
        let refusal = await #expect(throws: Refusal.self) { try await rerun(bench, ["a"]) }
        #expect(refusal?.notes == ["nothing of this run ended badly"])
    }

    /// Who knows that what failed is mended need not wait for the time of the next attempt.
    @Test func aFarRetryIsTriedAtOnce() async throws {
        let policy = RetryPolicy(attempts: 3, delay: 5000, longest: 10_000)
        let bench = Bench(
            ScriptedExecutor { step, _, attempt in
                attempt.number > 1 ? .succeeded([:]) : .failed(StageFailure(.transient, "t/t", "not now"))
            }, clock: ManualClock(jump: 0))
        let begun = try await bench.start(plan([step("a", retry: policy)]))
        #expect(begun.status == .waiting)
        #expect(try await bench.resume().status == .waiting)
        let state = try await rerun(bench, ["a"])
        #expect(state.status == .succeeded)
        #expect(state["a"]?.tries == 2)
    }

    /// Of a run that waits elsewhere, what has failed can be done again, and nothing else.
    @Test func whatFailedIsRerunWhileTheRunWaits() async throws {
        let mood = Mood(["a", "c"])
        let bench = bench(mood)
        let state = try await bench.start(
            plan(
                [step("a"), step("afterA", needs: ["a"]), step("c"), step("beside"), step("notes", finally: true)]
                    + promotion(ApprovalPolicy(role: "release-manager"))))
        #expect(state.status == .waiting)
        for other in ["beside", "afterA", "prod.approval", "prod", "notes"] as [StepID] {
            let refusal = await #expect(throws: Refusal.self) { try await rerun(bench, [other]) }
            #expect(refusal?.code == "run/not-ended" && refusal?.message == "run 'r1' has not ended: it is waiting")
        }
        #expect(try await RunState.load("r1", from: bench.store).head == state.head)
        // Without a name it goes on waiting, and what failed stays.
        #expect(try await bench.resume().statuses["a"] == .failed)
        mood.bad.withLock { $0 = [] }
        let again = try await rerun(bench, ["a"])
        #expect(again.status == .waiting)
        #expect(
            again.statuses == [
                "a": .succeeded, "afterA": .succeeded, "c": .failed, "beside": .succeeded, "notes": .pending,
                "prod.preview": .succeeded, "prod.approval": .waiting, "prod": .pending,
            ])
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        #expect(try await bench.resume().status == .failed)
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(found.text)")
    }

    /// A gate that has failed and was bypassed since goes on with the next `resume`, though the run waits elsewhere.
    @Test func whatWasBypassedMeanwhileGoesOn() async throws {
        let bench = bench(Mood([]))
        var both = guardedPlan([("evidence", .evidence(EvidencePolicy(stages: ["test"])))])
        both.steps.append(
            Step(id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none))
        let state = try await bench.start(both)
        #expect(state.statuses["prod.evidence"] == .failed && state.status == .waiting)
        try await bench.decisions.bypass("r1", "prod.evidence", by: .boss, reason: "incident")
        let again = try await bench.resume()
        #expect(again.status == .waiting && again.statuses["prod"] == .succeeded)
        #expect(bench.executor.order.count { $0 == "prod" } == 1)
    }

    /// What runs after everything tells how the run ended, and may have torn down what others need.
    @Test func nothingIsBegunAgainOnceFinallyStagesHaveBegun() async throws {
        let late = RetryPolicy(attempts: 3, delay: 5000, longest: 10_000)
        let bench = Bench(
            ScriptedExecutor { step, _, attempt in
                if step.id == "late", attempt.number == 1 { return .failed(StageFailure(.transient, "t/t", "not now")) }
                return step.id == "bad" && attempt.number == 1
                    ? .failed(StageFailure(.rejected, "t/no", "no")) : .succeeded([:])
            }, clock: ManualClock(jump: 0))
        var both = guardedPlan([("evidence", .evidence(EvidencePolicy(stages: ["test"])))])
        both.steps += [step("bad"), step("notes", finally: true), step("late", retry: late, finally: true)]
        let state = try await bench.start(both)
        #expect(state.status == .waiting && state["late"]?.status == .retrying && state["notes"]?.status == .succeeded)
        let refusal = await #expect(throws: Refusal.self) { try await rerun(bench, ["bad"]) }
        #expect(refusal?.code == "run/not-ended")
        #expect(refusal?.notes.first?.hasPrefix("its `finally` stages have begun") == true)
        // Nor does a gate that people have opened meanwhile.
        try await bench.decisions.bypass("r1", "prod.evidence", by: .boss, reason: "incident")
        let same = try await bench.resume()
        #expect(same.status == .waiting && same["prod.evidence"]?.status == .failed && same["prod"]?.attempts == 0)
        #expect(
            same.why("prod.evidence", now: bench.clock.now)?.details.contains { $0.contains("once the run has ended") }
                == true)
        // The attempt that is far off can be tried now, and then all of it goes on.
        #expect(try await rerun(bench, ["late"]).status == .failed)
        let end = try await bench.resume()
        #expect(end.status == .succeeded)
        #expect(bench.executor.order.count { $0 == "notes" } == 2)
    }

    /// What was cancelled alone is looked after as what has failed is.
    @Test func whatWasCancelledIsRerunWhileTheRunWaits() async throws {
        let isOn = Mutex(false)
        let executor = ScriptedExecutor { step, _, attempt in
            if attempt.recovering { return .found(["x": 1]) }
            if step.id == "bad", !isOn.withLock({ $0 }) { return .failed(StageFailure(.rejected, "t/no", "no")) }
            guard step.id == "slow", !isOn.withLock({ $0 }) else { return .succeeded([:]) }
            do { try await Task.sleep(for: .seconds(60)) } catch { return .cancelled }
            return .succeeded([:])
        }
        let bench = Bench(executor)
        let ask = Step(
            id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none,
            needs: [Need("bad", .declared)])
        let task = Task {
            try await bench.start(plan([step("slow", .once), step("next", needs: ["slow"]), step("bad"), ask]))
        }
        while executor.calls.count < 2 { await Task.yield() }
        task.cancel()
        #expect(try await task.value.status == .cancelled)
        isOn.withLock { $0 = true }
        let waiting = try await rerun(bench, ["bad"])
        #expect(waiting.status == .waiting && waiting.statuses["slow"] == .cancelled)
        #expect(waiting.stepsInDoubt == ["slow"])
        let why = try #require(waiting.why("slow", now: bench.clock.now))
        #expect(
            why.details.contains {
                $0.contains("`almrun resume r1 --rerun slow` takes the run up, and looks once more")
            })
        let looked = try await rerun(bench, ["slow"])
        #expect(looked.statuses["slow"] == .succeeded && looked.status == .waiting && looked.stepsInDoubt.isEmpty)
    }

    /// Where nobody decided in time the gate can ask again, whatever else the run waits for.
    @Test func aGateThatExpiredIsAskedAgainWhileTheRunWaits() async throws {
        let bench = Bench(ScriptedExecutor(), clock: ManualClock(jump: 0))
        func ask(_ id: StepID, _ expires: Double?) -> Step {
            Step(
                id: id, work: .gate(.approval(ApprovalPolicy(role: "release-manager", expires: expires))), effect: .none
            )
        }
        _ = try await bench.start(plan([ask("eu", nil), ask("us", 60), step("ship", .once, needs: ["us"])]))
        bench.clock.advance(by: 61)
        let waiting = try await RunState.load("r1", from: bench.store)
        let way = "`almrun resume r1` shuts it, and then `almrun resume r1 --rerun us` asks anew"
        let gate = try #require(waiting.planned("us"))
        #expect(waiting.wayToAskAnew(at: gate) == way)
        let late = await bench.refusal { try await bench.decisions.approve("r1", "us", by: .ann) }
        #expect(late?.notes == [way])
        let shut = try await bench.resume()
        #expect(shut.status == .waiting && shut.statuses["us"] == .rejected && shut.statuses["ship"] == .blocked)
        #expect(
            shut.why("us", now: bench.clock.now)?.details.contains(
                "`almrun resume r1 --rerun us` asks again while the run goes on") == true)
        let again = try await rerun(bench, ["us"])
        #expect(again.statuses == ["eu": .waiting, "us": .waiting, "ship": .pending])
        try await bench.decisions.approve("r1", "us", by: .ann)
        #expect(try await bench.resume().statuses["ship"] == .succeeded)
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(found.text)")
    }

    /// A ledger of an earlier version that had a person's word after the run was taken up: the step counts as done. And a
    /// `finally` stage that had begun has begun, also where its process ended before it could begin again.
    @Test func eventsReadAsTheyWereMeant() throws {
        let now = Date(timeIntervalSince1970: 1_790_000_000)
        let plan = plan([step("b", .once), step("d", needs: ["b"]), step("f"), step("bye", .once, finally: true)])
        let creation = RunCreation(run: "r1", plan: plan, requester: "eve@contoso.com", commit: "c1")
        var state = try RunState(LedgerLine(RunEvent(sequence: 1, time: now, previous: "", kind: .created(creation))))
        func start(_ step: StepID) -> RunEvent.Kind {
            .started(step, attempt: 1, token: "t", fence: nil, recovering: false)
        }
        let no = StageFailure(.rejected, "t/no", "no")
        for kind: RunEvent.Kind in [
            start("b"), start("f"), .ended("f", attempt: 1, .failed(no)), .interrupted(by: "eve@contoso.com"),
            .ended("b", attempt: 1, .cancelled), .cancelled("d"), .finished(.failed),
            .resumed(by: "eve@contoso.com", process: "h:1", only: ["f"]),
            .assumed("b", done: true, by: "ann@contoso.com", comment: nil),
        ] { _ = try state.add(kind, now: now) }
        #expect(state.statuses["b"] == .succeeded && !state.isCleaningUp)
        for kind: RunEvent.Kind in [
            start("bye"), .resumed(by: "eve@contoso.com", process: "h:2", only: []),
        ] { _ = try state.add(kind, now: now) }
        #expect(state.statuses["bye"] == .pending && state.isCleaningUp)
        #expect(!state.isRerunnableNow("d"))
    }

    /// A no stands until the run has ended with it.
    @Test func aNoIsNotRerunWhileTheRunWaits() async throws {
        let bench = bench(Mood([]))
        let ask = Step(id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none)
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager")) + [ask]))
        try await bench.decisions.reject("r1", "prod", by: .init(email: "ann@contoso.com"), comment: "not yet")
        #expect(try await bench.resume().status == .waiting)
        for step in ["prod", "prod.approval"] as [StepID] {
            let refusal = await #expect(throws: Refusal.self) { try await rerun(bench, [step]) }
            #expect(refusal?.code == "run/not-ended")
        }
    }

    @Test func aGuardedStepIsAskedAboutAgainWhenItsGateSaidNo() async throws {
        let bench = bench(Mood([]))
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager")) + [step("other")]))
        try await bench.decisions.reject("r1", "prod", by: .init(email: "ann@contoso.com"), comment: "not yet")
        let rejected = try await bench.resume()
        #expect(rejected.status == .rejected)
        #expect(rejected.statuses["prod"] == .blocked)
        let again = try await rerun(bench, ["prod"])
        #expect(again.status == .waiting)
        #expect(again["prod.approval"]?.round == 2)
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        #expect(try await bench.resume().status == .succeeded)
        #expect(bench.executor.order.count { $0 == "other" } == 1)
        #expect(bench.executor.order.count { $0 == "prod" } == 1)
    }

    @Test func anApprovalHoldsForARerunOfWhatItWasGivenFor() async throws {
        let mood = Mood(["prod"])
        let bench = bench(mood)
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        #expect(try await bench.resume().status == .failed)
        mood.bad.withLock { $0 = [] }
        let state = try await rerun(bench, ["prod"])
        #expect(state.status == .succeeded)
        #expect(state["prod.approval"]?.decisions.count == 1)
    }

    @Test func cancelledStepsCanBeRerunOneByOne() async throws {
        let bench = bench(Mood([]))
        _ = try await bench.start(
            plan(promotion(ApprovalPolicy(role: "release-manager")) + [step("after", needs: ["prod"])]))
        let cancelled = try await bench.runner.cancel("r1", by: "ann@contoso.com")
        #expect(cancelled.statuses["prod"] == .cancelled)
        let state = try await rerun(bench, ["prod"])
        // The gates of a step are taken up with it, and what was stopped behind it.
        #expect(state.statuses["prod.approval"] == .waiting)
        #expect(state.statuses["after"] == .pending)
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        let end = try await bench.resume()
        #expect(end.statuses["prod"] == .succeeded)
        #expect(end.status == .succeeded)
    }
}
