import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import TestSupport
import Testing

/// What is said to a person who decides at a gate, whatever its run has come to.
@Suite struct GateBriefTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)
    private static let roles = Roles(members: [
        "manager": [.init(email: "m@x.example")],
        "boss": ["b", "c"].map {
            .init(
                email: "\($0)@x.example",
                key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV")
        },
    ])

    private static func plan(_ policy: ApprovalPolicy) -> Plan {
        func stage(_ id: StepID, _ kind: String, needs: [Need] = []) -> Step {
            Step(id: id, work: .stage(kind), effect: .none, needs: needs)
        }
        return Plan(
            pipeline: "release",
            steps: [
                stage("diff", "openapi.diff"), stage("lint", "openapi.lint"), stage("late", "connector.test"),
                stage("off", "openapi.lint"), stage("unit", "shell.run"),
                Step(
                    id: "prod.approval", work: .gate(.approval(policy)), effect: .none, environment: "prod",
                    guarding: "prod"),
                Step(
                    id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod",
                    needs: [Need("prod.approval", .gate)]),
                // Nobody can wait for what comes after the deployment.
                stage("smoke", "connector.test", needs: [Need("prod", .declared)]),
            ],
            environments: [
                "prod": EnvironmentFile(
                    name: "prod", target: .directory(path: "env/prod"),
                    gates: .init(bypass: BypassPolicy(role: "boss", secondPerson: true)))
            ],
            roles: roles)
    }

    private static func ended(_ step: StepID, _ output: Value) -> RunEvent.Kind {
        .ended(step, attempt: 1, .succeeded(output: output, object: nil, inputDigest: nil))
    }

    private func state(_ policy: ApprovalPolicy, _ events: [RunEvent.Kind]) throws -> RunState {
        var line = LedgerLine(
            RunEvent(
                sequence: 1, time: Self.time, previous: "",
                kind: .created(RunCreation(run: "r1", plan: Self.plan(policy), requester: "r@x.example"))))
        var state = try RunState(line)
        let asking = RunEvent.Kind.suspended(
            "prod.approval", Suspension(.approval, code: "run/approval", message: "waits for the approval"))
        for (index, kind) in (events + [asking]).enumerated() {
            line = LedgerLine(RunEvent(sequence: index + 2, time: Self.time, previous: line.hash, kind: kind))
            try state.apply(line)
        }
        return state
    }

    @Test func whatFailedIsFirstAndWhatShowedNothingIsNamed() throws {
        let state = try state(
            ApprovalPolicy(role: "manager"),
            [
                Self.ended("diff", ["level": "minor", "changes": 1, "breaking": 0]),
                Self.ended("lint", ["errors": 1, "warnings": 1]),
                .ended("unit", attempt: 1, .failed(StageFailure(.rejected, "shell/exit", "it ended with 1"))),
                .skipped("off", .condition([])),
            ])
        let brief = try #require(GateBrief(state, gate: "prod.approval", now: Self.time))
        let lines = brief.lines()
        #expect(lines[1] == "FAILED     unit: it ended with 1 [shell/exit]")
        #expect(lines.contains("diff       minor: 1 change, 0 breaking (diff)"))
        #expect(lines.contains("lint       1 error, 1 warning (lint)"))
        #expect(lines.contains("risk       nothing is shown yet by 'late' (pending), 'off' (skipped)"))
        #expect(lines.count { $0.contains("unit") } == 1, "the line of the result says it already")
        #expect(brief.risks.first == GateRisk("failed-step", "'unit' failed: it ended with 1 [shell/exit]"))
        #expect(brief.value["results"]?[0]?["status"] == "failed")
    }

    /// What only a person says was done is told to who decides later.
    @Test func whatWasAssumedIsARisk() throws {
        let state = try state(
            ApprovalPolicy(role: "manager"),
            [
                .suspended("unit", Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look")),
                .assumed("unit", done: true, by: "t@x.example", comment: nil),
            ])
        let brief = try #require(GateBrief(state, gate: "prod.approval", now: Self.time))
        let text = "nothing shows that 'unit' was done: t@x.example said so, 2027-01-15T08:00:00.000Z"
        #expect(brief.lines().contains("risk       \(text)"))
        #expect(brief.risks.contains(GateRisk("assumed-done", text)))
        let gate = try #require(GateReport(state, step: "prod.approval", now: Self.time))
        #expect(gate.text.contains("risk          \(text)"))
    }

    @Test func breakingChangesAreNamed() throws {
        let folder = try TemporaryFolder()
        let objects = ObjectStore(folder: "\(folder.path)/sha256")
        let changes = (1...5).map { number in
            """
            {"level":"breaking","message":"operation Get\(number) was removed","isApproved":\(number == 2)}
            """
        }
        let report = try objects.put(
            Data("{\"changes\":[{\"level\":\"info\",\"message\":\"a text\"},\(changes.joined(separator: ","))]}".utf8))
        let state = try state(
            ApprovalPolicy(role: "manager"),
            [Self.ended("diff", ["level": "major", "changes": 6, "breaking": 5, "report": .string(report)])])
        let brief = try #require(GateBrief(state, gate: "prod.approval", now: Self.time, objects: objects))
        let text = brief.lines().joined(separator: "\n")
        #expect(
            text.contains(
                """
                diff       major: 6 changes, 5 breaking (diff)
                             breaking: operation Get1 was removed
                             breaking: operation Get2 was removed (accepted)
                             breaking: operation Get3 was removed
                             ... and 2 more: almrun show r1 --gate prod.approval
                """), "\(text)")
        let gate = try #require(GateReport(state, step: "prod.approval", brief: brief, now: Self.time))
        #expect(gate.text.contains("breaking: operation Get5 was removed"))
        #expect(gate.text.contains("report        diff: .almrun/objects/sha256/\(report.prefix(2))/\(report)"))
        #expect(gate.value["results"] == brief.value["results"])
        #expect(brief.value["results"]?[0]?["breaking"]?.list?.count == 5)
        // A report that is gone takes nothing else away.
        let bare = try #require(GateBrief(state, gate: "prod.approval", now: Self.time))
        #expect(bare.lines().contains("diff       major: 6 changes, 5 breaking (diff)"))
    }
}
