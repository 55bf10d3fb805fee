import Documents
import Engine
import Pipelines
import Synchronization
import TestSupport
import Testing

@Suite struct CancelTests {
    private func kinds(_ store: MemoryRunStore) async throws -> [String] {
        try await store.events(of: "r1", after: 0).compactMap { line in
            switch line.event.kind {
            case .cancelRequested: "cancelRequested"
            case .resumed: "resumed"
            case .finished(let status): status.rawValue
            default: nil
            }
        }
    }

    private func runner(_ bench: Bench, _ store: any RunStore) -> Runner {
        Runner(store: store, clock: bench.clock.clock, settings: bench.settings) { _ in bench.executor }
    }

    @Test func aRunThatAnotherCancelHasEndedIsNotTakenUpAgain() async throws {
        let bench = Bench()
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        let store = FaultyRunStore(bench.store, failing: nil) {
            await #expect(throws: Never.self) { try await bench.runner.cancel("r1", by: "bob@contoso.com") }
        }
        let state = try await runner(bench, store).cancel("r1", by: "ann@contoso.com")
        #expect(state.status == .cancelled)
        #expect(try await RunState.load("r1", from: bench.store).status == .cancelled)
        #expect(try await kinds(bench.store) == ["cancelRequested", "resumed", "cancelled"])
    }

    @Test func aProcessThatIsAboutToLeaveIsWaitedFor() async throws {
        let bench = Bench()
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        // The run is at rest, and its process has not given it back yet.
        let hold = try await bench.store.hold("r1")
        let store = FaultyRunStore(bench.store, failing: nil, at: 2) { hold.release() }
        let state = try await runner(bench, store).cancel("r1", by: "ann@contoso.com")
        #expect(state.status == .cancelled)
        #expect(try await kinds(bench.store) == ["cancelRequested", "resumed", "cancelled"])
    }

