import Documents
import Engine
import Foundation
import Pipelines
import Testing

@testable import Stages

extension ReadinessTests {
    @Test("a run that a signal has ended keeps its approvals and goes on")
    func interrupted() async throws {
        let policy = ApprovalPolicy(role: "manager")
        let gates = EnvironmentFile.Gates(approvals: [policy])
        let (_, decisions, _) = try await rollback([("approval", .approval(policy))])
        var run = try await decisions.approve("back", "prod", by: .init(email: "ann@x.example"))
        let asked = run
        func end(_ events: [RunEvent.Kind]) throws {
            for event in events + [.interrupted(by: "rana@x.example"), .cancelled("prod"), .finished(.cancelled)] {
                _ = try run.add(event, now: Self.now)
            }
        }
        try end([
            .ended(
                "prod.approval", attempt: 0,
                .succeeded(output: ["approvedBy": ["ann@x.example"]], object: nil, inputDigest: nil))
        ])
        let kept = Readiness(Self.facts(gates, runs: [run]))
        #expect(kept.text.contains("given by ann@x.example in run back, which was interrupted and keeps it"))
        #expect(kept.commands == ["almrun resume back"])
        run = asked
        try end([.cancelled("prod.approval")])
        let open = Readiness(Self.facts(gates, runs: [run]))
        #expect(!open.text.contains("no run asks"), "\(open.text)")
        #expect(open.text.contains("run back, which was interrupted, goes on with `almrun resume back`"))
        #expect(open.commands == ["almrun resume back"])
    }

    @Test("the next command is one that is not refused")
    func nextCommands() async throws {
        let policy = ApprovalPolicy(role: "manager", distinctFrom: [.requester], signed: .required)
        let gates = EnvironmentFile.Gates(approvals: [policy])
        let (_, _, trail) = try await rollback([("approval", .approval(policy))], key: Self.key)
        var facts = Self.facts(gates, runs: trail.runs, isRollback: true)
        let sign = "almrun approve back prod.approval --sign ~/.ssh/id_ed25519"
        #expect(Readiness(facts).commands == [sign, "almrun resume back"])
        #expect(try only(.approval, facts).command == sign)
        facts.atWork = ["back"]
        #expect(Readiness(facts).commands == ["almrun show back"])
        // Nobody with the role has a key, and whoever may bypass the gate has none either.
        let (_, _, keyless) = try await rollback([("approval", .approval(policy))])
        let stuck = Readiness(Self.facts(gates, runs: keyless.runs, isRollback: true))
        #expect(stuck.commands == ["almrun rollback prod"])

        var run = try #require(trail.runs.first)
        for event: RunEvent.Kind in [
            .ended("prod.approval", attempt: 0, .succeeded(output: [:], object: nil, inputDigest: nil)),
            .suspended("prod", Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look")),
        ] {
            _ = try run.add(event, now: Self.now)
        }
        let doubtful = Readiness(Self.facts(gates, runs: [run], isRollback: true))
        #expect(
            doubtful.commands == [
                "almrun resume back --assume prod=done", "almrun resume back --assume prod=not-done",
                "almrun resume back",
            ])
    }

    /// The lock of 'prod' that a run has whose process is gone.
    static func held(expires: Date?) -> HeldLock {
        HeldLock(
            lock: Lock(name: "environment prod", run: "r0", step: "prod", fence: 1, since: Self.now, expires: expires),
            status: .running, process: nil)
    }

    @Test("the lock of a process that is gone keeps nobody back")
    func lockOfADeadProcess() throws {
        var held = Self.held(expires: Self.now.addingTimeInterval(60))
        #expect(try only(.lock, Self.facts(lock: held)).standing == .unmet)
        held.isLeft = true
        let left = try only(.lock, Self.facts(lock: held))
        #expect(left.standing == .met)
        #expect(left.text.contains("the process of 'prod' of run r0 is gone, and the next run takes it at once"))
    }

    private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV"
}
