import Documents
import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

/// Somebody's no stands until the run has ended with it and asks anew.
@Suite struct StandingRejectionTests {
    private func start(_ rule: BypassPolicy? = nil) async throws -> Bench {
        let bench = Bench(Found().executor)
        _ = try await bench.start(
            guardedPlan(
                [("approval", .approval(ApprovalPolicy(role: "release-manager")))],
                environments: [environment("prod", .init(bypass: rule))]))
        return bench
    }

    @Test func aBypassDoesNotOverruleIt() async throws {
        let bench = try await start()
        try await bench.decisions.reject("r1", "prod", by: .ann, comment: "not before the audit")
        let refusal = await bench.refusal {
            try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        }
        #expect(refusal?.code == "gate/rejected")
        #expect(
            refusal?.message
                == "ann@contoso.com has said no at 'prod.approval': not before the audit, and that stands")
        #expect(refusal?.notes.first?.hasPrefix("`almrun resume r1` ends the run") == true)
        #expect(try await bench.resume().status == .rejected)
        #expect(try await bench.resume().status == .waiting)
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        let state = try await bench.resume()
        #expect(state.status == .succeeded)
        let why = try #require(state.why("prod.approval", now: bench.clock.now))
        #expect(
            why.details.contains { $0.hasPrefix("in round 1: ann@contoso.com rejected ") && $0.hasSuffix("the audit") },
            "\(why.details)")
    }

    /// One of two has bypassed it before somebody said no.
    @Test func norDoesTheSecondOfTwo() async throws {
        let bench = try await start(BypassPolicy(secondPerson: true))
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        try await bench.decisions.reject("r1", "prod", by: .ann, comment: "no")
        let refusal = await bench.refusal {
            try await bench.decisions.bypass("r1", "prod", by: .bob, reason: "I agree")
        }
        #expect(refusal?.code == "gate/rejected")
        #expect(try await bench.resume().status == .rejected)
    }

    @Test func norDoesAnApproval() async throws {
        let bench = try await start()
        try await bench.decisions.reject("r1", "prod", by: .ann, comment: "not before the audit")
        let before = try await bench.state.sequence
        let refusal = await bench.refusal { try await bench.decisions.approve("r1", "prod", by: .bob) }
        #expect(refusal?.code == "gate/rejected")
        #expect(refusal?.message.hasPrefix("ann@contoso.com has said no at 'prod.approval'") == true)
        #expect(refusal?.notes.first?.hasSuffix("then the gate can be approved") == true)
        #expect(try await bench.state.sequence == before)
        #expect(try await bench.resume().status == .rejected)
        #expect(try await bench.resume().status == .waiting)
        try await bench.decisions.approve("r1", "prod", by: .bob)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// A no of somebody without the role stands in nobody's way.
    @Test func aNoThatDoesNotCountStopsNobody() async throws {
        let bench = try await start()
        try await bench.forge(
            Decision(
                step: "prod.approval", verdict: .reject, person: "x@contoso.com", comment: "no", package: "p1",
                plan: "d1", target: "t1", time: bench.clock.now))
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        #expect(try await bench.resume().status == .succeeded)
    }

    /// Two take the run up at once: the one that comes second does not ask anew what the first has ended.
    @Test func whoSawTheRunWaitDoesNotBeginItAnew() async throws {
        let bench = try await start()
        try await bench.decisions.reject("r1", "prod", by: .ann, comment: "no")
        let seen = try await bench.state
        let first = try await bench.runner.resume("r1", by: "eve@contoso.com", seen: seen)
        #expect(first.state.status == .rejected)
        let second = try await bench.runner.resume("r1", by: "bob@contoso.com", seen: seen)
        #expect(second.state.status == .rejected)
        #expect(try await bench.state.sequence == first.state.sequence)
        // Who has seen the end asks for it.
        let third = try await bench.runner.resume("r1", by: "bob@contoso.com", seen: second.state)
        #expect(third.state.status == .waiting)
        #expect(third.state["prod.approval"]?.round == 2)
    }
}
