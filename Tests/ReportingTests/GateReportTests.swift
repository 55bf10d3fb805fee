import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import Testing

@Suite struct GateReportTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)
    private static let evidence = EvidencePolicy(stages: ["test", "diff"], notOlderThan: 86_400)

    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV"

    private static func plan(_ policy: ApprovalPolicy) -> Plan {
        func gate(_ id: StepID, _ gate: Gate, _ needs: [Need]) -> Step {
            Step(id: id, work: .gate(gate), effect: .none, environment: "prod", needs: needs, guarding: "prod")
        }
        return Plan(
            pipeline: "release",
            steps: [
                Step(id: "test", work: .stage("connector.test"), effect: .none),
                gate("prod.preview", .preview, []),
                gate("prod.evidence", .evidence(evidence), [Need("test", .evidence), Need("prod.preview", .gate)]),
                gate("prod.approval", .approval(policy), [Need("prod.evidence", .gate)]),
                Step(
                    id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod",
                    needs: [Need("prod.approval", .gate)]),
            ],
            environments: [
                "prod": EnvironmentFile(
                    name: "prod", target: .directory(path: "env/prod"),
                    gates: .init(evidence: evidence, bypass: BypassPolicy(role: "boss", secondPerson: true)))
            ],
            roles: Roles(members: [
                "manager": [
                    .init(email: "m@x.example"), .init(email: "n@x.example", key: key), .init(email: "r@x.example"),
                ],
                "boss": [.init(email: "b@x.example"), .init(email: "c@x.example")],
            ]))
    }

    private static let asking: [RunEvent.Kind] = [
        .ended("test", attempt: 1, .succeeded(output: [:], object: nil, inputDigest: nil)),
        .ended(
            "prod.preview", attempt: 1,
            .succeeded(
                output: [
                    "package": "aaaabbbbccccdddd", "plan": "1111222233334444", "target": "t1", "summary": "upgrade",
                    "changes": ["adds a flow"], "details": .null,
                ], object: nil, inputDigest: nil)),
        .suspended("prod.approval", Suspension(.approval, code: "run/approval", message: "waits for the approval")),
    ]

    private func state(_ policy: ApprovalPolicy, _ more: [RunEvent.Kind] = []) throws -> RunState {
        var line = LedgerLine(
            RunEvent(
                sequence: 1, time: Self.time, previous: "",
                kind: .created(RunCreation(run: "r1", plan: Self.plan(policy), requester: "r@x.example"))))
        var state = try RunState(line)
        for (index, kind) in (Self.asking + more).enumerated() {
            line = LedgerLine(RunEvent(sequence: index + 2, time: Self.time, previous: line.hash, kind: kind))
            try state.apply(line)
        }
        return state
    }

    private func report(
        _ policy: ApprovalPolicy, _ more: [RunEvent.Kind] = [], after seconds: Double = 60,
        gate: StepID = "prod.approval"
    ) throws -> GateReport {
        let state = try state(policy, more)
        return try #require(GateReport(state, step: gate, now: Self.time.addingTimeInterval(seconds)))
    }

    private func approval(_ person: String, signature: String? = nil, plan: String? = "1111222233334444")
        -> RunEvent.Kind
    {
        .decided(
            Decision(
                step: "prod.approval", verdict: .approve, person: person, package: "aaaabbbbccccdddd", plan: plan,
                target: "t1", time: Self.time, signature: signature))
    }

    @Test func everythingThatIsNeededToDecide() throws {
        let policy = ApprovalPolicy(
            role: "manager", count: 2, distinctFrom: [.requester, .approvers(of: "test")], expires: 3600,
            instructions: "Read the plan.", voidOn: [.package])
        let text = try report(policy, [approval("m@x.example")]).text
        #expect(
            text == """
                prod.approval of run r1: waiting
                  waits for the approval; approved by m@x.example, 1 more needed
                requested by  r@x.example
                environment   prod
                package       sha256 aaaabbbbccccdddd
                plan          upgrade (111122223333)
                              adds a flow
                target state  t1
                test          ended well (test)
                who           2 of manager: m@x.example, n@x.example
                not           the requester and the approvers of 'test'
                left out      r@x.example, who asked for the run
                void when     the package changes
                still needed  1 of: n@x.example
                open until    2027-01-15T09:00:00.000Z, in 59 min 0 s; what is given before that counts
                asked for     test: good: 'test' was shown by stage 'test' on 2027-01-15T08:00:00.000Z (1 min 0 s ago)
                asked for     diff: missing: nothing shows 'diff' of package aaaabbbbcccc: no stage of that name or kind ended well before
                unmet         as it stands, an approval comes to nothing (prod.evidence)
                risk          the approval by m@x.example is not signed
                bypass        two of 'boss' together: b@x.example, c@x.example
                instructions  Read the plan.
                decided       approve by m@x.example 2027-01-15T08:00:00.000Z
                """)
    }

    @Test func theRunSaysTheSame() throws {
        let policy = ApprovalPolicy(role: "manager", expires: 3600, signed: .required)
        let state = try state(policy, [.rested])
        let before = RunReport(state, now: Self.time).text
        #expect(before.contains("waits: prod.approval: waits for the approval"))
        #expect(before.contains("--comment \"...\" --sign ~/.ssh/id_ed25519   (or reject)"))
        let after = RunReport(state, now: Self.time.addingTimeInterval(3600)).text
        #expect(after.contains("expired: prod.approval: nobody decided in time (before 2027-01-15T09:00:00.000Z)"))
        #expect(!after.contains("waits: prod.approval"))
        #expect(!after.contains("waits for the approval"))
    }

    /// What was decided and nobody acted on yet does not look like a question.
    @Test func aGateThatCanOpenSaysSo() throws {
        let text = try report(ApprovalPolicy(role: "manager"), [approval("m@x.example")]).text
        #expect(text.contains("  approved by m@x.example: that is enough; `almrun resume r1` carries on"))
        #expect(!text.contains("still needed"))
    }

    @Test func anExpiredGateSaysSo() throws {
        let report = try report(ApprovalPolicy(role: "manager", expires: 3600), after: 3600)
        #expect(
            report.text.contains(
                "  EXPIRED 2027-01-15T09:00:00.000Z: nobody decided in time; `almrun resume r1` ends the run, and once more "
                    + "asks anew"))
        #expect(!report.text.contains("still needed"))
        #expect(report.value["expired"] == "2027-01-15T09:00:00.000Z")
        #expect(report.value["missing"] == nil)
    }

    @Test func whatDoesNotCountIsSaidWithItsReason() throws {
        let forged = try report(
            ApprovalPolicy(role: "manager", signed: .required), [approval("m@x.example", signature: "nonsense")])
        #expect(forged.text.contains("signed        only what is signed counts: `almrun approve ... --sign KEY`"))
        #expect(
            forged.text.contains(
                "decided       approve by m@x.example 2027-01-15T08:00:00.000Z (does not count: the signature of 'm@x.example'"
            ))
        #expect(forged.value["decisions"]?[0]?["counts"] == false)
        #expect(forged.value["decisions"]?[0]?["invalid"]?.string?.isEmpty == false)
        #expect(forged.value["missing"] == 1)
        #expect(forged.value["mayDecide"] == ["n@x.example"])
        #expect(SignedRecordFiles([forged]).files.isEmpty)
        let other = try report(ApprovalPolicy(role: "manager"), [approval("m@x.example", plan: "2222")])
        #expect(other.value["decisions"]?[0]?["counts"] == false)
        #expect(other.value["decisions"]?[0]?["because"] == "the plan changed from 2222 to 111122223333")
        #expect(other.text.contains("(does not count: the plan changed from 2222 to 111122223333)"))
    }

    /// Whoever is left out is not among those who may decide, and the reason is said to people and programs.
    @Test func whoIsLeftOutIsNotAsked() throws {
        let report = try report(ApprovalPolicy(role: "manager", distinctFrom: [.requester]))
        #expect(report.text.contains("who           1 of manager: m@x.example, n@x.example\n"))
        #expect(report.text.contains("left out      r@x.example, who asked for the run\n"))
        #expect(report.value["mayDecide"] == ["m@x.example", "n@x.example"])
        #expect(report.value["leftOut"] == [["person": "r@x.example", "because": "asked for the run"]])
    }

    /// A gate that is asked anew says why, and what of the decision before has changed; also while that is found out.
    @Test func anApprovalThatIsVoidSaysWhatChanged() throws {
        let void = RunEvent.Kind.voided(
            "prod", gates: ["prod.preview", "prod.evidence", "prod.approval"], changed: ["the flow was renamed"],
            round: 2)
        let opened: [RunEvent.Kind] = [
            approval("m@x.example"),
            .ended("prod.approval", attempt: 0, .succeeded(output: [:], object: nil, inputDigest: nil)), void,
        ]
        let between = try report(ApprovalPolicy(role: "manager"), opened)
        #expect(between.text.contains("asked anew    the flow was renamed"))
        #expect(between.text.contains("(does not count: asked anew: the flow was renamed)"))
        let preview = RunEvent.Kind.ended(
            "prod.preview", attempt: 2,
            .succeeded(
                output: [
                    "package": "aaaabbbbccccdddd", "plan": "99990000", "target": "t2", "summary": "", "changes": [],
                    "details": .null,
                ], object: nil, inputDigest: nil))
        let after = try report(
            ApprovalPolicy(role: "manager"),
            opened + [
                preview,
                .suspended("prod.approval", Suspension(.approval, code: "run/approval", message: "waits again")),
            ])
        #expect(after.text.contains("asked anew    the flow was renamed"))
        #expect(
            after.text.contains(
                "(does not count: void since round 2: the plan changed from 111122223333 to 99990000, the state of the "
                    + "target changed from t1 to t2)"), "\(after.text)")
        #expect(after.value["askedAnew"] == ["the flow was renamed"])
    }

    @Test func theSameForMachines() throws {
        let value = try report(ApprovalPolicy(role: "manager", count: 2, expires: 3600), [approval("m@x.example")])
            .value
        #expect(value["missing"] == 1)
        #expect(value["mayDecide"] == ["m@x.example", "n@x.example", "r@x.example"])
        #expect(value["decideBefore"] == "2027-01-15T09:00:00.000Z")
        #expect(value["bypass"] == ["role": "boss", "secondPerson": true])
        #expect(value["evidence"]?[0]?["verdict"] == "good")
        #expect(value["evidence"]?[1]?["verdict"] == "missing")
        #expect(value["evidenceExpires"] == "2027-01-16T08:00:00.000Z")
        #expect(value["decisions"]?[0]?["counts"] == true)
    }

    @Test func aHalfBypassDoesNotLookLikeAnOpenGate() throws {
        let bypass = RunEvent.Kind.decided(
            Decision(
                step: "prod.approval", verdict: .bypass, person: "b@x.example", comment: "incident",
                package: "aaaabbbbccccdddd", plan: "1111222233334444", target: "t1", time: Self.time))
        let text = try report(ApprovalPolicy(role: "manager"), [bypass]).text
        #expect(
            text.contains(
                "decided       bypass by b@x.example 2027-01-15T08:00:00.000Z: incident\n"
                    + "              beside b@x.example, one more person must bypass it")
        )
    }
}
