import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

/// Stops a run at every write there is, takes it up again, and compares.
@Suite struct CrashTests {
    /// A stage whose effect happens once can tell whether it happened; the others just do their work.
    private func executor(_ box: Box) -> ScriptedExecutor {
        ScriptedExecutor(
            digest: { step, input in step.id == "lint" ? "lint" : nil }, available: { _ in true },
            script: { step, _, attempt in
                let outputs: Value = ["level": "minor", "package": ["digest": "p1"]]
                if case .gate(.preview) = step.work {
                    return .succeeded(["package": "p1", "plan": "d1", "summary": "", "changes": [], "details": .null])
                }
                guard step.effect == .once, let world = box.executor else { return .succeeded(outputs) }
                if attempt.recovering, world.hasEffect(attempt) { return .succeeded(outputs) }
                if step.id == "tag", attempt.number == 1 { return .failed(StageFailure(.transient, "t/t", "busy")) }
                world.effect(attempt)
                return .succeeded(outputs)
            })
    }

    final class Box: Sendable {
        private let value = Mutex<ScriptedExecutor?>(nil)
        var executor: ScriptedExecutor? {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }

    private var plan: Plan {
        var deploy = step("dev", .once, uses: [("pack", "package")], environment: "dev")
        deploy.retry = RetryPolicy(attempts: 2)
        return EngineTests.plan(
            [
                step("lint"), step("diff"),
                step("pack", .repeatable, needs: ["lint", "diff"]),
                step("tag", .once, needs: ["pack"], retry: RetryPolicy(attempts: 3, delay: 1)),
                step("big", when: when("diff", "level", "major")), deploy,
                step("test", .once, needs: ["dev", "tag"], environment: "test"),
            ] + promotion(ApprovalPolicy(role: "release-manager"), needs: ["test"])
                + [step("notes", .once, finally: true)], concurrency: Plan.Concurrency(group: "g"))
    }

    /// Works on the run until it ends, as often as needed; each process dies when the store fails.
    private func complete(_ bench: Bench, failingAfter writes: Int?, losesAnswer: Bool) async throws -> (RunState, Int)
    {
        var crashes = 0
        bench.store.fail(after: writes, losesAnswer: losesAnswer)
        for _ in 0..<20 {
            let state: RunState
            do {
                let known = try await bench.store.events(of: "r1", after: 0)
                if known.isEmpty { state = try await bench.start(plan) } else { state = try await bench.resume() }
            } catch RunStoreError.unavailable {
                crashes += 1
                bench.store.fail(after: nil)
                bench.store.dropHolds()
                continue
            }
            if state.status.isFinished { return (state, crashes) }
            do {
                try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
            } catch RunStoreError.unavailable {
                crashes += 1
                bench.store.fail(after: nil)
            } catch is Refusal {
                // The answer to an earlier approval was lost.
            }
        }
        throw CancellationError()
    }

