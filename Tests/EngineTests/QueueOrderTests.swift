import Documents
import Engine
import Pipelines
import Synchronization
import TestSupport
import Testing

/// Runs that wait for a group get it in the order in which they were made.
@Suite struct QueueOrderTests {
    private let group = Plan.Concurrency(group: "g")

    private func queued(_ run: RunID, _ bench: Bench) async throws -> RunState.Queue {
        while true {
            if let lines = try? await bench.store.events(of: run, after: 0), !lines.isEmpty,
                let queue = try RunState(lines).queue
            {
                return queue
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    @Test func theOneThatCameFirstGoesFirst() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let order = Mutex<[RunID]>([])
        let executor = ScriptedExecutor { _, _, attempt in
            order.withLock { $0.append(attempt.run) }
            if attempt.run == "r0" { for await _ in gate.stream { break } }
            return .succeeded([:])
        }
        let bench = Bench(executor)
        let plan = plan([step("a", .once)], concurrency: group)
        try await withThrowingTaskGroup(of: RunState.self) { tasks in
            tasks.addTask { try await bench.start(plan, run: "r0") }
            while order.withLock(\.isEmpty) { try await Task.sleep(for: .milliseconds(1)) }
            for run in ["r1", "r2", "r3", "r4", "r5"] as [RunID] {
                bench.clock.advance(by: 1)
                tasks.addTask { try await bench.start(plan, run: run) }
                #expect(try await queued(run, bench).holder == "r0")
            }
            gate.continuation.yield()
            gate.continuation.finish()
            for try await state in tasks { #expect(state.status == .succeeded) }
        }
        #expect(order.withLock { $0 } == ["r0", "r1", "r2", "r3", "r4", "r5"])
    }

    @Test func aRunWhoseProcessDiedHoldsUpNobody() async throws {
        let bench = Bench()
        let policy = ApprovalPolicy(role: "release-manager")
        _ = try await bench.start(plan(promotion(policy), concurrency: group), run: "r0")
        bench.clock.advance(by: 1)
        #expect(try await bench.start(plan([step("a")], concurrency: group), run: "r1").queue?.holder == "r0")
        // A process works on it: it waits for its turn.
        let hold = try await bench.store.hold("r1")
        _ = try await bench.runner.cancel("r0", by: "eve@contoso.com")
        bench.clock.advance(by: 1)
        let task = Task { [group] in try await bench.start(plan([step("a")], concurrency: group), run: "r2") }
        #expect(try await queued("r2", bench).holder == "r1")
        #expect(try await bench.store.locks().isEmpty)
        hold.release()
        #expect(try await task.value.status == .succeeded)
        // And the one that came first goes on when somebody takes it up.
        #expect(try await bench.resume("r1").status == .succeeded)
    }

    @Test func whoIsCancelledWhileWaitingHoldsUpNobody() async throws {
        let bench = Bench()
        let policy = ApprovalPolicy(role: "release-manager")
        _ = try await bench.start(plan(promotion(policy), concurrency: group), run: "r0")
        bench.clock.advance(by: 1)
        _ = try await bench.start(plan([step("a")], concurrency: group), run: "r1")
        let hold = try await bench.store.hold("r1")
        defer { hold.release() }
        _ = try await bench.runner.cancel("r0", by: "eve@contoso.com")
        _ = try await bench.decisions.cancel("r1", by: "eve@contoso.com", reason: nil)
        bench.clock.advance(by: 1)
        #expect(try await bench.start(plan([step("a")], concurrency: group), run: "r2").status == .succeeded)
    }
}
