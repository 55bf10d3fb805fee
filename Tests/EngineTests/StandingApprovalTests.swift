import Documents
import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

/// Gates in a row: what has run out at an earlier one, and what counts already at a later one.
@Suite struct StandingApprovalTests {
    private let role = "release-manager"

    /// Ann has opened the first gate, which holds for an hour, and the second one asks.
    private func start() async throws -> Bench {
        let bench = Bench(Found().executor)
        let first = ApprovalPolicy(role: role, expires: 3600)
        _ = try await bench.start(
            guardedPlan([("approval", .approval(first)), ("approval-2", .approval(ApprovalPolicy(role: role)))]))
        try await bench.decisions.approve("r1", "prod.approval", by: .ann)
        _ = try await bench.resume()
        return bench
    }

    @Test func thatAnEarlierApprovalHasRunOutIsSaid() async throws {
        let bench = try await start()
        let second = try #require(try await bench.state.planned("prod.approval-2"))
        #expect(try await bench.state.lapsedApprovals(beside: second, now: bench.clock.now).isEmpty)
        bench.clock.advance(by: 3601)
        let before = try await bench.state.why("prod.approval-2", now: bench.clock.now)?.details ?? []
        let lapsed = "the approval of 'prod.approval' has run out 2027-01-15T09:0"
        #expect(before.contains { $0.hasPrefix(lapsed) }, "\(before)")
        try await bench.decisions.approve("r1", "prod.approval-2", by: .bob)
        let state = try await bench.state
        #expect(state.nextQuestion(after: second, now: bench.clock.now)?.id == "prod.approval")
        let text = try #require(state.settlement(of: second, now: bench.clock.now)?.text)
        #expect(text.contains("has run out") && !text.contains("that is enough"), "\(text)")
    }

    /// It was good as long as the gate that it opened, which is longer than from its own time on.
    @Test func untilWhenAnApprovalWasGoodIsSaidAlike() async throws {
        let bench = Bench(Found().executor)
        let first = ApprovalPolicy(role: role, expires: 3600)
        let second = ApprovalPolicy(role: role)
        _ = try await bench.start(guardedPlan([("approval", .approval(first)), ("approval-2", .approval(second))]))
        try await bench.decisions.approve("r1", "prod.approval", by: .ann)
        bench.clock.advance(by: 600)
        var state = try await bench.resume()
        let gate = try #require(state.planned("prod.approval"))
        let given = try #require(state["prod.approval"]?.decisions.first)
        let end = try #require(state.lapse(of: gate))
        #expect(end == given.time.addingTimeInterval(4200))
        bench.clock.advance(by: 3601)
        try await bench.decisions.approve("r1", "prod.approval-2", by: .bob)
        state = try await bench.resume()
        try #require(state["prod.approval"]?.round == 2)
        let objection = try #require(state.objection(to: given, at: gate, now: bench.clock.now))
        let until = "it opened the gate until \(Timestamp.text(of: end)), and the gate is asked anew since"
        #expect(objection == until)
        let details = state.why("prod.approval", now: bench.clock.now)?.details ?? []
        #expect(details.contains { $0.contains("(it opened the gate until ") }, "\(details)")
        #expect(!details.contains { $0.contains("expired") }, "\(details)")
        let stage = state.why("prod", now: bench.clock.now)?.details ?? []
        #expect(stage.contains("its gates were asked 2 times, because the approval has run out"), "\(stage)")
    }

    @Test func whoIsAskedAnewLearnsThatNobodyIsAskedAfter() async throws {
        let bench = try await start()
        bench.clock.advance(by: 3601)
        try await bench.decisions.approve("r1", "prod.approval-2", by: .bob)
        var state = try await bench.resume()
        let first = try #require(state.planned("prod.approval"))
        #expect(state.nextQuestion(after: first, now: bench.clock.now) == nil)
        let details = state.why("prod.approval", now: bench.clock.now)?.details ?? []
        #expect(
            details.contains { $0.hasPrefix("'prod.approval-2' is approved already by bob@contoso.com") }, "\(details)")
        let later = state.why("prod.approval-2", now: bench.clock.now)?.details ?? []
        #expect(later.contains("that is enough already: it asks nobody when the run comes to it"), "\(later)")
        try await bench.decisions.approve("r1", "prod.approval", by: .ann)
        state = try await bench.resume()
        #expect(state.status == .succeeded)
    }

    @Test func theFirstTimeRoundTheSecondGateAsks() async throws {
        let bench = Bench(Found().executor)
        let policy = ApprovalPolicy(role: role)
        let state = try await bench.start(
            guardedPlan([("approval", .approval(policy)), ("approval-2", .approval(policy))]))
        let first = try #require(state.planned("prod.approval"))
        #expect(state.nextQuestion(after: first, now: bench.clock.now)?.id == "prod.approval-2")
    }

    /// What an approval is not bound to has changed: it counts, and who gives it is told.
    @Test func aChangeThatMakesNothingVoidIsSaid() async throws {
        let bench = Bench(Found().executor)
        let state = try await bench.start(
            guardedPlan([("approval", .approval(ApprovalPolicy(role: role, voidOn: [.package])))]))
        let gate = try #require(state.planned("prod.approval"))
        var preview = try #require(state.preview(for: "prod"))
        preview.target = "t2"
        let facing = state.facing(["prod": .known(preview)])
        #expect(state.unboundDrift(at: gate) == nil)
        let details = facing.why("prod.approval", now: bench.clock.now)?.details ?? []
        #expect(details.contains { $0.contains("t1 to t2; the gate is not bound to that") }, "\(details)")
    }
}
