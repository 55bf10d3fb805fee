import Documents
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Who gets a group or an environment that is free, and who does not wait for it in vain.
@Suite struct TurnTests {
    /// What a run is to get.
    enum Scarce: CaseIterable, Sendable {
        case environment, group

        var lock: String { self == .environment ? Lock.environment("prod") : Lock.group("g") }

        var plan: Plan {
            switch self {
            case .environment: EngineTests.plan([step("prod", .once, environment: "prod")])
            case .group: EngineTests.plan([step("prod", .once)], concurrency: Plan.Concurrency(group: "g"))
            }
        }

        /// The runs that this one named, and when.
        func named(by run: RunID, _ bench: Bench) async throws -> [(run: RunID, time: Date)] {
            try await bench.store.events(of: run, after: 0).compactMap { line in
                switch line.event.kind {
                case .lockWaited(_, _, let holder, _, _, _): (RunID(holder), line.event.time)
                case .queued(_, let holder, _): (holder, line.event.time)
                default: nil
                }
            }
        }
    }

    private func claim(_ name: String, _ bench: Bench, by run: RunID = "r0", until end: Date? = nil) async throws
        -> Lock
    {
        let claim = try await bench.store.claim(name, run: run, step: "x", now: bench.clock.now, until: end)
        guard case .granted(let lock) = claim else { throw RunStoreError.lockLost(name) }
        return lock
    }

    private func runner(
        _ bench: Bench, _ store: any RunStore, observe: @escaping @Sendable (RunNotice) -> Void = { _ in }
    ) -> Runner {
        Runner(store: store, clock: bench.clock.clock, settings: bench.settings, observe: observe) { _ in bench.executor
        }
    }

