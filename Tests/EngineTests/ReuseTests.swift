import Documents
import Engine
import Pipelines
import Synchronization
import TestSupport
import Testing

/// What a second run writes and when.
@Suite struct ReuseTests {
    /// Counts what it is asked.
    private final class Counting: StageExecutor {
        let looks = Atomic<Int>(0)
        let works = Atomic<Int>(0)
        let reuses: Bool

        init(reuses: Bool) { self.reuses = reuses }

        func mayReuse(_ step: Step) -> Bool { reuses }

        func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome {
            works.add(1, ordering: .relaxed)
            return .succeeded(["step": .string(step.id.rawValue)])
        }

        func inputDigest(of step: Step, input: Value) async -> String? {
            looks.add(1, ordering: .relaxed)
            return "digest of \(step.id)"
        }
    }

    private static let chain = plan(
        (0..<40).map { step(StepID("s\($0)"), needs: $0 > 0 ? [StepID("s\($0 - 1)")] : []) })

    @Test func nobodyLooksForAResultThatCannotBe() async throws {
        let executor = Counting(reuses: false)
        let store = MemoryRunStore()
        for run in ["r1", "r2"] {
            let runner = Runner(store: store) { _ in executor }
            let ending = try await runner.start(Self.chain, RunRequest(run: RunID(run), requester: "a@example.com"))
            #expect(ending.status == .succeeded)
        }
        #expect(executor.looks.load(ordering: .relaxed) == 0)
        #expect(executor.works.load(ordering: .relaxed) == 80)
    }

    @Test func aChainOfReusedStepsIsWrittenInFewBatches() async throws {
        let executor = Counting(reuses: true)
        let store = MemoryRunStore()
        let first = try await Runner(store: store) { _ in executor }
            .start(Self.chain, RunRequest(run: "r1", requester: "a@example.com"))
        #expect(first.status == .succeeded)
        let before = store.writes
        let second = try await Runner(store: store) { _ in executor }
            .start(Self.chain, RunRequest(run: "r2", requester: "a@example.com"))
        #expect(second.status == .succeeded)
        #expect(executor.works.load(ordering: .relaxed) == 40)
        #expect(store.writes - before < 20)
        let lines = try await store.events(of: "r2", after: 0)
        let read = try RunState(lines)
        #expect(read.steps.allSatisfy { $0.status == .reused })
        #expect(read.steps[39].output == ["step": "s39"])
    }
}
