import Documents
import Engine
import Foundation
import Pipelines
import Reporting
import TestSupport
import Testing

/// What somebody said no to in one run is told to who decides on the same in another one.
@Suite struct EarlierRejectionTests {
    private let desk = InboxTests.Desk()
    private var decisions: Decisions { Decisions(store: desk.store, clock: desk.clock.clock) }
    private static let policy = ApprovalPolicy(role: "manager", count: 2)

    private func risks(_ run: RunID) async throws -> [GateRisk] {
        let state = try await RunState.load(run, from: desk.store)
        let gate = try #require(state.planned("prod.approval"))
        return await EarlierRejections(desk.store).risks(at: gate, in: state)
    }

    /// Ann rejects it in the first run; the second one asks.
    private func start() async throws {
        try await desk.start("r1", Self.policy)
        try await decisions.reject("r1", "prod", by: .init(email: "ann@x.example"), comment: "data loss")
        desk.clock.advance(by: 60)
        try await desk.start("r2", Self.policy)
    }

    @Test(arguments: ["", "resumed", "cancelled"]) func aNoInAnotherRunIsSaid(_ end: String) async throws {
        try await start()
        if end == "resumed" { _ = try await desk.runner.resume("r1", by: "rana@x.example") }
        if end == "cancelled" { _ = try await desk.runner.cancel("r1", by: "rana@x.example", reason: "stop") }
        let risk = try #require(try await risks("r2").first)
        #expect(risk.code == "rejected-elsewhere")
        #expect(risk.text.hasPrefix("rejected by ann@x.example in run r1, 20") && risk.text.hasSuffix("Z: data loss"))
        // In its own run it is said already.
        #expect(try await risks("r1").isEmpty)
    }

    @Test func theNewestNoIsSaidThatStands() async throws {
        try await start()
        desk.clock.advance(by: 60)
        try await decisions.reject("r2", "prod", by: .init(email: "bob@x.example"), comment: "not yet")
        desk.clock.advance(by: 60)
        try await desk.start("r3", Self.policy)
        #expect(try await risks("r3").map(\.text).first?.contains("bob@x.example in run r2") == true)
        desk.clock.advance(by: 60)
        // Who has thought better of it takes it back, in whatever run.
        try await decisions.approve("r3", "prod", by: .init(email: "bob@x.example"))
        desk.clock.advance(by: 60)
        try await desk.start("r4", Self.policy)
        for run: RunID in ["r3", "r4"] {
            #expect(try await risks(run).map(\.text).first?.contains("ann@x.example in run r1") == true)
        }
        try await decisions.approve("r4", "prod", by: .init(email: "ann@x.example"))
        #expect(try await risks("r4").isEmpty)
        #expect(try await risks("r3").isEmpty)
    }

    @Test func anotherPackageHasNothingToDoWithIt() async throws {
        let other = ScriptedExecutor { step, _, _ in
            guard step.id == "prod.preview" else { return .succeeded([:]) }
            var preview = InboxTests.preview
            preview.package = String(repeating: "cd", count: 32)
            return .succeeded((try? ValueEncoder().encode(preview)) ?? .null)
        }
        try await start()
        let runner = Runner(store: desk.store, clock: desk.clock.clock) { _ in other }
        _ = try await runner.start(
            InboxTests.plan(Self.policy), RunRequest(run: "r5", requester: "rana@x.example"))
        #expect(try await risks("r5").isEmpty)
    }
}
