import Documents
import Engine
import Foundation
import Pipelines
import RunStorage
import Synchronization
import TestSupport
import Testing

/// A run whose group, or a step whose environment, is taken away stops at once and brings nothing more.
@Suite struct GroupFencingTests {
    /// Steps that work until they are stopped, unless they are let go.
    private final class Works: Sendable {
        let begun = Mutex<Set<String>>([])
        let stopped = Mutex<Set<String>>([])
        let mayEnd = Mutex(false)
        /// Steps that bring their result though they were told to stop.
        let stubborn: Set<StepID>
        let effects = Mutex<[String: Int]>([:])

        init(stubborn: Set<StepID> = []) { self.stubborn = stubborn }

        var executor: ScriptedExecutor {
            ScriptedExecutor { [self] step, _, attempt in
                if attempt.recovering {
                    return effects.withLock { $0[attempt.token] } == nil
                        ? .failed(StageFailure(.broken, "t/t", "no effect")) : .succeeded(["recovered": true])
                }
                begun.withLock { _ = $0.insert(step.id.rawValue) }
                if step.effect == .once { effects.withLock { $0[attempt.token, default: 0] += 1 } }
                while !mayEnd.withLock({ $0 }) {
                    do {
                        try await Task.sleep(for: .milliseconds(5))
                    } catch {
                        stopped.withLock { _ = $0.insert(step.id.rawValue) }
                        return stubborn.contains(step.id) ? .succeeded(["late": true]) : .cancelled
                    }
                }
                return .succeeded(["done": true])
            }
        }

        func hasBegun(_ step: String) -> Bool { begun.withLock { $0.contains(step) } }
        func wasStopped(_ step: String) -> Bool { stopped.withLock { $0.contains(step) } }
    }

    private func grouped(_ steps: [Step]) -> Plan {
        Plan(pipeline: "p", steps: steps, concurrency: Plan.Concurrency(group: "g"))
    }

    private func work(_ id: StepID, _ effect: StageDescription.Effect, needs: [StepID] = []) -> Step {
        Step(id: id, work: .stage("test.work"), effect: effect, needs: needs.map { Need($0, .declared) })
    }

