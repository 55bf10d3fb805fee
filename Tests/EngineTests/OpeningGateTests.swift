import Documents
import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

/// Gates that wait for a time or for another environment: met, unmet, and shut again.
@Suite struct OpeningGateTests {
    private func run(_ gate: Gate, _ outcome: StageOutcome = .succeeded([:])) async throws -> (Bench, RunState) {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                if case .gate(.eligible) = step.work { return outcome }
                return .succeeded([:])
            })
        bench.clock.advance(by: 0)
        return (bench, try await bench.start(guardedPlan([("gate", gate)])))
    }

    /// The gate, what is found out for it, and how it stands: 2027-01-15 is a Friday, and it is 08:00 UTC.
    static let cases: [(Gate, StageOutcome, StepStatus, String?)] = [
        (.eligible(after: "test", soak: 0), .succeeded([:]), .succeeded, nil),
        (
            .eligible(after: "test", soak: 0),
            .failed(StageFailure(.rejected, "gate/not-promoted-before", "not there")), .failed,
            "gate/not-promoted-before"
        ),
        (
            .eligible(after: "test", soak: 3600),
            .suspended(
                Suspension(.until(Date(timeIntervalSince1970: 1_900_000_000)), code: "gate/soak", message: "soaks")),
            .waiting, nil
        ),
        (.window([window(5, 7 * 60, 9 * 60)], freezes: []), .succeeded([:]), .succeeded, nil),
        (.window([window(5, 9 * 60, 10 * 60)], freezes: []), .succeeded([:]), .waiting, nil),
        (.window([window(1, 7 * 60, 9 * 60)], freezes: []), .succeeded([:]), .waiting, nil),
        (.window([], freezes: [freeze("2027-01-16", "2027-01-20")]), .succeeded([:]), .succeeded, nil),
        (.window([], freezes: [freeze("2027-01-10", "2027-01-20")]), .succeeded([:]), .waiting, nil),
    ]

    private static func window(_ day: Int, _ from: Int, _ to: Int) -> ChangeWindow {
        ChangeWindow(days: [day], from: from, to: to, timeZone: "UTC")
    }

    private static func freeze(_ from: String, _ to: String) -> Freeze {
        Freeze(from: from, to: to, reason: "Year end", timeZone: "UTC")
    }

    @Test(arguments: cases.indices) func gatesStandAsTheyShould(_ number: Int) async throws {
        let (gate, outcome, status, code) = Self.cases[number]
        let (bench, state) = try await run(gate, outcome)
        #expect(state.statuses["prod.gate"] == status)
        #expect(state["prod.gate"]?.failure?.code == code)
        #expect(bench.executor.order.contains("prod") == (status == .succeeded))
        guard status == .waiting || status == .failed else { return }
        // Waiting or failed, it can be bypassed, and the run goes on.
        try await bench.decisions.bypass("r1", "prod.gate", by: .boss, reason: "incident")
        #expect(try await bench.resume().status == .succeeded)
    }

    @Test func whatWaitsForATimeGoesOnThen() async throws {
        let (bench, state) = try await run(.window([Self.window(5, 9 * 60, 10 * 60)], freezes: []))
        #expect(state.status == .waiting)
        bench.clock.advance(by: 3600)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// The gate is some rounds ahead of the step by then, and must not fall back behind the answers that are over.
    @Test func aGateThatWasRejectedTwiceOpensAfterItIsVoid() async throws {
        let found = Found()
        let bench = Bench(found.executor)
        _ = try await bench.start(guardedPlan([("approval", .approval(ApprovalPolicy(role: "release-manager")))]))
        for _ in 0..<2 {
            try await bench.decisions.reject("r1", "prod", by: .bob, comment: "not yet")
            #expect(try await bench.resume().status == .rejected)
            #expect(try await bench.resume().status == .waiting)
        }
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        found.set { $0.plan = "d2" }
        #expect(try await bench.resume().status == .waiting)
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        let end = try await bench.resume()
        #expect(end.status == .succeeded)
        #expect(end[StepID("prod.approval")]?.round == 4)
    }
}
