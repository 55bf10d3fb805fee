import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import TestSupport
import Testing

/// A gate that has failed while its run waits elsewhere is in the inbox of those who alone can open it.
@Suite struct FailedGateInboxTests {
    private static let roles = Roles(members: [
        "manager": [.init(email: "ann@x.example")],
        "on-call": [.init(email: "boss@x.example"), .init(email: "otto@x.example")],
    ])

    private let store = MemoryRunStore()
    private let clock = ManualClock()
    private var runner: Runner { Runner(store: store, clock: clock.clock) { _ in ScriptedExecutor() } }
    private var decisions: Decisions { Decisions(store: store, clock: clock.clock) }

    private static func plan(_ policy: EvidencePolicy) -> Plan {
        let approval = Gate.approval(ApprovalPolicy(role: "manager"))
        func gate(_ id: StepID, _ gate: Gate, _ place: StepID, _ needs: [Need] = []) -> Step {
            Step(
                id: id, work: .gate(gate), effect: .none, environment: place.rawValue, needs: needs, guarding: place)
        }
        func promote(_ place: StepID, after gate: StepID) -> Step {
            Step(
                id: place, work: .stage("solution.promote"), effect: .once, environment: place.rawValue,
                locksEnvironment: true, needs: [Need(gate, .gate)])
        }
        let rule = BypassPolicy(role: "on-call", secondPerson: true)
        return Plan(
            pipeline: "release",
            steps: [
                Step(id: "test", work: .stage("connector.test"), effect: .none),
                gate("eu.approval", approval, "eu"), promote("eu", after: "eu.approval"),
                gate("us.approval", approval, "us"),
                gate("us.evidence", .evidence(policy), "us", [Need("us.approval", .gate), Need("test", .evidence)]),
                promote("us", after: "us.evidence"),
            ],
            environments: [
                "us": EnvironmentFile(
                    name: "us", target: .directory(path: "us"), gates: .init(evidence: policy, bypass: rule))
            ], roles: roles)
    }

    /// A run in which the evidence has become too old for one region, while the other one asks.
    private func start() async throws {
        let policy = EvidencePolicy(stages: ["test"], notOlderThan: 60)
        _ = try await runner.start(Self.plan(policy), RunRequest(run: "r1", requester: "rana@x.example"))
        clock.advance(by: 61)
        try await decisions.approve("r1", "us.approval", by: .init(email: "ann@x.example"))
        let state = try await runner.resume("r1", by: "rana@x.example").state
        try #require(state.status == .waiting && state["us.evidence"]?.status == .failed)
    }

    private func inbox(_ person: String, all: Bool = false, role: String? = nil) async throws -> Inbox {
        let roles = Set(Self.roles.members.filter { $0.value.contains { $0.email == person } }.keys)
        return try await Inbox.read(
            .init(person: person, roles: roles, all: all, role: role), from: store, now: clock.now)
    }

    @Test func whoMayBypassItFindsIt() async throws {
        try await start()
        let inbox = try await inbox("otto@x.example")
        let one = try #require(inbox.failed.first)
        #expect(one.isMine && one.command == "almrun bypass r1 us.evidence --reason \"...\"")
        let text = inbox.text
        #expect(text.contains("r1  us.evidence  us  failed, and only a bypass opens it\n"), "\(text)")
        #expect(text.contains("  you may    \(one.command)   (two of 'on-call' together: "), "\(text)")
        #expect(!text.contains("nothing waits for you"), "\(text)")
        let value = try #require(inbox.value["failed"]?[0])
        #expect(value["gate"] == "us.evidence" && value["mine"] == true)
        #expect(value["command"]?.string == one.command && value["mayBypass"]?.list?.count == 2)
        #expect(try await self.inbox("otto@x.example", role: "manager").failed.isEmpty)
        // Others see it where they ask for all there is.
        #expect(try await self.inbox("ann@x.example").failed.isEmpty)
        #expect(try await self.inbox("ann@x.example", all: true).failed.map(\.isMine) == [false])
    }

    @Test func onceBegunTheOtherHalfIsAsked() async throws {
        try await start()
        try await decisions.bypass("r1", "us.evidence", by: .init(email: "otto@x.example"), reason: "INC-1")
        #expect(try await inbox("boss@x.example").failed.isEmpty)
        #expect(try await inbox("boss@x.example").items.map(\.brief.gate) == ["us.evidence"])
        try await decisions.bypass("r1", "us.evidence", by: .init(email: "boss@x.example"), reason: "INC-1")
        #expect(try await inbox("boss@x.example", all: true).failed.isEmpty)
    }

    @Test func nobodyIsAskedInARunThatIsCalledOff() async throws {
        try await start()
        _ = try await decisions.cancel("r1", by: "rana@x.example", reason: "stop")
        #expect(try await inbox("otto@x.example", all: true).failed.isEmpty)
    }
}
