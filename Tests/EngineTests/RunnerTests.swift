import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

@Suite struct RunnerTests {
    @Test func runsInOrderAndPassesOutputsOn() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in .succeeded(["name": .string(step.id.rawValue), "level": "minor"]) })
        let state = try await bench.start(
            plan([
                step("a"),
                step("b", uses: [("a", "name")]),
                step(
                    "c", needs: ["b"],
                    input: .map([
                        "text": .text([.literal("v"), .reference(.output("a", name: "level", path: [])), .literal("!")]
                        ),
                        "run": .reference(.run(.id)), "secret": .reference(.secret("KEY")),
                    ])),
            ]))
        #expect(state.status == .succeeded)
        #expect(bench.executor.order == ["a", "b", "c"])
        #expect(bench.executor.calls[1].input == ["a.name": "a"])
        #expect(bench.executor.calls[2].input == ["text": "vminor!", "run": "r1", "secret": "${{ secrets.KEY }}"])
        #expect(state.exitStatus == 0)
        let stored = try await RunState.load("r1", from: bench.store)
        #expect(stored.steps == state.steps)
        #expect(stored.head == state.head)
    }

    @Test func skippedStandsInNobodysWayExceptUsersOfItsOutputs() async throws {
        let bench = Bench(ScriptedExecutor { _, _, _ in .succeeded(["level": "minor"]) })
        let state = try await bench.start(
            plan([
                step("diff"), step("architect", when: when("diff", "level", "major")),
                step("needs", needs: ["architect"]), step("uses", uses: [("architect", "level")]),
                step("after", needs: ["uses"]), step("any", when: when("diff", "level", "major", "minor")),
            ]))
        #expect(
            state.statuses == [
                "diff": .succeeded, "architect": .skipped, "needs": .succeeded, "uses": .skipped, "after": .succeeded,
                "any": .succeeded,
            ])
        #expect(state.status == .succeeded)
        let why = try #require(state.why("architect", now: bench.clock.now))
        #expect(why.headline == "its 'when' does not hold")
        #expect(why.details == [#"stages.diff.level is "minor", not "major""#])
        #expect(
            state.why("uses", now: bench.clock.now)?.headline
                == "it uses the output 'level' of 'architect', which is skipped")
    }

    @Test func failureBlocksWhatNeedsItAndFinallyRunsAnyway() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                step.id == "bad" ? .failed(StageFailure(.rejected, "t/no", "no")) : .succeeded([:])
            })
        let state = try await bench.start(
            plan([
                step("bad"), step("b", needs: ["bad"]), step("c", needs: ["b"]), step("other"),
                step("notes", input: .map(["status": .reference(.run(.status))]), finally: true),
                step("uses", uses: [("bad", "x")], finally: true),
            ]))
        #expect(
            state.statuses == [
                "bad": .failed, "b": .blocked, "c": .blocked, "other": .succeeded, "notes": .succeeded,
                "uses": .skipped,
            ])
        #expect(state.status == .failed)
        #expect(state.exitStatus == 1)
        #expect(bench.executor.calls.last?.input == ["status": "failed"])
        #expect(state.why("c", now: bench.clock.now)?.details == ["'bad' failed: no"])
        // Resuming does again what failed or was blocked, and what runs after everything.
        let again = try await bench.resume()
        #expect(again.status == .failed)
        #expect(bench.executor.order.prefix(2).sorted() == ["bad", "other"])
        #expect(bench.executor.order.dropFirst(2) == ["notes", "bad", "notes"])
    }

    @Test func retriesPassingFailuresOnlyAndNotForEver() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, attempt in
                switch step.id {
                case "flaky":
                    attempt.number < 3
                        ? .failed(StageFailure(.transient, "t/t", "not now", retryAfter: 30)) : .succeeded([:])
                case "never": .failed(StageFailure(.transient, "t/t", "not now"))
                case "broken": .failed(StageFailure(.broken, "t/b", "broken"))
                default: .succeeded([:])
                }
            })
        let policy = RetryPolicy(attempts: 3, delay: 5)
        let begin = bench.clock.now
        let state = try await bench.start(
            plan([step("flaky", retry: policy), step("never", retry: policy), step("broken", retry: policy)]))
        #expect(state.statuses == ["flaky": .succeeded, "never": .failed, "broken": .failed])
        #expect(state["flaky"]?.attempts == 3)
        #expect(state["never"]?.attempts == 3)
        #expect(state["broken"]?.attempts == 1)
        #expect(bench.clock.now.timeIntervalSince(begin) >= 60)
        #expect(state.exitStatus == 3)
    }

    /// A service may ask for days, and all that time nobody else could work in the group.
    @Test(arguments: [(7_200.0, StepStatus.failed), (3_000, .retrying)])
    func nobodyWaitsForDays(_ seconds: Double, _ status: StepStatus) async throws {
        let bench = Bench(
            ScriptedExecutor { _, _, _ in .failed(StageFailure(.transient, "t/t", "not now", retryAfter: seconds)) },
            clock: ManualClock(jump: 0))
        let state = try await bench.start(plan([step("call", retry: RetryPolicy(attempts: 3))]))
        #expect(state["call"]?.status == status)
        let long = RetryPolicy(attempts: 3, longest: 10_000)
        #expect(try await bench.start(plan([step("call", retry: long)]), run: "r2")["call"]?.status == .retrying)
    }

    @Test func widthAndPoolsAndEnvironmentsAreKept() async throws {
        let executor = ScriptedExecutor { _, _, _ in
            for _ in 0..<20 { await Task.yield() }
            return .succeeded([:])
        }
        var bench = Bench(executor)
        bench.settings.width = 3
        let pool = Pool(name: "p", width: 1)
        let steps =
            (0..<10).map { step(StepID("s\($0)")) } + (0..<5).map { step(StepID("p\($0)"), pool: pool) }
            + (0..<5).map { step(StepID("e\($0)"), .once, environment: "prod") }
        let state = try await bench.start(plan(steps))
        #expect(state.status == .succeeded)
        #expect(executor.busiest <= 3)
        #expect(executor.violations == [])
        #expect(try await bench.store.locks() == [])
    }

    @Test func timeoutOfAnEffectIsLookedAfter() async throws {
        let clock = ManualClock(jump: 5)
        let executor = ScriptedExecutor { _, _, attempt in
            attempt.recovering ? .succeeded(["recovered": true]) : await outlast(10, clock)
        }
        let bench = Bench(executor, clock: clock)
        let state = try await bench.start(plan([step("deploy", .once, timeout: 10)]))
        #expect(state.status == .succeeded)
        #expect(executor.calls.map(\.recovering) == [false, true])
        #expect(Set(executor.calls.map(\.token)).count == 1)
    }

    @Test(arguments: [(nil, [false, true]), (2, [false, false])])
    func aTimedOutEffectIsRepeatedOnlyWhereTriesAreLeft(_ attempts: Int?, _ onlyLooked: [Bool]) async throws {
        let looks = Mutex<[Bool]>([])
        let clock = ManualClock(jump: 5)
        let executor = ScriptedExecutor { _, _, attempt in
            looks.withLock { $0.append(attempt.looksOnly) }
            if attempt.looksOnly { return .failed(StageFailure(.transient, StageFailure.timeoutCode, "no effect")) }
            return attempt.recovering ? .succeeded([:]) : await outlast(10, clock)
        }
        let retry = attempts.map { RetryPolicy(attempts: $0) }
        let state = try await Bench(executor, clock: clock).start(
            plan([step("deploy", .once, retry: retry, timeout: 10)]))
        #expect(looks.withLock { $0 } == onlyLooked)
        #expect(state.status == (attempts == nil ? .failed : .succeeded))
    }

    @Test func aGroupHeldByNobodysProcessIsNotWaitedFor() async throws {
        let bench = Bench()
        let group = Plan.Concurrency(group: "g")
        let policy = ApprovalPolicy(role: "release-manager")
        #expect(try await bench.start(plan(promotion(policy), concurrency: group), run: "r1").status == .waiting)
        let before = bench.clock.now
        #expect(try await bench.start(plan([step("a")], concurrency: group), run: "r2").status == .waiting)
        #expect(bench.clock.now == before)
    }

    /// Where a process works on the run that has the group, its turn comes: who waits does so until then.
    @Test func aRunThatWaitsForItsTurnInALiveProcessIsSuperseded() async throws {
        let bench = Bench()
        let queue = Plan.Concurrency(group: "g")
        _ = try await bench.start(
            plan(promotion(ApprovalPolicy(role: "release-manager")), concurrency: queue), run: "r1")
        let holdOfFirst = try await bench.store.hold("r1")
        let second = Task { try await bench.start(plan([step("a")], concurrency: queue), run: "r2") }
        while (try? await RunState.load("r2", from: bench.store))?.queue == nil { await Task.yield() }
        let third = Task {
            try await bench.start(
                plan([step("a")], concurrency: Plan.Concurrency(group: "g", pending: .supersede)), run: "r3")
        }
        #expect(try await second.value.cancelRequest?.reason == "superseded by run 'r3'")
        // What its process works on comes to its own end.
        #expect(try await RunState.load("r1", from: bench.store).cancelRequest == nil)
        holdOfFirst.release()
        #expect(try await third.value.status == .succeeded)
        #expect(try await RunState.load("r1", from: bench.store).status == .cancelled)
    }

    @Test func cancellationStopsWhatRunsAndCleansUp() async throws {
        let started = AsyncStream.makeStream(of: Void.self)
        let executor = ScriptedExecutor { step, _, _ in
            guard step.id == "long" else { return .succeeded([:]) }
            started.continuation.yield()
            do { try await Task.sleep(for: .seconds(60)) } catch { return .cancelled }
            return .succeeded([:])
        }
        let bench = Bench(executor, clock: ManualClock(jump: 0))
        let plan = plan([step("long"), step("next", needs: ["long"]), step("notes", finally: true)])
        let task = Task { try await bench.start(plan) }
        for await _ in started.stream { break }
        task.cancel()
        let state = try await task.value
        #expect(state.status == .cancelled)
        #expect(state.statuses == ["long": .cancelled, "next": .cancelled, "notes": .succeeded])
        #expect(state.exitStatus == 130)
        // Taken up again it goes on.
        #expect(state.cancelRequest?.reason == "interrupted")
    }

    @Test func cancelRequestOfAnotherProcessIsSeen() async throws {
        let executor = ScriptedExecutor { step, _, _ in
            guard step.id == "long" else { return .succeeded([:]) }
            do { try await Task.sleep(for: .seconds(60)) } catch { return .cancelled }
            return .succeeded([:])
        }
        let bench = Bench(executor)
        let task = Task { try await bench.start(plan([step("long"), step("next", needs: ["long"])])) }
        while executor.calls.isEmpty { await Task.yield() }
        try await bench.decisions.cancel("r1", by: "ann@contoso.com", reason: "wrong version")
        let state = try await task.value
        #expect(state.status == .cancelled)
        #expect(state.why("next", now: bench.clock.now)?.details.first?.contains("wrong version") == true)
    }

    @Test func equalInputsAreReusedAcrossRuns() async throws {
        let bench = Bench(
            ScriptedExecutor(
                digest: { step, input in step.effect == .none ? step.id.rawValue + input.canonicalJSON : nil },
                available: { $0["gone"] == nil },
                script: { step, _, _ in .succeeded(step.id == "gone" ? ["gone": true] : ["x": 1]) }))
        let plan = plan([
            step("a"), step("b", uses: [("a", "x")]), step("gone"), step("push", .repeatable, needs: ["b"]),
        ])
        _ = try await bench.start(plan)
        let second = try await bench.start(plan, run: "r2")
        #expect(
            second.statuses == ["a": .reused, "b": .reused, "gone": .succeeded, "push": .succeeded])
        #expect(second.why("b", now: bench.clock.now)?.details.first?.contains("run 'r1'") == true)
        // Nothing orders the last two.
        #expect(bench.executor.order.prefix(4) == ["a", "gone", "b", "push"])
        #expect(bench.executor.order.dropFirst(4).sorted() == ["gone", "push"])
    }

    @Test func anotherRunsLockIsWaitedForAndThenTheRunRests() async throws {
        let bench = Bench()
        let expiry = bench.clock.now.addingTimeInterval(10_000)
        let claim = try await bench.store.claim(
            Lock.environment("prod"), run: "other", step: "x", now: bench.clock.now, until: expiry)
        let lock = try #require(claim.lock)
        let plan = plan([step("deploy", .once, environment: "prod")])
        let state = try await bench.start(plan)
        #expect(state.status == .waiting)
        #expect(state.exitStatus == 75)
        #expect(state.waits.first?.suspension.cause == .lock(name: "environment prod", holder: "other"))
        #expect(bench.executor.calls.isEmpty)
        try await bench.store.release(lock)
        #expect(try await bench.resume().status == .succeeded)
        #expect(try await bench.store.locks() == [])
    }

    @Test func resultUnderALostLockIsNotBelieved() async throws {
        let store = Mutex<MemoryRunStore?>(nil)
        let executor = ScriptedExecutor { _, _, attempt in
            if attempt.recovering { return .succeeded(["recovered": true]) }
            // Hung so long that the lease ran out and another run came and went.
            if let store = store.withLock({ $0 }), let lock = try? await store.locks().first {
                _ = try? await store.release(lock)
                let later = lock.since.addingTimeInterval(9_999)
                if case .granted(let other)? = try? await store.claim(
                    lock.name, run: "other", step: "x", now: later, until: later)
                {
                    _ = try? await store.release(other)
                }
            }
            return .succeeded([:])
        }
        let bench = Bench(executor)
        store.withLock { $0 = bench.store }
        let state = try await bench.start(plan([step("deploy", .once, environment: "prod")]))
        #expect(state.status == .succeeded)
        #expect(executor.calls.map(\.recovering) == [false, true])
        #expect(state["deploy"]?.output == ["recovered": true])
    }

    @Test func oneGroupLetsOneRunIn() async throws {
        let bench = Bench()
        let policy = ApprovalPolicy(role: "release-manager")
        let first = try await bench.start(
            plan(promotion(policy), concurrency: Plan.Concurrency(group: "g")), run: "r1")
        #expect(first.status == .waiting)
        // A second one waits, a third one is refused, a fourth one takes over.
        let second = try await bench.start(
            plan([step("a")], concurrency: Plan.Concurrency(group: "g")), run: "r2")
        #expect(second.status == .waiting)
        #expect(second.queue?.holder == "r1")
        #expect(second.summary.waits.first?.suspension.code == "run/queued")
        await #expect(throws: Refusal.self) {
            try await bench.start(
                plan([step("a")], concurrency: Plan.Concurrency(group: "g", pending: .refuse)), run: "r3")
        }
        #expect(try await bench.store.runs(matching: .all).count == 2)
        let fourth = try await bench.start(
            plan([step("a")], concurrency: Plan.Concurrency(group: "g", pending: .supersede)), run: "r4")
        #expect(fourth.status == .succeeded)
        let old = try await RunState.load("r1", from: bench.store)
        #expect(old.status == .cancelled)
        #expect(old.cancelRequest?.reason == "superseded by run 'r4'")
        #expect(try await RunState.load("r2", from: bench.store).status == .cancelled)
        #expect(try await bench.store.locks() == [])
    }

    @Test func oneProcessWorksOnARun() async throws {
        let bench = Bench()
        let hold = try await bench.store.hold("r1")
        let holder = try await bench.store.holder(of: "r1")
        await #expect(throws: RunStoreError.busy("r1", holder)) { try await bench.start(plan([step("a")])) }
        hold.release()
        #expect(try await bench.start(plan([step("a")])).status == .succeeded)
        await #expect(throws: RunStoreError.exists("r1")) { try await bench.start(plan([step("a")])) }
    }
}
