import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@Suite struct ExplanationTests {
    @Test func everyStepOfAWaitingRunHasAReason() async throws {
        let bench = Bench(clock: ManualClock(jump: 0))
        let policy = ApprovalPolicy(
            role: "release-manager", count: 2, distinctFrom: [.requester], expires: 3600, instructions: "Read the plan."
        )
        let state = try await bench.start(
            plan(
                [step("a")] + promotion(policy, needs: ["a"]) + [
                    step("after", needs: ["prod"]), step("notes", finally: true),
                ]))
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"), comment: "ok")
        let later = try await RunState.load("r1", from: bench.store)
        let now = bench.clock.now
        #expect(state.why("none", now: now) == nil)
        #expect(later.why("a", now: now)?.headline.hasPrefix("ran and ended well 20") == true)
        let gate = try #require(later.why("prod.approval", now: now))
        #expect(
            gate.headline
                == "waits for the approval of 'prod' by 2 people with the role 'release-manager'; approved by ann@contoso.com, 1 more needed"
                + "; open until 2027-01-15T09:00:00.000Z")
        #expect(gate.status == .waiting)
        #expect(gate.details.contains("1 more needed"))
        #expect(gate.details.contains("may decide: bob@contoso.com"))
        #expect(gate.details.contains("Read the plan."))
        #expect(gate.details.contains { $0.hasPrefix("ann@contoso.com approved ") && $0.hasSuffix(": ok") })
        let guarded = try #require(later.why("prod", now: now))
        #expect(guarded.headline == "waits for 'prod.approval'")
        #expect(guarded.details.first?.hasPrefix("'prod.approval' is waiting: waits for the approval") == true)
        #expect(later.why("after", now: now)?.headline == "waits for 'prod'")
        #expect(later.why("notes", now: now)?.headline == "runs after everything else")
    }

    @Test func aCancelledRunEndsAlsoWhenNobodyWorksOnIt() async throws {
        let bench = Bench()
        _ = try await bench.start(
            plan(promotion(ApprovalPolicy(role: "release-manager")) + [step("notes", finally: true)]))
        let state = try await bench.runner.cancel("r1", by: "ann@contoso.com", reason: "wrong version")
        #expect(state.status == .cancelled)
        #expect(state.statuses["notes"] == .succeeded)
        #expect(state.why("prod", now: bench.clock.now)?.headline == "the run was cancelled")
        let refusal = await #expect(throws: Refusal.self) {
            try await bench.runner.cancel("r1", by: "ann@contoso.com")
        }
        #expect(refusal?.message == "run 'r1' has ended: it is cancelled")
    }

    @Test func unknownNamesAreRefusedAndChangeNothing() async throws {
        let bench = Bench()
        let state = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        let ann = Decisions.Person(email: "ann@contoso.com")
        let unknown = await #expect(throws: Refusal.self) { try await bench.decisions.approve("r1", "prd", by: ann) }
        #expect(unknown?.message == "run 'r1' has no step 'prd'")
        #expect(unknown?.notes == ["these wait: prod.approval"])
        let other = await #expect(throws: Refusal.self) {
            try await bench.decisions.approve("r1", "prod.preview", by: ann)
        }
        #expect(other?.message == "'prod.preview' does not wait for a decision: it is succeeded")
        await #expect(throws: RunStoreError.unknownRun("r9")) {
            try await bench.decisions.approve("r9", "prod", by: ann)
        }
        await #expect(throws: RunStoreError.unknownRun("r9")) { try await bench.resume("r9") }
        #expect(try await RunState.load("r1", from: bench.store).head == state.head)
    }
}
