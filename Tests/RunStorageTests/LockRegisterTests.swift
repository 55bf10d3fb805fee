import Documents
import Engine
import Foundation
import Pipelines
import RunStorage
import Synchronization
import TestSupport
import Testing

@Suite struct LockRegisterTests {
    @Test(arguments: StoreKind.allCases) func saysWhoHoldsWhat(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let register = LockRegister(store: store)
        #expect(try await register.held().isEmpty)
        let plan = Plan(
            pipeline: "p", steps: samplePlan().steps, roles: samplePlan().roles,
            concurrency: Plan.Concurrency(group: "sales"))
        #expect(try await runner(store).start(plan, RunRequest(run: "r1", requester: "a@b.c")).status == .waiting)
        let lost = try await store.occupy("prod", by: "gone")
        let hold = try await store.hold("r1")
        let held = try await register.held()
        #expect(held.map(\.lock.name) == ["environment prod", "group sales"])
        #expect(held[0] == HeldLock(lock: lost, status: nil, process: nil))
        #expect(held[0].isLeftOver)
        #expect(held[0].hasRunOut(lost.since.addingTimeInterval(999)) == false)
        #expect(held[0].hasRunOut(lost.since.addingTimeInterval(1000)))
        #expect(held[1].status == .waiting)
        #expect(held[1].process != nil)
        #expect(held[1].isLeftOver == false)
        #expect(held[1].hasRunOut(.distantFuture) == false)
        hold.release()
        #expect(try await register.held()[1].process == nil)
        #expect(try await register.held()[1].isLeftOver == false)
    }

