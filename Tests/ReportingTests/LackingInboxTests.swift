import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import TestSupport
import Testing

/// Of a run that has failed for want of evidence, each gate is asked for itself.
@Suite struct LackingInboxTests {
    private static let roles = Roles(members: [
        "on-call": [.init(email: "boss@x.example"), .init(email: "otto@x.example")]
    ])

    private let store = MemoryRunStore()
    private let clock = ManualClock()
    private var decisions: Decisions { Decisions(store: store, clock: clock.clock) }

    /// Deployments to two regions, each behind a gate of its own.
    private static func plan(_ gate: Gate, _ policy: EvidencePolicy, pipeline: String, roles: Roles) -> Plan {
        let rule = BypassPolicy(role: "on-call", secondPerson: true)
        let regions = ["eu", "us"]
        let steps = regions.flatMap { place in
            [
                Step(
                    id: StepID("\(place).gate"), work: .gate(gate), effect: .none, environment: place,
                    needs: [Need("test", .evidence)], guarding: StepID(place)),
                Step(
                    id: StepID(place), work: .stage("solution.promote"), effect: .once, environment: place,
                    locksEnvironment: true, needs: [Need(StepID("\(place).gate"), .gate)]),
            ]
        }
        let files = regions.map { place in
            (
                place,
                EnvironmentFile(
                    name: place, target: .directory(path: place), gates: .init(evidence: policy, bypass: rule))
            )
        }
        return Plan(
            pipeline: pipeline, steps: [Step(id: "test", work: .stage("connector.test"), effect: .none)] + steps,
            environments: .init(uniqueKeysWithValues: files), roles: roles)
    }

    private static let missing = EvidencePolicy(stages: ["smoke"])

    @discardableResult private func fail(
        _ run: RunID, _ gate: Gate? = nil, _ policy: EvidencePolicy = missing, pipeline: String = "release",
        roles: Roles = roles
    ) async throws -> RunState {
        let executor = ScriptedExecutor { step, _, _ in
            if case .gate = step.work { return .failed(StageFailure(.rejected, "gate/not-eligible", "not yet")) }
            return .succeeded([:])
        }
        let runner = Runner(store: store, clock: clock.clock) { _ in executor }
        let plan = Self.plan(gate ?? .evidence(policy), policy, pipeline: pipeline, roles: roles)
        let state = try await runner.start(plan, RunRequest(run: run, requester: "rana@x.example")).state
        clock.advance(by: 60)
        return state
    }

    private func inbox(
        _ person: String, limit: Int = 50, isWanted: Bool = true, deployed: Set<StepID> = []
    ) async throws -> Inbox {
        try await Inbox.read(
            .init(person: "\(person)@x.example", roles: ["on-call"], limit: limit), from: store, now: clock.now,
            isWanted: { _ in isWanted }, isDeployedSince: { deployed.contains($1.id) })
    }

    private func bypass(_ run: RunID, _ gate: StepID, _ person: String) async throws {
        try await decisions.bypass(run, gate, by: .init(email: "\(person)@x.example"), reason: "INC-1")
    }

    /// What was deployed behind one gate takes away neither the half bypass of the other one, nor what still asks.
    @Test func aGateThatIsNotWantedTakesNoOtherAway() async throws {
        try #require(try await fail("r1").status == .failed)
        #expect(try await inbox("boss").failed.map(\.bypass.step.id) == ["eu.gate", "us.gate"])
        #expect(try await inbox("boss", deployed: ["us.gate"]).failed.map(\.bypass.step.id) == ["eu.gate"])
        try await bypass("r1", "eu.gate", "otto")
        let half = try await inbox("boss", isWanted: false, deployed: ["us.gate"])
        #expect(half.items.map(\.brief.gate) == ["eu.gate"] && half.failed.isEmpty, "\(half.text)")
        #expect(!half.text.contains("nothing waits"), "\(half.text)")
        // Also where the other one is bypassed, and what a rollback asks for is of no matter here.
        try await bypass("r1", "us.gate", "otto")
        try await bypass("r1", "us.gate", "boss")
        let open = try await inbox("boss", isWanted: false, deployed: ["us.gate"])
        #expect(open.items.map(\.brief.gate) == ["eu.gate"], "\(open.text)")
    }

    /// A half bypass of a gate that asks for something else opens nothing of this one.
    @Test func onlyAHalfBypassOfTheSameKindIsEnough() async throws {
        try await fail("r1", .eligible(after: "test", soak: 60))
        try await bypass("r1", "eu.gate", "otto")
        try await fail("r2", pipeline: "other")
        #expect(try await inbox("otto").failed.map(\.run) == ["r2", "r2"])
        try await fail("r3")
        try await bypass("r3", "eu.gate", "boss")
        let left = try await inbox("boss").failed.map { "\($0.run) \($0.bypass.step.id)" }
        #expect(left == ["r3 us.gate", "r2 us.gate"])
    }

    /// Where the rules of then leave nobody who could give the other half, the newer run is the way.
    @Test func aHalfBypassThatNobodyCompletesIsNotEnough() async throws {
        let alone = Roles(members: ["on-call": [.init(email: "otto@x.example")]])
        try await fail("r1", roles: alone)
        try await bypass("r1", "eu.gate", "otto")
        try await fail("r2", pipeline: "other")
        #expect(try await inbox("boss").failed.map(\.bypass.step.id) == ["eu.gate", "us.gate"])
    }

    /// A newer run shows anew what was too old in this one, as long as it has not failed there as well.
    @Test func whatWasTooOldIsAskedOnlyInTheNewestRun() async throws {
        let policy = EvidencePolicy(stages: ["test"], notOlderThan: -1)
        try #require(try await fail("r1", nil, policy)["eu.gate"]?.failure?.code == "gate/old-evidence")
        #expect(try await inbox("otto").failed.map(\.run) == ["r1", "r1"])
        let young = EvidencePolicy(stages: ["test"])
        try #require(try await fail("r2", nil, young, pipeline: "other").status == .succeeded)
        #expect(try await inbox("otto").failed.map(\.run) == ["r1", "r1"])
        try #require(try await fail("r3", nil, young).status == .succeeded)
        #expect(try await inbox("otto").failed.isEmpty)
    }

    /// Under a limit too, everybody sees an effect in doubt first.
    @Test func anEffectInDoubtIsReadFirst() async throws {
        let doubt = ScriptedExecutor { _, _, _ in
            .suspended(Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look at the remote"))
        }
        let tag = Plan(pipeline: "tag", steps: [Step(id: "tag", work: .stage("git.tag"), effect: .once)])
        _ = try await Runner(store: store, clock: clock.clock) { _ in doubt }.start(
            tag, RunRequest(run: "r1", requester: "rana@x.example"))
        clock.advance(by: 60)
        try await fail("r2")
        let one = try await inbox("otto", limit: 1)
        #expect(one.doubts.map(\.run) == ["r1"] && one.failed.isEmpty && one.unread == 1, "\(one.text)")
        // One that is over is in doubt no less.
        _ = try await decisions.cancel("r1", by: "rana@x.example", reason: "stop")
        _ = try await Runner(store: store, clock: clock.clock) { _ in doubt }.resume("r1", by: "rana@x.example")
        let over = try await inbox("otto", limit: 1)
        #expect(over.doubts.map(\.run) == ["r1"] && over.unread == 1, "\(over.text)")
    }
}
