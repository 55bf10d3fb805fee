import Documents
import Foundation
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Runs that wait for an environment get it in the order in which they were made.
@Suite struct EnvironmentOrderTests {
    /// An environment that takes higher versions only; a run installs the version that its name ends with.
    private final class World: Sendable {
        private let installed = Mutex<[Int]>([])
        /// What a run does before its stage looks once more.
        private let looks = Mutex<[RunID: Int]>([:])
        let gate = AsyncStream.makeStream(of: Void.self)
        let store = Mutex<MemoryRunStore?>(nil)

        var versions: [Int] { installed.withLock(\.self) }

        /// The run in whose second look the others have time to come first, and which of them do when nobody keeps order.
        let slow: RunID?
        let others: [RunID]

        init(slow: RunID? = nil, others: [RunID] = []) {
            self.slow = slow
            self.others = others
        }

        private func version(of run: RunID) -> Int { Int(run.rawValue.dropFirst()) ?? 0 }

        private func plan(_ run: RunID) -> Preview {
            Preview(
                package: "p\(version(of: run))", plan: "\(versions.last ?? 0) to \(version(of: run))",
                target: "t\(versions.last ?? 0)")
        }

        private func look(_ run: RunID) async -> StageOutcome {
            let number = looks.withLock { looks in
                looks[run, default: 0] += 1
                return looks[run] ?? 0
            }
            if run == slow, number == 2 { await letOthersCome(run) }
            guard (versions.last ?? 0) < version(of: run) else {
                return .failed(StageFailure(.rejected, "environment/downgrade", "a newer version is installed"))
            }
            return .succeeded((try? ValueEncoder().encode(plan(run))) ?? .null)
        }

        /// Until each of the others waits for this run, or has come first.
        private func letOthersCome(_ run: RunID) async {
            guard let store = store.withLock(\.self) else { return }
            for other in others {
                while !versions.contains(version(of: other)),
                    let state = try? await RunState.load(other, from: store),
                    state["prod"]?.suspension?.lock?.holder != run
                {
                    try? await Task.sleep(for: .milliseconds(1))
                }
            }
        }

        var executor: ScriptedExecutor {
            ScriptedExecutor { [self] step, _, attempt in
                if case .gate(.preview) = step.work { return await look(attempt.run) }
                if attempt.run == "r1" { for await _ in gate.stream { break } }
                guard attempt.approved == plan(attempt.run) else {
                    return .failed(
                        StageFailure(.stale, "t/stale", "it is not what was looked at", changed: [.plan, .target]))
                }
                installed.withLock { $0.append(version(of: attempt.run)) }
                return .succeeded([:])
            }
        }
    }

    private static let people: [(String, Gate)] = [("approval", .approval(ApprovalPolicy(role: "release-manager")))]