    /// Between the request and its carrying out the run ended, and somebody took it up again.
    @Test func aRunThatWasBegunAnewMeanwhileIsLeftAlone() async throws {
        let bench = Bench()
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        let store = FaultyRunStore(bench.store, failing: nil) {
            await #expect(throws: Never.self) {
                _ = try await bench.runner.cancel("r1", by: "bob@contoso.com")
                #expect(try await bench.resume().status == .waiting)
            }
        }
        let state = try await runner(bench, store).cancel("r1", by: "ann@contoso.com")
        #expect(state.status == .waiting)
        #expect(state.cancelRequest == nil)
        #expect(try await kinds(bench.store) == ["cancelRequested", "resumed", "cancelled", "resumed"])
    }

    /// What has failed at a gate that a bypass would open is withdrawn: nobody is asked any more, and no bypass is taken.
    @Test(arguments: [false, true]) func aRunThatFailedAtAGateIsWithdrawn(_ isBypassed: Bool) async throws {
        let bench = Bench()
        let state = try await bench.start(guardedPlan([("evidence", .evidence(EvidencePolicy(stages: ["test"])))]))
        #expect(state.status == .failed)
        let gate: StepID = "prod.evidence"
        if isBypassed { try await bench.decisions.bypass("r1", gate, by: .boss, reason: "incident") }
        let withdrawn = try await bench.runner.cancel("r1", by: "bob@contoso.com", reason: "too late")
        #expect(withdrawn.status == .failed && withdrawn.isWithdrawn)
        #expect(!withdrawn.isAsking(now: bench.clock.now) && withdrawn.bypassedFailures.isEmpty)
        for _ in 1...2 {
            let refusal = await bench.refusal {
                try await bench.decisions.bypass("r1", gate, by: .boss, reason: "late")
            }
            #expect(refusal?.code == "run/finished" && refusal?.message.contains("too late") == true)
            let again = await bench.refusal { _ = try await bench.runner.cancel("r1", by: "bob@contoso.com") }
            #expect(again?.code == "run/finished")
        }
        // Who takes it up all the same is asked anew: a bypass of before does not count.
        let taken = try await bench.resume()
        #expect(taken.status == .failed && !taken.isWithdrawn && taken[gate]?.failure?.code == "gate/no-evidence")
        try await bench.decisions.bypass("r1", gate, by: .boss, reason: "incident 2")
        #expect(try await bench.resume().status == .succeeded)
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(found.text)")
    }

    /// A run that no bypass takes further is over: there is nothing to withdraw.
    @Test func whatFailedOtherwiseIsOver() async throws {
        let bench = Bench(ScriptedExecutor { _, _, _ in .failed(StageFailure(.rejected, "t/no", "no")) })
        #expect(try await bench.start(plan([step("test")])).status == .failed)
        let refusal = await bench.refusal { _ = try await bench.runner.cancel("r1", by: "bob@contoso.com") }
        #expect(refusal?.code == "run/finished")
    }

    // MARK: What was decided before

    /// Who calls a release off means it, whatever the reason is called: what was approved before must be approved again.
    @Test(arguments: ["a flaw was found", nil, "interrupted"])
    func aRunThatWasCalledOffAsksAnew(_ reason: String?) async throws {
        let bench = Bench()
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        let gate: StepID = "prod.approval"
        try await bench.decisions.approve("r1", gate, by: .ann)
        _ = try await bench.runner.cancel("r1", by: "bob@contoso.com", reason: reason)
        let again = try await bench.resume()
        #expect(again.status == .waiting)
        let words = "the run was cancelled by bob@contoso.com\(reason.map { ": \($0)" } ?? "")"
        #expect(again[gate]?.voided == [words])
        try await bench.decisions.approve("r1", gate, by: .ann)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// A run that a signal ended while `prod`, which had been approved, was under way.
    private func stoppedBySignal() async throws -> Bench {
        let isStopped = Mutex(false)
        let executor = ScriptedExecutor { step, _, _ in
            guard step.id == "prod", !isStopped.withLock({ $0 }) else { return .succeeded([:]) }
            do { try await Task.sleep(for: .seconds(60)) } catch { return .cancelled }
            return .succeeded([:])
        }
        let bench = Bench(executor)
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        try await bench.decisions.approve("r1", "prod.approval", by: .ann)
        let task = Task { try await bench.resume() }
        while !executor.calls.contains(where: { $0.step == "prod" }) { await Task.yield() }
        task.cancel()
        #expect(try await task.value.status == .cancelled)
        isStopped.withLock { $0 = true }
        return bench
    }

    /// A signal says nothing about what people decided, and who ended a run by one may still call it off.
    @Test(arguments: [false, true])
    func aRunThatASignalEndedCanBeCalledOff(_ isCalledOff: Bool) async throws {
        let bench = try await stoppedBySignal()
        guard isCalledOff else {
            #expect(try await bench.resume().status == .succeeded)
            return
        }
        let off = try await bench.runner.cancel("r1", by: "bob@contoso.com", reason: "a flaw was found")
        #expect(off.cancelRequest?.person == "bob@contoso.com" && off.status == .cancelled)
        await #expect(throws: Refusal.self) { try await bench.runner.cancel("r1", by: "bob@contoso.com") }
        let again = try await bench.resume()
        #expect(again.status == .waiting)
        #expect(again["prod.approval"]?.voided == ["the run was cancelled by bob@contoso.com: a flaw was found"])
    }

    /// Who takes up what a signal ended has seen it before somebody called it off, and has not written yet: the word counts.
    @Test func aRunThatIsCalledOffWhileItIsTakenUpAsksAnew() async throws {
        let bench = try await stoppedBySignal()
        let isSaid = Mutex(false)
        let store = FaultyRunStore(
            bench.store, failing: nil,
            looked: { look in
                guard look == .events("r1", after: 0),
                    !isSaid.withLock({ said in
                        defer { said = true }
                        return said
                    })
                else { return }
                await #expect(throws: Never.self) {
                    try await bench.decisions.cancel("r1", by: "bob@contoso.com", reason: "a flaw was found")
                }
            })
        let again = try await runner(bench, store).resume("r1", by: "ann@contoso.com").state
        #expect(isSaid.withLock { $0 })
        #expect(again.status == .waiting)
        #expect(again["prod.approval"]?.voided == ["the run was cancelled by bob@contoso.com: a flaw was found"])
    }

    // MARK: Superseded

    /// Two newer runs of a group end an older one at the same time.
    @Test func aRunThatIsSupersededTwiceEndsOnce() async throws {
        let bench = Bench()
        let newest = plan(
            promotion(ApprovalPolicy(role: "release-manager")),
            concurrency: Plan.Concurrency(group: "g", pending: .supersede))
        _ = try await bench.start(newest)
        // The run itself is asked for, and whether the older one is worked on; when that is to be ended, another process has
        // done so.
        let store = FaultyRunStore(bench.store, failing: nil, at: 3) {
            await #expect(throws: Never.self) { try await bench.runner.cancel("r1", by: "bob@contoso.com") }
        }
        let second = try await runner(bench, store).start(newest, RunRequest(run: "r2", requester: "eve@contoso.com"))
        #expect(second.state["prod.approval"]?.status == .waiting)
        #expect(try await RunState.load("r1", from: bench.store).status == .cancelled)
        #expect(try await kinds(bench.store) == ["cancelRequested", "resumed", "cancelled"])
    }

    @Test func aSupersededRunWhoseProcessIsAboutToLeaveEnds() async throws {
        let bench = Bench()
        let queue = Plan.Concurrency(group: "g")
        _ = try await bench.start(
            plan(promotion(ApprovalPolicy(role: "release-manager")), concurrency: queue), run: "r0")
        #expect(try await bench.start(plan([step("a")], concurrency: queue)).queue?.holder == "r0")
        let hold = try await bench.store.hold("r1")
        // The run itself is asked for, and whether the older one is worked on; that is asked for twice.
        let store = FaultyRunStore(bench.store, failing: nil, at: 4) { hold.release() }
        let newest = plan([step("a")], concurrency: Plan.Concurrency(group: "g", pending: .supersede))
        let second = try await runner(bench, store).start(newest, RunRequest(run: "r2", requester: "eve@contoso.com"))
        #expect(second.status == .succeeded)
        #expect(try await RunState.load("r1", from: bench.store).status == .cancelled)
    }

    /// The signal comes while the run still ends older ones, and counts when they are ended.
    @Test func aSignalDuringSupersedingIsNotForgotten() async throws {
        let isTidying = Mutex(false)
        let mayEnd = Mutex(false)
        let executor = ScriptedExecutor { step, _, attempt in
            guard step.id == "tidy", attempt.run == "r1" else { return .succeeded([:]) }
            isTidying.withLock { $0 = true }
            while !mayEnd.withLock({ $0 }) { await Task.yield() }
            return .succeeded([:])
        }
        let bench = Bench(executor)
        let policy = ApprovalPolicy(role: "release-manager")
        let first = plan(
            promotion(policy) + [step("tidy", finally: true)], concurrency: Plan.Concurrency(group: "g"))
        _ = try await bench.start(first)
        let newer = plan([step("effect", .once)], concurrency: Plan.Concurrency(group: "g", pending: .supersede))
        let second = Task { try await bench.start(newer, run: "r2") }
        while !isTidying.withLock({ $0 }) { await Task.yield() }
        second.cancel()
        mayEnd.withLock { $0 = true }
        #expect(try await second.value.status == .cancelled)
        #expect(!executor.calls.contains { $0.step == "effect" })
    }

    // MARK: Looks

    /// Stops its work at once, and a look for an earlier result only some time later.
    private final class SlowLook: StageExecutor {
        private let begun = Mutex<Set<StepID>>([])

        func hasBegun(_ step: StepID) -> Bool { begun.withLock { $0.contains(step) } }

        func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome {
            guard step.id == "long" else { return .succeeded([:]) }
            begun.withLock { _ = $0.insert(step.id) }
            do { try await Task.sleep(for: .seconds(60)) } catch { return .cancelled }
            return .succeeded([:])
        }

        func mayReuse(_ step: Step) -> Bool { step.id == "looked" }

        func inputDigest(of step: Step, input: Value) async -> String? {
            begun.withLock { _ = $0.insert(step.id) }
            try? await Task.sleep(for: .seconds(60))
            // The end of a look is the same when it is told to stop, only sooner.
            await Task.detached { try? await Task.sleep(for: .milliseconds(100)) }.value
            return nil
        }
    }

    @Test(arguments: [true, false]) func aLookThatOutlivesTheWorkHindersNoCleanup(_ isInterrupted: Bool) async throws {
        let bench = Bench(clock: ManualClock(jump: isInterrupted ? 0 : .infinity))
        let executor = SlowLook()
        let runner = Runner(store: bench.store, clock: bench.clock.clock) { _ in executor }
        let plan = plan([step("long"), step("looked"), step("tidy", finally: true)])
        let run = Task { try await runner.start(plan, RunRequest(run: "r1", requester: "eve@contoso.com")).state }
        while !executor.hasBegun("long") || !executor.hasBegun("looked") { await Task.yield() }
        if isInterrupted {
            run.cancel()
        } else {
            try await bench.decisions.cancel("r1", by: "ann@contoso.com")
        }
        let end = Mutex<RunState?>(nil)
        Task {
            let state = try await run.value
            end.withLock { $0 = state }
        }
        for _ in 0..<500 where end.withLock({ $0 == nil }) { try await Task.sleep(for: .milliseconds(10)) }
        let state = try #require(end.withLock { $0 }, "the run does not end")
        #expect(state.status == .cancelled)
        #expect(state.statuses == ["long": .cancelled, "looked": .cancelled, "tidy": .succeeded])
    }
}
