import Documents
import Engine
import Pipelines
import Synchronization
import TestSupport
import Testing

/// A look that takes too long tells nothing; what a signal ended is in doubt.
@Suite struct LookTests {
    private let clock = ManualClock(jump: 5)

    @Test func aLookThatTakesTooLongLeavesTheEffectInDoubt() async throws {
        let executor = ScriptedExecutor { step, _, _ in
            step.id == "deploy" ? await outlast(10, clock) : .succeeded([:])
        }
        let bench = Bench(executor, clock: clock)
        let state = try await bench.start(
            plan([step("deploy", .once, timeout: 10), step("next", needs: ["deploy"]), step("notes", finally: true)]))
        #expect(executor.calls.map(\.recovering) == [false, true])
        #expect(state.statuses == ["deploy": .uncertain, "next": .pending, "notes": .pending])
        #expect(state.status == .waiting)
        #expect(state.exitStatus == 75)
        #expect(state["deploy"]?.suspension?.message.contains("took longer than 10 s") == true)
        let done = try await bench.resume("r1", [Assumption(step: "deploy", isDone: true)])
        #expect(done.status == .succeeded)
    }

    @Test func whatTakesTooLongAfterTheLookIsLookedForAgain() async throws {
        let executor = ScriptedExecutor { _, _, attempt in
            if attempt.number == 3 { return .found(["x": 1]) }
            attempt.looked()
            return await outlast(10, clock)
        }
        let retry = RetryPolicy(attempts: 3)
        let state = try await Bench(executor, clock: clock).start(
            plan([step("deploy", .once, retry: retry, timeout: 10)]))
        #expect(executor.calls.map(\.recovering) == [false, true, true])
        #expect(state.status == .succeeded)
    }

    @Test func anUncertainEffectIsNeverRepeatedByRetryOrResume() async throws {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "ended by SIGKILL (9)")
        let executor = ScriptedExecutor { _, _, attempt in .suspended(doubt) }
        let bench = Bench(executor)
        let first = try await bench.start(plan([step("tell", .once, retry: RetryPolicy(attempts: 3, on: .any))]))
        #expect(first.status == .waiting)
        #expect(executor.calls.map(\.recovering) == [false])
        let second = try await bench.resume()
        #expect(second.status == .waiting)
        #expect(executor.calls.map(\.recovering) == [false, true])
        #expect(second["tell"]?.works == 1)
    }
}
