import Documents
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// Window, freeze, order, soak and evidence: met, unmet, void, expired and forged, one row for each.
@Suite struct GateConditionTests {
    /// 2027-01-15 is a Friday, and it is 08:00 UTC.
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    struct Row: Sendable, CustomStringConvertible {
        var name: String
        var gate: Gate
        /// What is found out for it while it is met, and while it is not.
        var met: StageOutcome = .succeeded([:])
        var unmet: StageOutcome = .succeeded([:])
        /// How it stands while it is not met.
        var stands: StepStatus
        var description: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "window",
            gate: .window([ChangeWindow(days: [5], from: 7 * 60, to: 9 * 60, timeZone: "UTC")], freezes: []),
            stands: .waiting),
        Row(
            name: "freeze",
            gate: .window(
                [], freezes: [Freeze(from: "2027-01-16", to: "2027-01-20", reason: "Year end", timeZone: "UTC")]),
            stands: .waiting),
        Row(
            name: "order", gate: .eligible(after: "test", soak: 0),
            unmet: .failed(StageFailure(.rejected, "gate/not-promoted-before", "not there")), stands: .failed),
        Row(
            name: "soak", gate: .eligible(after: "test", soak: 3600),
            unmet: .suspended(Suspension(.until(now.addingTimeInterval(999_999)), code: "gate/soak", message: "soaks")),
            stands: .waiting),
        Row(name: "evidence", gate: .evidence(EvidencePolicy(stages: ["test"], notOlderThan: 3600)), stands: .failed),
    ]

    /// A bench at a time at which the gate is met, or not.
    private func bench(_ row: Row, isMet: Bool, tests: Bool = true) -> (Bench, Plan) {
        let clock = ManualClock()
        if !isMet, row.name == "window" { clock.advance(by: 3 * 3600) }
        if !isMet, row.name == "freeze" { clock.advance(by: 86_400) }
        let found = Found()
        let outcome = isMet ? row.met : row.unmet
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                if case .gate(.preview) = step.work {
                    return .succeeded((try? ValueEncoder().encode(found.now)) ?? .null)
                }
                if case .gate(.eligible) = step.work { return outcome }
                return .succeeded([:])
            }, clock: clock)
        let hasTest = row.name == "evidence" && isMet
        return (
            bench,
            guardedPlan(
                [("gate", row.gate), ("approval", .approval(ApprovalPolicy(role: "release-manager")))],
                before: hasTest ? [step("test")] : [], evidence: hasTest ? ["test"] : [])
        )
    }

    @Test(arguments: rows) func met(_ row: Row) async throws {
        let (bench, plan) = bench(row, isMet: true)
        #expect(try await bench.start(plan).statuses["prod.gate"] == .succeeded)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let state = try await bench.resume()
        #expect(state.status == .succeeded)
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(found.text)")
    }

    @Test(arguments: rows) func unmet(_ row: Row) async throws {
        let (bench, plan) = bench(row, isMet: false)
        let state = try await bench.start(plan)
        #expect(state.statuses["prod.gate"] == row.stands)
        #expect(!bench.executor.order.contains("prod"))
        #expect(state.status == (row.stands == .waiting ? .waiting : .failed))
    }

    /// Open once, and not any more when the deployment begins: a window that closed, a freeze that began, evidence that
    /// became too old. What the environment before holds is asked of it only once, under its own gate.
    @Test(arguments: [("window", 3 * 3600.0), ("freeze", 86_400), ("evidence", 3601)])
    func expired(_ name: String, _ pause: Double) async throws {
        let row = try #require(Self.rows.first { $0.name == name })
        let (bench, plan) = bench(row, isMet: true)
        #expect(try await bench.start(plan).statuses["prod.gate"] == .succeeded)
        bench.clock.advance(by: pause)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let state = try await bench.resume()
        #expect(state.statuses["prod.gate"] == row.stands)
        #expect(!bench.executor.order.contains("prod"))
        #expect(state["prod.gate"]?.voided.isEmpty == false)
    }

    /// When what was approved changes, every gate is asked again, whatever it asks for.
    @Test(arguments: rows) func void(_ row: Row) async throws {
        let (_, plan) = bench(row, isMet: true)
        let found = Found()
        let bench = Bench(found.executor)
        _ = try await bench.start(plan)
        found.set { $0.plan = "d2" }
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let state = try await bench.resume()
        #expect(state["prod.gate"]?.round == 2)
        #expect(state["prod.gate"]?.voided == ["the plan changed from d1 to d2"])
        #expect(state.statuses["prod.approval"] == .waiting)
        #expect(state.statuses["prod.gate"] == .succeeded)
    }

    /// Whoever can write to the store writes that the gate is open: the run goes on, and `verify` names the line.
    @Test(arguments: rows, [0, 1]) func forged(_ row: Row, _ attempt: Int) async throws {
        let (bench, plan) = bench(row, isMet: false)
        var state = try await bench.start(plan)
        let after = state.sequence
        let line = LedgerLine(
            RunEvent(
                sequence: after + 1, time: state.updated, previous: state.head,
                kind: .ended("prod.gate", attempt: attempt, .succeeded(output: [:], object: nil, inputDigest: nil))))
        try state.apply(line)
        try await bench.store.append(EventBatch(after: after, lines: [line], summary: state.summary), to: "r1")
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        let forgery = found.discrepancies.filter { $0.code == "verify/gate" }
        #expect(forgery.map(\.event) == [after + 1], "\(found.text)")
        #expect(forgery.first?.message.hasPrefix("event \(after + 1) opens 'prod.gate', and ") == true)
    }

    /// A bypass by those who may is no forgery.
    @Test(arguments: rows) func bypassed(_ row: Row) async throws {
        let (bench, plan) = bench(row, isMet: false)
        _ = try await bench.start(plan)
        try await bench.decisions.bypass("r1", "prod.gate", by: .boss, reason: "incident")
        #expect(try await bench.resume().statuses["prod.gate"] == .succeeded)
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(found.text)")
    }
}
