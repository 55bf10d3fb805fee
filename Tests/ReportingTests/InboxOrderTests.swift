import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import TestSupport
import Testing

/// Which of several runs a person is led to, and what waits for a time alone.
@Suite struct InboxOrderTests {
    /// Where one is half open, the person is led there, and told at the other one what was said.
    @Test func theHalfOpenOneComesFirst() async throws {
        let desk = InboxTests.Desk()
        for run in ["r1", "r2", "r3"] {
            try await desk.start(RunID(run), InboxTests.policy)
            desk.clock.advance(by: 60)
        }
        #expect(try await desk.inbox("bob@x.example", ["manager"]).items.map(\.brief.run) == ["r3", "r2", "r1"])
        let decisions = Decisions(store: desk.store, clock: desk.clock.clock)
        try await decisions.approve("r2", "prod", by: .init(email: "ann@x.example"))
        let bob = try await desk.inbox("bob@x.example", ["manager"])
        #expect(bob.items.map(\.brief.run) == ["r2", "r3", "r1"])
        func risk(_ run: RunID) -> String? {
            bob.items.first { $0.brief.run == run }?.brief.risks.first { $0.code == "others-wait" }?.text
        }
        #expect(
            risk("r3")
                == "waiting for prod too: r2, r1; in r2 'prod.approval' is approved by ann@x.example, 1 more needed")
        #expect(risk("r2") == "waiting for prod too: r3, r1")
        // What others may do is no reason to read it first.
        #expect(try await desk.inbox("ann@x.example", ["manager"]).items.map(\.brief.run) == ["r3", "r1"])
        let shown = try await Inbox.others(
            besides: try await RunState.load("r1", from: desk.store), at: "prod.approval", from: desk.store,
            now: desk.clock.now)
        #expect(shown.map(\.run) == ["r3", "r2"] && shown.map { $0.said != nil } == [false, true])
    }

    /// A run that soaks before its approval is asked.
    private static func soaking(_ desk: InboxTests.Desk, until end: Date) async throws {
        var plan = InboxTests.plan(ApprovalPolicy(role: "manager"))
        plan.roles.members["bypass"] = [.init(email: "otto@x.example"), .init(email: "olga@x.example")]
        let place = try #require(plan.steps.firstIndex { $0.id == "prod.approval" })
        plan.steps[place].needs.append(Need("prod.eligible", .gate))
        plan.steps.insert(
            Step(
                id: "prod.eligible", work: .gate(.eligible(after: "test", soak: 86_400)), effect: .none,
                environment: "prod", needs: [Need("prod.preview", .gate)], guarding: "prod"), at: place)
        let soaking = Suspension(.until(end), code: "run/soak", message: "soaks in 'test'")
        let executor = ScriptedExecutor { step, _, _ in
            switch step.id {
            case "prod.eligible": .suspended(soaking)
            case "prod.preview": .succeeded((try? ValueEncoder().encode(InboxTests.preview)) ?? .null)
            default: .succeeded([:])
            }
        }
        let runner = Runner(store: desk.store, clock: desk.clock.clock) { _ in executor }
        _ = try await runner.start(plan, RunRequest(run: "r2", requester: "rana@x.example"))
    }

    @Test func whoMayBypassATimeIsToldAfterWhatAsksThem() async throws {
        let desk = InboxTests.Desk()
        let end = desk.clock.now.addingTimeInterval(86_400)
        try await Self.soaking(desk, until: end)
        let inbox = try await desk.inbox("otto@x.example", ["bypass"])
        #expect(inbox.items.isEmpty && inbox.timed.map(\.bypass.step.id) == ["prod.eligible"])
        let time = Timestamp.text(of: end)
        #expect(
            inbox.text.hasSuffix(
                """


                r2  prod.eligible  prod  waits for a time, until \(time)
                  soaks in 'test'
                  you may    almrun bypass r2 prod.eligible --reason "..."   (one of 'bypass': otto@x.example, olga@x.example)
                """), "\(inbox.text)")
        let json = try #require(inbox.value["timed"]?.list?.first)
        #expect(json["gate"] == "prod.eligible" && json["mine"] == true && json["until"] == .string(time))
        #expect(json["mayBypass"] == ["otto@x.example", "olga@x.example"] && json["because"] == "soaks in 'test'")
        // Who may not is not told, apart from who asks for everything.
        #expect(try await desk.inbox("ann@x.example", ["manager"]).timed.isEmpty)
        let all = try await desk.inbox("ann@x.example", ["manager"], all: true)
        #expect(all.timed.map(\.isMine) == [false] && all.text.contains("until \(time)  (not for you)"), "\(all.text)")
        // Once the time has come nobody need bypass it: whoever takes the run up finds it open.
        desk.clock.advance(by: 86_401)
        #expect(try await desk.inbox("otto@x.example", ["bypass"]).timed.isEmpty)
        desk.clock.advance(by: -86_401)
        // What asks comes first, and a bypass ends the waiting.
        var asking = InboxTests.policy
        asking.role = "bypass"
        try await desk.start("r1", asking)
        try await Decisions(store: desk.store, clock: desk.clock.clock).bypass(
            "r2", "prod.eligible", by: .init(email: "olga@x.example"), reason: "INC-1")
        #expect(try await desk.inbox("otto@x.example", ["bypass"]).timed.isEmpty)
    }

    /// The approval that is not asked yet says what the stage waits for.
    @Test func theApprovalBehindItSaysWhatIsWaitedFor() async throws {
        let desk = InboxTests.Desk()
        let end = desk.clock.now.addingTimeInterval(86_400)
        try await Self.soaking(desk, until: end)
        let state = try await RunState.load("r2", from: desk.store)
        let report = try #require(GateReport(state, step: "prod.approval", now: desk.clock.now))
        let time = Timestamp.text(of: end)
        #expect(
            report.text.contains(
                "waits for     'prod.eligible', until \(time): `almrun bypass r2 prod.eligible --reason \"...\"`, by one of 'bypass'"
            ), "\(report.text)")
        #expect(
            report.text.contains("unmet         soaks in 'test'; not before \(time) (prod.eligible)"), "\(report.text)")
        #expect(report.value["waitsFor"]?["gate"] == "prod.eligible")
        #expect(report.value["conditions"]?.list?.contains { $0["met"] == false } == true)
    }
}
