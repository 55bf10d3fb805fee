import Documents
import Engine
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

/// Random plans of several runs that share environments and kept results, worked on by processes that die, stall and
/// come in twos: whatever happens, the same things hold in the end.
@Suite struct PropertyTests {
    /// What the runs change together; no crash of the engine undoes it.
    private final class World: Sendable {
        struct State {
            /// How often each effect happened, by its token.
            var effects: [String: Int] = [:]
            /// Who works on an environment now.
            var busy: [String: String] = [:]
            var violations: [String] = []
            var deaths = 0
            var reused = 0
            var approved = 0
        }

        let state = Mutex(State())

        func violate(_ text: String) { state.withLock { $0.violations.append(text) } }
    }

    /// One run of a scenario.
    private struct Case: Sendable {
        var run: RunID
        var plan: Plan
        /// What the steps without effects read: equal in some runs, another one in others.
        var content: Int
        var executor: ScriptedExecutor
    }

    @Test(arguments: 0..<10) func whateverHappens(_ block: UInt64) async throws {
        var all = World.State()
        for seed in (block * 25)..<(block * 25 + 25) {
            let state = try await scenario(seed)
            all.deaths += state.deaths
            all.reused += state.reused
            all.approved += state.approved
        }
        // What is to be survived did happen.
        #expect(all.deaths > 10)
        #expect(all.reused > 0)
        #expect(all.approved > 0)
    }