    /// Until the run waits for the environment; gives whom it names.
    private func waiting(_ run: RunID, _ bench: Bench) async throws -> RunID {
        while true {
            if let state = try? await RunState.load(run, from: bench.store),
                let lock = state["prod"]?.suspension?.lock
            {
                return lock.holder
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func holders(of run: RunID, _ bench: Bench) async throws -> [String] {
        try await bench.store.events(of: run, after: 0).compactMap { line in
            if case .lockWaited(_, _, let holder, _, _, _) = line.event.kind { holder } else { nil }
        }
    }

    @Test func whoHasItsTurnKeepsItWhileItLooksAgain() async throws {
        let world = World(slow: "r2", others: ["r3", "r4"])
        let bench = Bench(world.executor)
        world.store.withLock { $0 = bench.store }
        try await withThrowingTaskGroup(of: RunState.self) { tasks in
            tasks.addTask { try await bench.start(guardedPlan([]), run: "r1") }
            while !bench.executor.order.contains("prod") { try await Task.sleep(for: .milliseconds(1)) }
            for run in ["r2", "r3", "r4"] as [RunID] {
                bench.clock.advance(by: 1)
                tasks.addTask { try await bench.start(guardedPlan([]), run: run) }
                #expect(try await waiting(run, bench) == "r1")
            }
            world.gate.continuation.finish()
            for try await state in tasks {
                #expect(state.status == .succeeded, "\(state.run): \(state.steps.compactMap(\.failure))")
            }
        }
        #expect(world.versions == [1, 2, 3, 4])
        // Each names whom it waits for, as the queue moves.
        #expect(try await holders(of: "r2", bench) == ["r1"])
        #expect(try await holders(of: "r3", bench) == ["r1", "r2"])
        let last = try await holders(of: "r4", bench)
        // It may come to the third only when that has done its work.
        #expect(last == ["r1", "r2"] || last == ["r1", "r2", "r3"], "\(last)")
        for run in ["r1", "r2", "r3", "r4"] as [RunID] {
            let stored = RunVerification(try #require(try await bench.store.stored(run)), objects: nil)
            #expect(stored.isSound, "\(stored.text)")
        }
    }

    @Test func whoRestsForPeopleHoldsUpNobody() async throws {
        let world = World()
        let bench = Bench(world.executor)
        world.store.withLock { $0 = bench.store }
        try await withThrowingTaskGroup(of: RunState.self) { tasks in
            tasks.addTask { try await bench.start(guardedPlan([]), run: "r1") }
            while !bench.executor.order.contains("prod") { try await Task.sleep(for: .milliseconds(1)) }
            bench.clock.advance(by: 1)
            #expect(try await bench.start(guardedPlan(Self.people), run: "r2").status == .waiting)
            try await bench.decisions.approve("r2", "prod", by: .ann)
            tasks.addTask { try await bench.resume("r2") }
            #expect(try await waiting("r2", bench) == "r1")
            bench.clock.advance(by: 1)
            tasks.addTask { try await bench.start(guardedPlan([]), run: "r3") }
            #expect(try await waiting("r3", bench) == "r1")
            world.gate.continuation.finish()
            for try await state in tasks {
                #expect(state.status == (state.run == "r2" ? .waiting : .succeeded), "\(state.run)")
            }
        }
        // It had its turn, and asks people about another plan now.
        #expect(world.versions == [1, 3])
        #expect(try await bench.state(of: "r2")["prod"]?.attempts == 1)
        #expect(try await bench.state(of: "r2")["prod.approval"]?.status == .waiting)
    }

    @Test func whoseProcessDiedHoldsUpNobody() async throws {
        let world = World()
        let bench = Bench(world.executor)
        guard
            case .granted(let lock) = try await bench.store.claim(
                Lock.environment("prod"), run: "r0", step: "x", now: bench.clock.now, until: nil)
        else { return }
        #expect(try await bench.start(guardedPlan([]), run: "r2").status == .waiting)
        // A process works on it: it waits for its turn.
        let hold = try await bench.store.hold("r2")
        try await bench.store.release(lock)
        bench.clock.advance(by: 1)
        let task = Task { try await bench.start(guardedPlan([]), run: "r3") }
        #expect(try await waiting("r3", bench) == "r2")
        let state = try await bench.state(of: "r3")
        let suspension = try #require(state["prod"]?.suspension)
        #expect(suspension.code == "run/queued")
        #expect(
            suspension.message.hasPrefix("waits its turn for environment prod, since 2")
                && suspension.message.hasSuffix(": run 'r2' was made before and goes first"), "\(suspension.message)")
        #expect(state.facing([])["prod"]?.suspension == suspension)
        #expect(state.summary.facing([]).waits.map(\.suspension) == state.summary.waits.map(\.suspension))
        hold.release()
        #expect(try await task.value.status == .succeeded)
        #expect(world.versions == [3])
    }

    @Test func whoIsCancelledWhileWaitingHoldsUpNobody() async throws {
        let world = World()
        let bench = Bench(world.executor)
        guard
            case .granted(let lock) = try await bench.store.claim(
                Lock.environment("prod"), run: "r0", step: "x", now: bench.clock.now, until: nil)
        else { return }
        _ = try await bench.start(guardedPlan([]), run: "r2")
        let hold = try await bench.store.hold("r2")
        defer { hold.release() }
        try await bench.store.release(lock)
        _ = try await bench.decisions.cancel("r2", by: "eve@contoso.com", reason: nil)
        bench.clock.advance(by: 1)
        #expect(try await bench.start(guardedPlan([]), run: "r3").status == .succeeded)
    }

    // MARK: Who is in line

    /// A run whose stage came to the environment once, and then these things happened.
    private func state(_ more: [RunEvent.Kind], _ plan: Plan? = nil) throws -> RunState {
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let creation = RunCreation(run: "r1", plan: plan ?? guardedPlan(Self.people), requester: "eve@contoso.com")
        var state = try RunState(
            LedgerLine(RunEvent(sequence: 1, time: time, previous: "", kind: .created(creation))))
        for kind in more { _ = try state.add(kind, now: time) }
        return state
    }

    private static let came: [RunEvent.Kind] = [
        .started("prod", attempt: 1, token: "t", fence: 1, recovering: false),
        .ended("prod", attempt: 1, .failed(StageFailure(.stale, "t/stale", "stale"))),
        .voided("prod", gates: ["prod.preview", "prod.approval"], changed: ["plan"], parts: [.plan], round: 2),
    ]
    private static let lock = Lock.environment("prod")
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)

    /// What happened, and whether the run is in line then.
    @Test(
        arguments: [
            ([], false), (came, true),
            (came + [.started("prod.preview", attempt: 2, token: "t", fence: nil, recovering: false)], true),
            (came + [.suspended("prod.approval", Suspension(.approval, code: "c", message: "m"))], false),
            (came + [.suspended("prod.preview", Suspension(.until(time), code: "c", message: "m"))], false),
            (came + [.ended("prod.preview", attempt: 2, .failed(StageFailure(.rejected, "c", "m")))], false),
            // Who waits for its group may wait for the one that waits here.
            (came + [.queued(group: "g", holder: "r9", since: nil)], false),
            ([.lockWaited("prod", lock: lock, holder: "r0", since: time)], true),
            ([.lockWaited("prod", lock: "environment other", holder: "r0", since: time)], false),
            ([.lockWaited("prod", lock: lock, holder: "r0", since: time), .cancelled("prod")], false),
            (
                [
                    .started("prod", attempt: 1, token: "t", fence: 1, recovering: false),
                    .ended("prod", attempt: 1, .failed(StageFailure(.transient, "c", "m"))),
                    .retryScheduled("prod", at: time, reason: "r"),
                ], false
            ),
        ] as [([RunEvent.Kind], Bool)])
    func whoIsInLine(_ events: [RunEvent.Kind], _ isInLine: Bool) throws {
        #expect(try (state(events).position(inLineFor: "prod") != nil) == isInLine)
        #expect(try state(events).position(inLineFor: "test") == nil)
    }

    /// What is rerun may take long to come to the environment again.
    @Test func whoHasOtherThingsToDoFirstIsNotInLine() throws {
        var plan = guardedPlan([], before: [step("pack")])
        for number in plan.steps.indices where plan.steps[number].guarding != nil {
            plan.steps[number].needs.append(Need("pack", .declared))
        }
        #expect(
            try state(
                Array(Self.came.prefix(2)) + [.voided("prod", gates: ["prod.preview"], changed: [], round: 2)], plan
            ).position(inLineFor: "prod") == nil)
    }
}