    @Test(arguments: StoreKind.allCases, [[], ["a", "b"]] as [Set<StepID>])
    func aRunWhoseGroupIsTakenAwayStopsAndRests(_ kind: StoreKind, stubborn: Set<StepID>) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let works = Works(stubborn: stubborn)
        let first = works.executor
        let plan = grouped([
            work("a", .once), work("b", .none), deployment("c", in: "prod", needs: [Need("a", .declared)]),
            work("d", .none, needs: ["b"]),
        ])
        let run = Task { try await runner(store, first).start(plan, RunRequest(run: "r1", requester: "a@b.c")).state }
        #expect(try await eventually { works.hasBegun("a") && works.hasBegun("b") })
        let held = try await LockRegister(store: store).release(
            "g", by: "ann@contoso.com", reason: "stuck", force: true)
        // The next run is in at once, before the first one has noticed anything.
        let quick = ScriptedExecutor()
        let second = try await runner(store, quick).start(plan, RunRequest(run: "r2", requester: "a@b.c")).state
        #expect(second.status == .succeeded)
        let rested = try await run.value
        #expect(rested.status == .waiting)
        #expect(works.wasStopped("a") && works.wasStopped("b"))
        #expect(Set(first.order) == ["a", "b"])
        #expect(rested["a"]?.status == .pending && rested["a"]?.isInDoubt == true)
        #expect(rested["b"]?.status == .pending && rested["b"]?.isInDoubt == false)
        #expect(rested.groupLoss?.person == "ann@contoso.com" && rested.groupLoss?.fence == held.lock.fence)
        #expect(rested.exitStatus == 75)
        let why = try #require(rested.why("b", now: Date()))
        #expect(why.headline.hasPrefix("the group 'g' was taken away by ann@contoso.com, 2"))
        #expect(why.details.contains("`almrun resume r1` takes the group again, with a new number"))
        let listed = try #require(try await store.runs(matching: RunFilter(run: "r1")).first)
        #expect(listed.waits.map(\.suspension.code) == ["run/group-taken"])
        #expect(try await store.locks().isEmpty)
        let lines = try await store.events(of: "r1", after: 0)
        #expect(try RunState(lines).summary == listed)
        #expect(lines.last?.event.kind == .rested)
        #expect(lines[1].event.kind == .groupEntered(lock: "group g", fence: held.lock.fence))
        let losses = lines.compactMap {
            if case .ended(let step, _, .lost(let message)) = $0.event.kind { "\(step): \(message)" } else { nil }
        }
        let taken = try #require(rested.groupLoss?.text)
        #expect(
            Set(losses)
                == Set(["a", "b"].map { "\($0): \(taken); the attempt was under way, and its result does not count" }))

        works.mayEnd.withLock { $0 = true }
        let resumed = try await runner(store, first).resume("r1", by: "a@b.c").state
        #expect(resumed.status == .succeeded)
        #expect(resumed.groupLoss == nil)
        #expect(resumed["a"]?.output == ["recovered": true])
        #expect(works.effects.withLock { Set($0.values) } == [1])
        // Each that had the group had it under a higher number.
        guard case .granted(let next) = try await store.claim("group g", run: "r9", step: "", now: Date(), until: nil)
        else {
            Issue.record("the group is still held")
            return
        }
        #expect(next.fence == 4)
    }

    /// Also what was about to be written down when the lock went is refused, and no new step begins with it.
    @Test func whatComesAfterTheLossIsRefusedByTheStore() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let works = Works()
        let executor = works.executor
        var settings = RunnerSettings()
        // Nobody looks around, and there is no word of it in the ledger: only the store can tell.
        settings.poll = 1000
        let patient = Runner(store: store, settings: settings) { _ in executor }
        let plan = grouped([work("a", .once), work("b", .once, needs: ["a"])])
        let run = Task { try await patient.start(plan, RunRequest(run: "r1", requester: "a@b.c")).state }
        #expect(try await eventually { works.hasBegun("a") })
        let lock = try #require(try await store.locks().first)
        try await store.release(lock)
        let next = try await store.claim(lock.name, run: "r9", step: "", now: Date(), until: nil)
        works.mayEnd.withLock { $0 = true }
        let rested = try await run.value
        #expect(rested.status == .waiting)
        #expect(executor.order == ["a"])
        #expect(rested["a"]?.status == .pending && rested["a"]?.isInDoubt == true)
        #expect(rested.groupLoss?.fence == lock.fence)
        #expect(rested.groupLoss?.person == "somebody")
        // The other run keeps it.
        guard case .granted(let other) = next else {
            Issue.record("the group is still held")
            return
        }
        #expect(try await store.locks().map(\.fence) == [other.fence])
    }

    /// Without a word in the ledger it is the number that tells.
    @Test func aGroupThatIsGoneFromTheStoreIsLostToo() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let works = Works()
        let executor = works.executor
        let plan = grouped([work("a", .none), work("b", .none, needs: ["a"])])
        let run = Task {
            try await runner(store, executor).start(plan, RunRequest(run: "r1", requester: "a@b.c")).state
        }
        #expect(try await eventually { works.hasBegun("a") })
        let lock = try #require(try await store.locks().first)
        try await store.release(lock)
        works.mayEnd.withLock { $0 = true }
        let rested = try await run.value
        #expect(rested.status == .waiting)
        #expect(executor.order == ["a"])
        #expect(rested.groupLoss?.fence == lock.fence)
        #expect(try await runner(store, executor).resume("r1", by: "a@b.c").state.status == .succeeded)
    }

    @Test func cancelledWhileItStopsItIsCancelledWhenItIsTakenUp() async throws {
        let store = MemoryRunStore()
        let works = Works()
        let executor = works.executor
        var last = work("tidy", .none)
        last.isFinally = true
        let plan = grouped([work("a", .none), last])
        let run = Task {
            try await runner(store, executor).start(plan, RunRequest(run: "r1", requester: "a@b.c")).state
        }
        #expect(try await eventually { works.hasBegun("a") })
        _ = try await LockRegister(store: store).release("g", by: "ann@contoso.com", reason: "stuck", force: true)
        run.cancel()
        #expect(try await eventually { try await RunState.load("r1", from: store).cancelRequest != nil })
        #expect(try await run.value.status == .waiting)
        works.mayEnd.withLock { $0 = true }
        let ended = try await runner(store, executor).resume("r1", by: "a@b.c").state
        #expect(ended.status == .cancelled)
        #expect(ended["tidy"]?.status == .succeeded)
    }

    /// The signal comes when what ran under the group has been told to stop and takes its time.
    @Test func interruptedWhileItStopsItIsCancelledWhenItIsTakenUp() async throws {
        let store = MemoryRunStore()
        let isStopping = Mutex(false)
        let mayStop = Mutex(false)
        let executor = ScriptedExecutor { step, _, _ in
            guard step.id == "a" else { return .succeeded([:]) }
            try? await Task.sleep(for: .seconds(60))
            isStopping.withLock { $0 = true }
            while !mayStop.withLock({ $0 }) {
                await Task.detached { try? await Task.sleep(for: .milliseconds(5)) }.value
            }
            return .cancelled
        }
        var last = work("tidy", .none)
        last.isFinally = true
        let plan = grouped([work("a", .none), last])
        let run = Task {
            try await runner(store, executor).start(plan, RunRequest(run: "r1", requester: "a@b.c")).state
        }
        #expect(try await eventually { executor.order == ["a"] })
        _ = try await LockRegister(store: store).release("g", by: "ann@contoso.com", reason: "stuck", force: true)
        #expect(try await eventually { isStopping.withLock { $0 } })
        // By then nobody waits for the signal.
        try await Task.sleep(for: .milliseconds(50))
        run.cancel()
        mayStop.withLock { $0 = true }
        let rested = try await run.value
        #expect(rested.status == .waiting)
        #expect(rested.cancelRequest?.reason == "interrupted")
        let ended = try await runner(store, executor).resume("r1", by: "a@b.c").state
        #expect(ended.status == .cancelled)
        #expect(ended["tidy"]?.status == .succeeded)
    }

    /// The renewal, or the event, tells the attempt to stop: it does not work on beside the next one until it ends.
    @Test(arguments: StoreKind.allCases, [true, false])
    func aStepWhoseEnvironmentIsTakenAwayIsStopped(_ kind: StoreKind, isTold: Bool) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let works = Works()
        let executor = works.executor
        var settings = RunnerSettings()
        settings.poll = 0.02
        settings.lease = isTold ? 1000 : 0.5
        let runner = Runner(store: store, settings: settings) { _ in executor }
        let plan = plan([deployment("deploy", in: "prod"), work("beside", .none)], pending: .queue)
        let run = Task { try await runner.start(plan, RunRequest(run: "r1", requester: "a@b.c")).state }
        #expect(try await eventually { works.hasBegun("deploy") && works.hasBegun("beside") })
        if isTold {
            _ = try await LockRegister(store: store).release("prod", by: "ann@contoso.com", reason: "x", force: true)
        } else {
            let lock = try #require(try await store.locks().first)
            try await store.release(lock)
            _ = try await store.occupy("prod", by: "r0")
        }
        #expect(try await eventually { works.wasStopped("deploy") })
        // Nothing else of the run is stopped.
        #expect(!works.wasStopped("beside"))
        works.mayEnd.withLock { $0 = true }
        if !isTold, let lock = try await store.locks().first(where: { $0.run == "r0" }) {
            try await store.release(lock)
        }
        let state = try await run.value
        #expect(state.status == .succeeded)
        #expect(state["deploy"]?.output == ["recovered": true])
        #expect(executor.calls.filter { $0.step == "deploy" }.map(\.recovering) == [false, true])
    }

    /// The next attempt takes the lease of the last one over before that has given it back.
    @Test(arguments: StoreKind.allCases) func aRetryDoesNotTakeItsOwnLeaseAway(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let executor = ScriptedExecutor { _, _, attempt in
            attempt.number < 3 ? .failed(StageFailure(.transient, "t/t", "not yet")) : .succeeded(["attempt": 3])
        }
        var step = deployment("deploy", in: "prod")
        step.retry = RetryPolicy(attempts: 3, delay: 0)
        let state = try await runner(store, executor).start(
            plan([step], pending: .queue), RunRequest(run: "r1", requester: "a@b.c")
        ).state
        #expect(state.status == .succeeded)
        #expect(executor.calls.map(\.attempt) == [1, 2, 3])
        let kinds = try await store.events(of: "r1", after: 0).map(\.event.kind)
        let fences = kinds.compactMap { if case .lockAcquired(_, _, let fence) = $0 { fence } else { nil } }
        #expect(fences == [1, 2, 3])
        #expect(!kinds.contains { if case .ended(_, _, .lost) = $0 { true } else { false } })
        #expect(try await store.locks().isEmpty)
    }
}