    private func scenario(_ seed: UInt64) async throws -> World.State {
        var random = SeededRandom(seed: seed &* 7919)
        let store = MemoryRunStore()
        let clock = ManualClock()
        let world = World()
        // A step may take longer than its lease: then two may be at work, and only one of them counts.
        let stalls = seed.isMultiple(of: 4)
        var cases: [Case] = []
        for number in 0..<Int.random(in: 2...3, using: &random) {
            let run = RunID("r\(number)")
            let content = Int.random(in: 0..<2, using: &random)
            cases.append(
                Case(
                    run: run, plan: Self.plan(&random), content: content,
                    executor: Self.executor(run, content, world, clock, seed, stalls)))
        }
        let note: Comment = "seed \(seed)"
        let faults = cases.map { _ in
            (0..<2).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    (at: Int.random(in: 1..<10, using: &random), kept: Bool.random(using: &random))
                }
            }
        }
        let width = Int.random(in: 1...6, using: &random)
        await withTaskGroup(of: Void.self) { group in
            for (item, deaths) in zip(cases, faults) {
                // Every run is worked on twice at once; one of the two is turned away, or finds that all is done.
                for deaths in deaths {
                    group.addTask {
                        await Self.work(
                            on: item, in: world, store: store, clock: clock, width: width, stalls: stalls,
                            deaths: deaths)
                    }
                }
            }
        }
        // Whoever comes last finds nobody in the way.
        for item in cases {
            await Self.work(
                on: item, in: world, store: store, clock: clock, width: width, stalls: false, deaths: [])
        }
        for item in cases {
            let lines = try await store.events(of: item.run, after: 0)
            let end = try RunState(lines)
            #expect(end.status.isFinished, "\(note): \(item.run) is \(end.status)")
            #expect(item.executor.violations.filter { !$0.contains("changed") } == [], note)
            try Self.checkOrder(lines, item.plan, note)
            for (step, known) in zip(item.plan.steps, end.steps) {
                #expect(known.status.isSettled, note)
                let count = known.token.flatMap { token in world.state.withLock { $0.effects[token] } } ?? 0
                if step.effect == .once {
                    // An effect happened exactly when its step succeeded, and then once.
                    if known.status == .succeeded || !stalls {
                        #expect(count == (known.status == .succeeded ? 1 : 0), "\(note): \(item.run) \(step.id)")
                    }
                    #expect(count <= 1, "\(note): \(item.run) \(step.id)")
                }
                if known.status == .reused {
                    world.state.withLock { $0.reused += 1 }
                    // What is used was made from what the step reads, by whichever run.
                    #expect(known.output?["from"]?.string == Self.digest(step, item.content), note)
                }
            }
        }
        let state = world.state.withLock { $0 }
        #expect(state.violations == [], note)
        #expect(try await store.locks() == [], note)
        return state
    }

    /// One process after another works on a run until it has ended; each dies at one of its writes.
    private static func work(
        on item: Case, in world: World, store: MemoryRunStore, clock: ManualClock, width: Int, stalls: Bool,
        deaths: [(at: Int, kept: Bool)]
    ) async {
        for attempt in 0..<300 {
            let death = attempt < deaths.count ? deaths[attempt] : nil
            let mine = FaultyRunStore(
                store, failing: death?.at, losesAnswer: death?.kept ?? false, losesRenewals: stalls)
            var settings = RunnerSettings()
            settings.width = width
            settings.lockPatience = 3
            let runner = Runner(store: mine, clock: clock.clock, settings: settings) { _ in item.executor }
            do {
                let known = try await mine.events(of: item.run, after: 0)
                let state: RunState
                if known.isEmpty {
                    state = try await runner.start(
                        item.plan, RunRequest(run: item.run, requester: "eve@contoso.com")
                    ).state
                } else if try RunState(known).status.isFinished {
                    return
                } else {
                    state = try await runner.resume(item.run, by: "eve@contoso.com").state
                }
                if state.status.isFinished { return }
                for (step, current) in zip(item.plan.steps, state.steps) where current.status == .waiting {
                    guard case .gate(.approval) = step.work else { continue }
                    try await Decisions(store: mine, clock: clock.clock).approve(
                        item.run, step.id, by: .init(email: "ann@contoso.com"))
                    world.state.withLock { $0.approved += 1 }
                }
            } catch {
                if mine.isDead { world.state.withLock { $0.deaths += 1 } }
                // It died, or another process has the run, or has decided: the next one looks again.
                for _ in 0..<20 { await Task.yield() }
            }
        }
    }

    private static func digest(_ step: Step, _ content: Int) -> String { "\(step.id)-\(content)" }

    private static func executor(
        _ run: RunID, _ content: Int, _ world: World, _ clock: ManualClock, _ seed: UInt64, _ stalls: Bool
    ) -> ScriptedExecutor {
        ScriptedExecutor(
            digest: { step, _ in
                guard step.effect == .none, case .stage = step.work else { return nil }
                return digest(step, content)
            }, available: { _ in true },
            script: { step, input, attempt in
                var random = SeededRandom(seed: seed ^ attempt.token.utf8.reduce(5381) { ($0 &* 33) &+ UInt64($1) })
                for _ in 0..<attempt.number { _ = random.next() }
                let me = "\(run) \(step.id) \(attempt.number)"
                // What a step is given is what those before it made.
                for need in step.needs {
                    guard case .output(let name) = need.reason else { continue }
                    let given = input["\(need.step).\(name)"]?.string
                    if given != "made by \(need.step)" { world.violate("\(me) was given \(given ?? "nothing")") }
                }
                if case .gate(.preview) = step.work {
                    return .succeeded(["package": "p1", "plan": "d1", "summary": "", "changes": [], "details": .null])
                }
                if step.locksEnvironment, let environment = step.environment {
                    world.state.withLock { state in
                        if let other = state.busy[environment] {
                            // After a lease has run out two may be at it, and only one of them counts.
                            if !stalls {
                                state.violations.append("\(me) changed '\(environment)' while \(other) did")
                            }
                        }
                        state.busy[environment] = me
                    }
                }
                defer {
                    if step.locksEnvironment, let environment = step.environment {
                        world.state.withLock { state in
                            if state.busy[environment] == me { state.busy[environment] = nil }
                        }
                    }
                }
                for _ in 0..<Int.random(in: 0..<6, using: &random) { await Task.yield() }
                if stalls, step.locksEnvironment, Int.random(in: 0..<2, using: &random) == 0 {
                    clock.advance(by: 200)
                }
                let output: Value = [
                    "x": .string("made by \(step.id)"), "from": .string(digest(step, content)), "n": 1,
                ]
                let dice = Int.random(in: 0..<20, using: &random)
                guard step.effect == .once else {
                    return dice == 0 ? .failed(StageFailure(.broken, "t/b", "b")) : .succeeded(output)
                }
                // The world looks whether it happened and makes it happen in one go, as a stage's target does.
                if attempt.recovering, world.state.withLock({ $0.effects[attempt.token] }) != nil {
                    return .succeeded(output)
                }
                if dice < 4 { return .failed(StageFailure(.transient, "t/t", "t")) }
                world.state.withLock { $0.effects[attempt.token, default: 0] += 1 }
                return .succeeded(output)
            })
    }

    /// No step begins before what it needs has ended, and a lease that is given has a higher number than those before.
    private static func checkOrder(_ lines: [LedgerLine], _ plan: Plan, _ note: Comment) throws {
        var state = try RunState(Array(lines.prefix(1)))
        var held: [String: (step: StepID, fence: Int)] = [:]
        for line in lines.dropFirst() {
            switch line.event.kind {
            case .started(let id, _, _, _, _):
                guard let step = state.planned(id) else { break }
                for need in step.needs { #expect(state[need.step]?.status.isSettled == true, note) }
                if step.isFinally {
                    #expect(zip(plan.steps, state.steps).allSatisfy { $0.isFinally || $1.status.isSettled }, note)
                }
            case .lockAcquired(let id, let lock, let fence):
                if let before = held[lock] { #expect(before.fence < fence, note) }
                held[lock] = (id, fence)
            default: break
            }
            #expect(line.event.time >= state.updated, note)
            try state.apply(line)
        }
    }

    private static func plan(_ random: inout SeededRandom) -> Plan {
        let count = Int.random(in: 1...12, using: &random)
        var steps: [Step] = []
        for number in 0..<count {
            let effect: StageDescription.Effect = [.none, .repeatable, .once].randomElement(using: &random) ?? .none
            let needs = (0..<number).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.prefix(3)
            let uses = needs.filter { _ in Bool.random(using: &random) }
            let condition =
                number > 0 && Int.random(in: 0..<6, using: &random) == 0
                ? when(
                    StepID("s\(Int.random(in: 0..<number, using: &random))"), "n",
                    .integer(Int.random(in: 1...2, using: &random)))
                : nil
            steps.append(
                step(
                    StepID("s\(number)"), effect, needs: needs.map { StepID("s\($0)") },
                    uses: uses.map { (StepID("s\($0)"), "x") }, when: condition,
                    environment: Bool.random(using: &random) ? "e\(Int.random(in: 0..<2, using: &random))" : nil,
                    retry: Bool.random(using: &random) ? RetryPolicy(attempts: 3, delay: 0.1) : nil))
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            steps += promotion(ApprovalPolicy(role: "release-manager"), needs: ["s0"])
        }
        steps.append(step("f", .once, finally: true))
        return EngineTests.plan(steps)
    }
}