    @Test(arguments: [false, true]) func everyWriteMayBeTheLast(_ losesAnswer: Bool) async throws {
        let reference = Box()
        reference.executor = executor(reference)
        let whole = Bench(try #require(reference.executor))
        let (expected, none) = try await complete(whole, failingAfter: nil, losesAnswer: false)
        #expect(none == 0)
        #expect(expected.status == .succeeded)
        let writes = whole.store.writes
        #expect(writes > 15)
        var crashed = 0
        for limit in 0..<writes {
            let box = Box()
            let executor = executor(box)
            box.executor = executor
            let bench = Bench(executor)
            let (state, crashes) = try await complete(bench, failingAfter: limit, losesAnswer: losesAnswer)
            // Ends that come together share a write, so a run may need one or two writes fewer than the first one did.
            #expect(crashes == 1 || limit >= writes - 3, "after \(limit) writes")
            crashed += crashes
            #expect(state.status == .succeeded, "after \(limit) writes")
            #expect(state.statuses == expected.statuses, "after \(limit) writes")
            #expect(executor.effects.values.allSatisfy { $0 == 1 }, "after \(limit) writes")
            #expect(executor.effects.count == whole.executor.effects.count, "after \(limit) writes")
            #expect(executor.violations == [])
            #expect(try await bench.store.locks() == [])
            let stored = try await RunState.load("r1", from: bench.store)
            #expect(stored.head == state.head)
        }
        #expect(crashed >= writes - 3)
    }

    @Test func whatCannotBeToldIsAskedAPerson() async throws {
        let executor = ScriptedExecutor { step, _, attempt in
            if attempt.recovering {
                return .suspended(
                    Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look at the tag"))
            }
            return .succeeded([:])
        }
        for isDone in [true, false] {
            let bench = Bench(executor)
            bench.store.fail(after: 2)
            await #expect(throws: RunStoreError.self) { try await bench.start(plan: "once", bench) }
            bench.store.fail(after: nil)
            bench.store.dropHolds()
            let doubtful = try await bench.resume()
            #expect(doubtful.status == .waiting)
            #expect(doubtful.statuses == ["once": .uncertain, "next": .pending])
            #expect(doubtful.why("once", now: bench.clock.now)?.headline == "look at the tag")
            // Asked again it still cannot tell.
            #expect(try await bench.resume().status == .waiting)
            await #expect(throws: Refusal.self) {
                try await bench.resume("r1", [Assumption(step: "next", isDone: true)])
            }
            let calls = executor.calls.count
            let end = try await bench.resume("r1", [Assumption(step: "once", isDone: isDone, comment: "looked")])
            #expect(end.status == .succeeded)
            #expect(executor.calls.count == calls + (isDone ? 1 : 2))
        }
    }

    @Test(arguments: 0..<25) func randomPlansWithRandomFaultsKeepTheInvariants(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let plan = Self.randomPlan(&random)
        let box = Box()
        let world = ScriptedExecutor { [seed] step, _, attempt in
            var random = SeededRandom(
                seed: seed ^ UInt64(truncatingIfNeeded: attempt.token.hashValueStable &+ attempt.number))
            for _ in 0..<Int.random(in: 0..<4, using: &random) { await Task.yield() }
            let dice = Int.random(in: 0..<20, using: &random)
            guard step.effect == .once, let world = box.executor else {
                return dice == 0 ? .failed(StageFailure(.broken, "t/b", "b")) : .succeeded(["x": 1])
            }
            if attempt.recovering, world.hasEffect(attempt) { return .succeeded(["x": 1]) }
            if dice < 4 { return .failed(StageFailure(.transient, "t/t", "t")) }
            world.effect(attempt)
            return .succeeded(["x": 1])
        }
        box.executor = world
        var bench = Bench(world)
        bench.settings.width = Int.random(in: 1...6, using: &random)
        bench.store.fail(after: Int.random(in: 0..<30, using: &random), losesAnswer: Bool.random(using: &random))
        var state: RunState?
        for _ in 0..<30 {
            do {
                let isNew = try await bench.store.events(of: "r1", after: 0).isEmpty
                state = isNew ? try await bench.start(plan) : try await bench.resume()
                break
            } catch RunStoreError.unavailable {
                bench.store.dropHolds()
                bench.store.fail(after: Bool.random(using: &random) ? Int.random(in: 0..<30, using: &random) : nil)
            }
        }
        let end = try #require(state)
        #expect(end.status.isFinished)
        #expect(world.violations == [])
        #expect(world.effects.values.allSatisfy { $0 == 1 })
        for (step, known) in zip(plan.steps, end.steps) {
            #expect(known.status.isSettled)
            // An effect happened exactly when its step succeeded.
            if step.effect == .once {
                let token = known.token.flatMap { world.effects[$0] } ?? 0
                #expect(token == (known.status == .succeeded ? 1 : 0), "\(known)")
            }
        }
        try Self.checkOrder(try await bench.store.events(of: "r1", after: 0), plan)
    }

    /// No step starts before its needs have ended, and locks have one holder.
    private static func checkOrder(_ lines: [LedgerLine], _ plan: Plan) throws {
        var state = try RunState(Array(lines.prefix(1)))
        var environments: [String: StepID] = [:]
        for line in lines.dropFirst() {
            if case .started(let id, _, _, _, _) = line.event.kind, let step = state.planned(id) {
                for need in step.needs { #expect(state[need.step]?.status.isSettled == true) }
                if step.isFinally {
                    #expect(zip(plan.steps, state.steps).allSatisfy { $0.isFinally || $1.status.isSettled })
                }
            }
            switch line.event.kind {
            case .lockAcquired(let id, let lock, _): environments[lock] = id
            case .lockReleased(let id, let lock, _):
                #expect(environments[lock] == id)
                environments[lock] = nil
            default: break
            }
            try state.apply(line)
        }
    }

    private static func randomPlan(_ random: inout SeededRandom) -> Plan {
        let count = Int.random(in: 1...25, using: &random)
        var steps: [Step] = []
        for number in 0..<count {
            let effect: StageDescription.Effect = [.none, .repeatable, .once].randomElement(using: &random) ?? .none
            let needs = (0..<number).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.prefix(3)
            let condition =
                number > 0 && Int.random(in: 0..<6, using: &random) == 0
                ? when(
                    StepID("s\(Int.random(in: 0..<number, using: &random))"), "x",
                    .integer(Int.random(in: 1...2, using: &random)))
                : nil
            steps.append(
                step(
                    StepID("s\(number)"), effect, needs: needs.map { StepID("s\($0)") }, when: condition,
                    environment: Bool.random(using: &random) ? "e\(Int.random(in: 0..<2, using: &random))" : nil,
                    retry: Bool.random(using: &random) ? RetryPolicy(attempts: 3, delay: 0.1) : nil))
        }
        steps.append(step("f", .once, finally: true))
        return EngineTests.plan(steps)
    }
}

extension Bench {
    fileprivate func start(plan name: StepID, _ bench: Bench) async throws -> RunState {
        try await bench.start(plan([step(name, .once), step("next", needs: [name])]))
    }
}

extension String {
    /// The same number in every process.
    fileprivate var hashValueStable: Int { utf8.reduce(5381) { ($0 &* 33) &+ Int($1) } }
}