    @Test func namesMustBeClear() async throws {
        let store = MemoryRunStore()
        let register = LockRegister(store: store)
        let none = await #expect(throws: Refusal.self) { try await register.find("prod") }
        #expect(none?.code == "lock/unknown")
        #expect(none?.notes == ["no lock is held"])
        _ = try await store.occupy("prod")
        _ = try await store.claim("group prod", run: "r0", step: "", now: Date(), until: nil)
        _ = try await store.occupy("test")
        #expect(try await register.find("test").lock.name == "environment test")
        #expect(try await register.find("group prod").lock.name == "group prod")
        let both = await #expect(throws: Refusal.self) { try await register.find("prod") }
        #expect(both?.code == "lock/ambiguous")
        #expect(both?.notes == ["say 'environment prod' or 'group prod'"])
        let typo = await #expect(throws: Refusal.self) { try await register.find("tset") }
        #expect(typo?.notes.first == "did you mean 'test'?")
        let empty = await #expect(throws: Refusal.self) {
            try await register.release("test", by: "ann@contoso.com", reason: " \n")
        }
        #expect(empty?.code == "lock/no-reason")
        #expect(try await store.locks().count == 3)
    }

    @Test(arguments: StoreKind.allCases) func theLedgerKeepsWhoTookALockAway(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        var plan = samplePlan()
        plan.concurrency = Plan.Concurrency(group: "sales")
        _ = try await runner(store).start(plan, RunRequest(run: "r1", requester: "a@b.c"))
        let held = try await LockRegister(store: store).release("sales", by: "ann@contoso.com", reason: "gone")
        #expect(held.lock.run == "r1")
        #expect(try await store.locks().isEmpty)
        let lines = try await store.events(of: "r1", after: 0)
        #expect(
            lines.last?.event.kind
                == .lockBroken(lock: "group sales", fence: 1, by: "ann@contoso.com", reason: "gone"))
        #expect(try RunState(lines).status == .waiting)
        #expect(try await store.runs(matching: RunFilter(run: "r1")).first?.events == lines.count)
        // Another run goes in; the first one then waits for it.
        guard
            case .granted(let next) = try await store.claim(
                "group sales", run: "r2", step: "", now: .thisMillisecond, until: nil)
        else { throw RunStoreError.lockLost("group sales") }
        #expect(next.fence == 2)
        let resumed = try await runner(store).resume("r1", by: "a@b.c").state
        #expect(resumed.queue?.holder == "r2")
        #expect(abs(resumed.queue?.since.timeIntervalSince(next.since) ?? 1) < 0.001)
        let summaries = try await store.runs(matching: RunFilter(run: "r1"))
        let wait = try #require(summaries.first?.waits.first)
        #expect(wait.suspension.message.contains("waits for run 'r2' of the same group 'sales', which has it since 2"))
    }

    @Test func aLockOfNoRunIsReleasedAllTheSame() async throws {
        let store = MemoryRunStore()
        _ = try await store.occupy("prod", by: "gone")
        _ = try await LockRegister(store: store).release("environment prod", by: "a@b.c", reason: "x")
        #expect(try await store.locks().isEmpty)
        #expect(try await store.events(of: "gone", after: 0).isEmpty)
    }

    /// What was forced on a run that cannot be read is not meant for the one that has the lock by then.
    @Test func anotherRunKeepsWhatItGotMeanwhile() async throws {
        let store = MemoryRunStore()
        var plan = samplePlan()
        plan.concurrency = Plan.Concurrency(group: "sales")
        let state = try await runner(store).start(plan, RunRequest(run: "r1", requester: "a@b.c")).state
        let torn = RunEvent(sequence: state.sequence + 1, time: .thisMillisecond, previous: "torn", kind: .rested)
        try await store.append(
            EventBatch(after: state.sequence, lines: [LedgerLine(torn)], summary: state.summary), to: "r1")
        let register = LockRegister(store: store)
        let held = try #require(try await register.held(named: "group sales"))
        #expect(held.isDamaged && !held.isLeft)
        let kept = Mutex(0)
        let refused = await #expect(throws: Refusal.self) {
            try await register.release(
                "sales", by: "ann@contoso.com", reason: "gone", force: true,
                clearingRemains: { _ in
                    _ = try? await store.release(held.lock)
                    _ = try? await store.claim("group sales", run: "r2", step: "", now: .thisMillisecond, until: nil)
                }, keeping: { _ in kept.withLock { $0 += 1 } })
        }
        #expect(refused?.code == "lock/unknown")
        #expect(refused?.message == "run 'r1' does not have group sales any more: nothing was taken away")
        #expect(refused?.notes.first?.hasPrefix("run 'r2' has it since 2") == true)
        #expect(try await store.locks().map(\.run) == ["r2"])
        #expect(kept.withLock { $0 } == 0)
    }

    @Test(arguments: StoreKind.allCases) func aResultUnderALockThatWasTakenAwayIsRefused(_ kind: StoreKind) async throws
    {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let begun = Mutex(false)
        let mayEnd = Mutex(false)
        let effects = Mutex<[String: Int]>([:])
        let scripted = ScriptedExecutor { _, _, attempt in
            if attempt.recovering {
                return effects.withLock { $0[attempt.token] } == 1
                    ? .succeeded(["recovered": true]) : .failed(StageFailure(.broken, "t/t", "no effect"))
            }
            effects.withLock { $0[attempt.token, default: 0] += 1 }
            begun.withLock { $0 = true }
            while !mayEnd.withLock({ $0 }) {
                await Task.detached { try? await Task.sleep(for: .milliseconds(5)) }.value
            }
            return .succeeded(["late": true])
        }
        let noticed = Mutex<[String]>([])
        var settings = RunnerSettings()
        settings.poll = 0.02
        let runner = Runner(
            store: store, settings: settings,
            observe: { if case .event(let event) = $0 { noticed.withLock { $0.append(event.kind.name) } } },
            executor: { _ in scripted })
        let run = Task {
            try await runner.start(
                plan([deployment("deploy", in: "prod")], pending: .queue), RunRequest(run: "r1", requester: "a@b.c")
            ).state
        }
        #expect(try await eventually { begun.withLock { $0 } })
        let register = LockRegister(store: store)
        let refused = await #expect(throws: Refusal.self) {
            try await register.release("prod", by: "ann@contoso.com", reason: "stuck")
        }
        #expect(refused?.code == "lock/in-use")
        #expect(refused?.message.contains("works on run 'r1', which holds environment prod") == true)
        let held = try await register.release("prod", by: "ann@contoso.com", reason: "stuck", force: true)
        // Somebody else works there for a moment, under a higher number.
        let other = try await store.occupy("prod", by: "r0")
        #expect(other.fence > held.lock.fence)
        // The process that has the run notices.
        #expect(try await eventually { noticed.withLock { $0.contains("lockBroken") } })
        mayEnd.withLock { $0 = true }
        #expect(
            try await eventually {
                try await store.events(of: "r1", after: 0).contains { $0.event.kind.name == "lockWaited" }
            })
        let between = try await RunState.load("r1", from: store)
        #expect(between["deploy"]?.isInDoubt == true)
        #expect(between["deploy"]?.status == .waiting)
        try await store.release(other)
        let state = try await run.value
        #expect(state.status == .succeeded)
        #expect(state["deploy"]?.output == ["recovered": true])
        #expect(scripted.calls.map(\.recovering) == [false, true])
        #expect(effects.withLock { Array($0.values) } == [1])
        let kinds = try await store.events(of: "r1", after: 0).map(\.event.kind)
        let fences = kinds.compactMap { if case .lockAcquired(_, _, let fence) = $0 { fence } else { nil } }
        #expect(fences == fences.sorted() && fences.count == 2 && fences[1] > other.fence)
        let losses = kinds.compactMap { if case .ended(_, _, .lost(let message)) = $0 { message } else { nil } }
        #expect(losses.count == 1 && losses[0].contains("was taken away"))
        #expect(try await store.locks().isEmpty)
    }
}