    /// Until it is so, for as many looks as a second has in a quarter of an hour.
    private func until(_ bench: Bench, _ condition: () async throws -> Bool) async throws -> Bool {
        let end = bench.clock.now.addingTimeInterval(900)
        while bench.clock.now < end {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(1))
        }
        return try await condition()
    }

    /// A run that was made before, and waits with a process that does nothing.
    private func stopped(_ scarce: Scarce, _ bench: Bench) async throws -> RunHold {
        let lock = try await claim(scarce.lock, bench)
        #expect(try await bench.start(scarce.plan, run: "r2").status == .waiting)
        let hold = try await bench.store.hold("r2")
        try await bench.store.release(lock)
        bench.clock.advance(by: 1)
        return hold
    }

    /// It is given back between the look and the claim: others were before.
    @Test(arguments: Scarce.allCases) func whoFindsItTakenDoesNotGetItPastOlderRuns(_ scarce: Scarce) async throws {
        let bench = Bench()
        let lock = try await claim(scarce.lock, bench)
        #expect(try await bench.start(scarce.plan, run: "r2").status == .waiting)
        let older = try await bench.store.hold("r2")
        let first = try await bench.store.hold("r0")
        bench.clock.advance(by: 1)
        let store = FaultyRunStore(
            bench.store, failing: nil,
            looked: { look in
                // Nothing is refused here.
                if look == .locks { _ = try? await bench.store.release(lock) }
            })
        let task = Task {
            try await runner(bench, store).start(scarce.plan, RunRequest(run: "r3", requester: "a@b.c")).state.status
        }
        #expect(
            try await until(bench) {
                try await scarce.named(by: "r3", bench).last?.run == "r2" || !bench.executor.calls.isEmpty
            })
        #expect(bench.executor.calls.isEmpty)
        first.release()
        older.release()
        #expect(try await task.value == .succeeded)
        #expect(try await scarce.named(by: "r3", bench).map(\.run) == ["r0", "r2"])
    }

    @Test(arguments: Scarce.allCases) func whoDoesNotTakeItsTurnIsPassed(_ scarce: Scarce) async throws {
        var bench = Bench()
        bench.settings.turnPatience = 10
        let hold = try await stopped(scarce, bench)
        let remarks = Mutex<[String]>([])
        let runner = runner(bench, bench.store) { notice in
            if case .remark(let text) = notice { remarks.withLock { $0.append(text) } }
        }
        let task = Task { try await runner.start(scarce.plan, RunRequest(run: "r3", requester: "a@b.c")).state.status }
        let isPassed = try await until(bench) { [bench] in !bench.executor.calls.isEmpty }
        #expect(isPassed)
        if !isPassed { task.cancel() }
        #expect(try await task.value == .succeeded)
        let named = try await scarce.named(by: "r3", bench)
        #expect(named.map(\.run) == ["r2"])
        let begun = try await bench.started("prod", in: "r3")
        #expect(try #require(begun).timeIntervalSince(try #require(named.first?.time)) >= 10)
        #expect(
            remarks.withLock(\.self) == [
                "\(scarce.lock): it is the turn of run 'r2', which has not taken it for 10 s: the next one goes"
            ])
        hold.release()
        #expect(try await bench.resume("r2").status == .succeeded)
    }

    /// Its process leaves between the look at the line and the question whether waiting is of any use.
    @Test(arguments: Scarce.allCases) func whoSeesTheOneBeforeLeaveGoesOn(_ scarce: Scarce) async throws {
        let bench = Bench()
        let lock = try await claim(scarce.lock, bench)
        let hold = try await bench.store.hold("r0")
        let looks = Mutex(0)
        let store = FaultyRunStore(
            bench.store, failing: nil,
            looked: { look in
                // By then it has waited for as long as it waits for what no process works on.
                guard look == .locks else { return }
                let count = looks.withLock { looks in
                    looks += 1
                    return looks
                }
                guard count == 10 else { return }
                // Nothing is refused here.
                _ = try? await bench.store.release(lock)
                hold.release()
            })
        let state = try await runner(bench, store).start(scarce.plan, RunRequest(run: "r3", requester: "a@b.c")).state
        #expect(state.status == .succeeded)
        #expect(try await scarce.named(by: "r3", bench).map(\.run) == ["r0"])
    }

    /// A long step of the same run takes up all of its width.
    @Test func whoHasItsTurnBeginsBeyondTheWidth() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let executor = ScriptedExecutor { step, _, _ in
            if step.id == "long" { for await _ in gate.stream { break } }
            return .succeeded([:])
        }
        var bench = Bench(executor)
        bench.settings.width = 1
        let lock = try await claim(Lock.environment("prod"), bench)
        let first = try await bench.store.hold("r0")
        defer { first.release() }
        let plan = plan([step("prod", .once, environment: "prod"), step("long")])
        let task = Task { [bench] in try await bench.start(plan).status }
        #expect(try await until(bench) { executor.order == ["long"] })
        try await bench.store.release(lock)
        #expect(try await until(bench) { executor.order == ["long", "prod"] })
        gate.continuation.finish()
        #expect(try await task.value == .succeeded)
        #expect(executor.busiest == 2)
    }

    /// Who comes to it without having waited has no more room than others.
    @Test func theWidthHoldsForAllOthers() async throws {
        let bench = { () -> Bench in
            var bench = Bench()
            bench.settings.width = 1
            return bench
        }()
        let steps = ["a", "b", "c"].map { step(StepID($0), .once, environment: $0) }
        #expect(try await bench.start(plan(steps)).status == .succeeded)
        #expect(bench.executor.busiest == 1)
    }

    /// What is in the pool goes on however long; the others need not wait for it.
    @Test func whoWaitsForItsPoolIsNotInLine() throws {
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let lock = Lock.environment("prod")
        for width in [1, 2] {
            let pool = Pool(name: "p", width: width)
            let creation = RunCreation(
                run: "r1",
                plan: plan([step("prod", .once, environment: "prod", pool: pool), step("long", pool: pool)]),
                requester: "a@b.c")
            var state = try RunState(
                LedgerLine(RunEvent(sequence: 1, time: time, previous: "", kind: .created(creation))))
            _ = try state.add(.lockWaited("prod", lock: lock, holder: "r0", since: time), now: time)
            #expect(state.position(inLineFor: "prod") != nil)
            _ = try state.add(
                .started("long", attempt: 1, token: "t", fence: nil, recovering: false), now: time)
            #expect((state.position(inLineFor: "prod") != nil) == (width == 2))
        }
    }

    /// However long one waits, others are not read anew, and those that rest for people not at all.
    @Test(arguments: Scarce.allCases) func aLookAtTheLineReadsWhatIsNew(_ scarce: Scarce) async throws {
        let bench = Bench()
        if scarce == .environment {
            let asks = guardedPlan([("approval", .approval(ApprovalPolicy(role: "release-manager")))])
            #expect(try await bench.start(asks, run: "r1").status == .waiting)
            bench.clock.advance(by: 1)
        }
        let hold = try await stopped(scarce, bench)
        let looks = Mutex<[FaultyRunStore.Look]>([])
        let store = FaultyRunStore(
            bench.store, failing: nil, looked: { look in looks.withLock { $0.append(look) } })
        let task = Task {
            try await runner(bench, store).start(scarce.plan, RunRequest(run: "r3", requester: "a@b.c")).state.status
        }
        #expect(try await until(bench) { looks.withLock { $0.count { $0 == .locks } } >= 20 })
        let seen = looks.withLock(\.self)
        #expect(seen.count { $0 == .runs } == 1)
        #expect(seen.count { $0 == .events("r2", after: 0) } == 1)
        #expect(!seen.contains(.holder("r1")))
        #expect(!seen.contains(.events("r1", after: 0)))
        hold.release()
        #expect(try await task.value == .succeeded)
    }
}

extension Bench {
    /// When the last attempt of a step began.
    func started(_ step: StepID, in run: RunID) async throws -> Date? {
        try await store.events(of: run, after: 0).last {
            if case .started(step, _, _, _, _) = $0.event.kind { true } else { false }
        }?.event.time
    }
}
