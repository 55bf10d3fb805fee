import Documents
import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Testing

@testable import Stages

/// What stands before a deployment besides its own gates, and what runs out before it is possible.
@Suite struct EveryReadinessConditionTests {
    private static let now = ReadinessTests.now
    private static let digest = ReadinessTests.digest
    private static let package: Value = ["digest": .string(digest), "solution": "Sales", "version": "1.2.0.0"]
    private static let roles = Roles(members: [
        "manager": [.init(email: "ann@x.example"), .init(email: "bob@x.example")],
        "on-call": [.init(email: "oc1@x.example"), .init(email: "oc2@x.example")],
    ])

    private static func gates(
        evidence: EvidencePolicy? = nil, soak: Double = 0, approvals: [ApprovalPolicy] = [],
        windows: [ChangeWindow] = [], freezes: [Freeze] = []
    ) -> EnvironmentFile.Gates {
        .init(
            soak: soak, evidence: evidence, approvals: approvals, windows: windows, freezes: freezes,
            bypass: BypassPolicy(role: "on-call", secondPerson: true))
    }

    /// A run that brings the package to 'prod', in which these things happened.
    private static func run(
        _ gates: EnvironmentFile.Gates, stages: [Step] = [], then kinds: [RunEvent.Kind], at time: Date
    ) throws -> RunState {
        var steps = stages
        steps.append(
            Step(
                id: "pack", work: .stage("solution.pack"), effect: .none, needs: stages.map { Need($0.id, .declared) }))
        func add(_ name: String, _ gate: Gate) {
            steps.append(
                Step(
                    id: StepID("prod.\(name)"), work: .gate(gate), effect: .none, environment: "prod",
                    needs: (steps.last.map { [Need($0.id, .gate)] } ?? [])
                        + (name == "evidence" ? stages.map { Need($0.id, .evidence) } : []),
                    guarding: "prod"))
        }
        add("preview", .preview)
        if let evidence = gates.evidence { add("evidence", .evidence(evidence)) }
        for policy in gates.approvals { add("approval", .approval(policy)) }
        if !gates.windows.isEmpty { add("window", .window(gates.windows, freezes: gates.freezes)) }
        steps.append(
            Step(
                id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod",
                locksEnvironment: true, input: .map(["package": .literal(package)]),
                needs: steps.last.map { [Need($0.id, .gate)] } ?? []))
        let plan = Plan(
            pipeline: "release", steps: steps,
            environments: [
                "prod": EnvironmentFile(name: "prod", target: .directory(path: "prod"), gates: gates)
            ], roles: roles)
        var state = try RunState(
            LedgerLine(
                RunEvent(
                    sequence: 1, time: time, previous: "",
                    kind: .created(RunCreation(run: "r1", plan: plan, requester: "rana@x.example")))))
        for kind in kinds { _ = try state.add(kind, now: time) }
        return state
    }

    private static func done(_ step: StepID, _ output: Value = [:]) -> RunEvent.Kind {
        .ended(step, attempt: 1, .succeeded(output: output, object: nil, inputDigest: nil))
    }

    private static func packed() throws -> [RunEvent.Kind] {
        let preview = Preview(package: digest, plan: "p", target: "t")
        return [done("pack", ["package": package]), done("prod.preview", try ValueEncoder().encode(preview))]
    }

    private static func bypass(_ gate: StepID, _ person: String) -> RunEvent.Kind {
        .decided(
            Decision(
                step: gate, verdict: .bypass, person: person, comment: "INC-1", package: digest, plan: "p", target: "t",
                time: now))
    }

    private func facts(_ gates: EnvironmentFile.Gates, after: String? = nil, _ runs: [RunState]) -> ReadinessFacts {
        var facts = ReadinessTests.facts(
            gates, after: after, before: after.map { _ in ReadinessTests.state([]) }, runs: runs)
        facts.roles = Self.roles
        return facts
    }

    @Test func allThatIsUnmetIsNamedAtOnce() throws {
        let window = ChangeWindow(days: [1, 2], from: 8 * 60, to: 16 * 60, timeZone: "UTC")
        let gates = Self.gates(
            evidence: EvidencePolicy(stages: ["diff"]), soak: 86_400,
            approvals: [ApprovalPolicy(role: "manager", expires: 3600)], windows: [window],
            freezes: [Freeze(from: "2027-01-18", to: "2027-01-19", reason: "moving")])
        let question = ApprovalPolicy(role: "manager")
        let stages = [
            Step(id: "lint", work: .stage("openapi.lint"), effect: .none),
            Step(id: "smoke", work: .stage("shell.run"), effect: .once),
            Step(id: "notice", work: .stage("shell.run"), effect: .once),
            Step(id: "ok", work: .gate(.approval(question)), effect: .none),
            Step(id: "other", work: .stage("openapi.lint"), effect: .none, isFinally: true),
        ]
        let failure = StageFailure(.rejected, "lint/findings", "1 finding at or above error")
        let asked = Suspension(.approval, code: "run/approval", message: "waits for the approval by 1 person")
        let run = try Self.run(
            gates, stages: stages,
            then: [
                .ended("lint", attempt: 1, .failed(failure)),
                .suspended("smoke", Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look there")),
                .started("notice", attempt: 1, token: "t", fence: nil, recovering: false),
                .ended("notice", attempt: 1, .lost("its lock was taken away")), .suspended("ok", asked),
            ] + Self.packed(), at: Self.now)
        var facts = facts(gates, after: "test", [run])
        facts.unbound = ["'prod' binds no connection for 'a'"]
        facts.lock = ReadinessTests.held(expires: nil)
        let readiness = Readiness(facts)
        let unmet = readiness.conditions.filter { $0.standing == .unmet }
        #expect(
            unmet.map(\.kind) == [
                .after, .soak, .stage, .stage, .stage, .stage, .stage, .evidence, .bindings, .approval, .window,
                .freeze, .lock,
            ], "\(readiness.text)")
        let expected: [(String, String?)] = [
            ("the process of run r1 is gone", "almrun resume r1"),
            ("'lint' of run r1 failed: 1 finding at or above error [lint/findings]", "almrun why r1 lint"),
            ("whether 'smoke' of run r1 took effect is not known: look there", "almrun why r1 smoke"),
            ("the result of 'notice' of run r1 was lost: its lock was taken away", "almrun resume r1"),
            ("'ok' of run r1: waits for the approval by 1 person", "almrun approve r1 ok"),
        ]
        for (text, command) in expected {
            #expect(unmet.contains { $0.text.hasPrefix(text) && $0.command == command }, "\(text): \(readiness.text)")
        }
        #expect(!readiness.text.contains("'other'"))
        // The freeze has not begun, and is what the date hangs on.
        let freeze = try #require(unmet.first { $0.kind == .freeze })
        #expect(freeze.text == "frozen 2027-01-18 to 2027-01-19 UTC: moving, which begins before a change is possible")
        #expect(readiness.earliest == Timestamp.date("2027-01-25T08:00:00Z"))
        let approval = try #require(unmet.first { $0.kind == .approval })
        #expect(approval.text.hasSuffix("an approval that is given now has run out before a change is possible"))
    }

    /// Whether it was only looked what an attempt had done whose time was up, and whether its effect may have happened.
    @Test(arguments: [(true, false), (false, true)])
    func whatTheProbeHasNotFoundIsNotInDoubt(_ isLook: Bool, _ mayHaveHappened: Bool) throws {
        let late = StageFailure(.transient, StageFailure.timeoutCode, "the attempt took too long")
        let first: [RunEvent.Kind] = [
            .started("tell", attempt: 1, token: "t", fence: nil, recovering: false),
            .ended("tell", attempt: 1, .lost("cut off")),
            .started("tell", attempt: 2, token: "t", fence: nil, recovering: true),
        ]
        let run = try Self.run(
            Self.gates(), stages: [Step(id: "tell", work: .stage("shell.run"), effect: .once)],
            then: (isLook ? first : [first[0]]) + [.ended("tell", attempt: isLook ? 2 : 1, .failed(late))]
                + Self.packed(),
            at: Self.now)
        let stage = try #require(Readiness(facts(Self.gates(), [run])).conditions.first { $0.text.contains("'tell'") })
        #expect(stage.text.contains("failed: the attempt took too long"))
        #expect(stage.text.contains("its effect may have happened") == mayHaveHappened, "\(stage.text)")
    }

    @Test func whatWillHaveRunOutByThenIsUnmet() throws {
        let window = ChangeWindow(days: [1], from: 8 * 60, to: 16 * 60, timeZone: "UTC")
        let gates = Self.gates(
            evidence: EvidencePolicy(stages: ["lint"], notOlderThan: 86_400),
            approvals: [ApprovalPolicy(role: "manager", expires: 7200)], windows: [window])
        let approval = Decision(
            step: "prod.approval", verdict: .approve, person: "ann@x.example", package: Self.digest, plan: "p",
            target: "t", time: Self.now)
        let run = try Self.run(
            gates, stages: [Step(id: "lint", work: .stage("openapi.lint"), effect: .none)],
            then: [Self.done("lint")] + Self.packed() + [
                Self.done("prod.evidence"), .decided(approval),
                Self.done("prod.approval", ["approvedBy": ["ann@x.example"]]), .rested,
            ], at: Self.now)
        let readiness = Readiness(facts(gates, [run]))
        for kind in [ReadinessCondition.Kind.evidence, .approval] {
            let condition = try #require(readiness.conditions.first { $0.kind == kind })
            #expect(condition.standing == .unmet, "\(readiness.text)")
            #expect(condition.text.contains("; that will have run out, 2027-01-1"), "\(condition.text)")
            #expect(condition.text.hasSuffix("before a change is possible, 2027-01-18T08:00:00.000Z"))
        }
        // Without a window both are good now.
        let open = Self.gates(evidence: gates.evidence, approvals: gates.approvals)
        let now = Readiness(facts(open, [run])).conditions.filter { [.evidence, .approval].contains($0.kind) }
        #expect(now.allSatisfy { $0.standing == .met && $0.goodUntil != nil }, "\(now)")
    }

    /// A run that waits elsewhere comes here once what failed is taken up; after a no it has to end first, and then what people
    /// said in it counts for no new one.
    @Test func whatPeopleSaidCountsInTheirOwnRunAlone() throws {
        let gates = Self.gates(
            evidence: EvidencePolicy(stages: ["lint"]), approvals: [ApprovalPolicy(role: "manager")])
        let stages = [
            Step(id: "lint", work: .stage("openapi.lint"), effect: .none),
            Step(id: "ask", work: .gate(.approval(ApprovalPolicy(role: "manager"))), effect: .none),
        ]
        let bad = StageFailure(.rejected, "gate/bad-evidence", "'lint' is failed")
        let asked = Suspension(.approval, code: "run/approval", message: "waits for the approval by 1 person")
        var events: [RunEvent.Kind] = [.ended("lint", attempt: 1, .failed(bad))] + (try Self.packed())
        events += [
            .ended("prod.evidence", attempt: 0, .failed(bad)), .blocked("prod.approval", by: "prod.evidence"),
            .blocked("prod", by: "prod.approval"), .suspended("ask", asked), .rested,
        ]
        func readiness(_ more: [RunEvent.Kind]) throws -> Readiness {
            Readiness(facts(gates, [try Self.run(gates, stages: stages, then: events + more, at: Self.now)]))
        }
        #expect(try readiness([]).commands == ["almrun resume r1 --rerun lint"])
        let half = try readiness([Self.bypass("prod.evidence", "oc1@x.example")])
        let bypass = "almrun bypass r1 prod.evidence --reason \"...\""
        // What makes the package waits for 'lint' as well.
        #expect(half.commands == [bypass, "almrun resume r1 --rerun lint"])
        let both = ["oc1@x.example", "oc2@x.example"].map { Self.bypass("prod.evidence", $0) }
        let open = try readiness(both)
        #expect(open.commands == ["almrun resume r1 --rerun lint"])
        #expect(open.conditions.first { $0.kind == .evidence }?.standing == .met, "\(open.text)")
        let approval = try #require(open.conditions.first { $0.kind == .approval })
        #expect(approval.text.hasSuffix("and run r1 asks them once it is taken up"), "\(approval.text)")
        // Somebody said no, and the run waits elsewhere.
        let no = try readiness(
            both + [
                Self.done("prod.evidence", ["bypassedBy": "oc1@x.example, oc2@x.example"]),
                .decided(
                    Decision(step: "prod.approval", verdict: .reject, person: "ann@x.example", time: Self.now)),
                .ended("prod.approval", attempt: 0, .rejected("rejected by ann@x.example")),
            ])
        #expect(no.commands == ["almrun show r1"])
        // Once the run has ended it is taken up, and what opened the other gate stands.
        #expect(no.conditions.first { $0.kind == .evidence }?.standing == .met, "\(no.text)")
        let refused = try #require(no.conditions.first { $0.kind == .approval })
        #expect(refused.text.hasPrefix("rejected by ann@x.example on "), "\(refused.text)")
    }

    /// To take the run up alone would fail again at the same gate.
    @Test func aPersonsWordIsLookedAtAnewOrBypassed() throws {
        let gates = Self.gates(evidence: EvidencePolicy(stages: ["lint"]))
        let failure = StageFailure(.rejected, "gate/bad-evidence", "nobody saw it end well")
        let run = try Self.run(
            gates, stages: [Step(id: "lint", work: .stage("openapi.lint"), effect: .once)],
            then: [.assumed("lint", done: true, by: "rana@x.example", comment: nil)] + Self.packed() + [
                .ended("prod.evidence", attempt: 0, .failed(failure)), .blocked("prod", by: "prod.evidence"),
                .finished(.failed),
            ], at: Self.now)
        let readiness = Readiness(facts(gates, [run]))
        #expect(readiness.commands == ["almrun resume r1 --rerun lint"], "\(readiness.text)")
        let condition = try #require(readiness.conditions.first { $0.kind == .evidence })
        #expect(
            condition.text.hasSuffix(
                "; `almrun resume r1 --rerun lint` has it looked for once more; or `almrun bypass r1 prod.evidence "
                    + "--reason \"...\"`, by two of 'on-call' together: oc1@x.example, oc2@x.example, then "
                    + "`almrun resume r1`"), "\(condition.text)")
    }

    @Test func aHalfBypassOfAFailedGateIsKnown() throws {
        let gates = Self.gates(evidence: EvidencePolicy(stages: ["diff"]))
        let failure = StageFailure(.rejected, "gate/no-evidence", "nothing shows 'diff'")
        let failed =
            try Self.packed() + [
                .ended("prod.evidence", attempt: 0, .failed(failure)), .blocked("prod", by: "prod.evidence"),
                .finished(.failed), Self.bypass("prod.evidence", "oc1@x.example"),
            ]
        let half = try Self.run(gates, then: failed, at: Self.now)
        let readiness = Readiness(facts(gates, [half]))
        let condition = try #require(readiness.conditions.first { $0.kind == .evidence })
        #expect(condition.standing == .unmet)
        #expect(
            condition.text.contains(
                "bypassed by oc1@x.example, and one more of 'on-call' (oc2@x.example) must bypass it"))
        let command = "almrun bypass r1 prod.evidence --reason \"...\""
        #expect(condition.command == command)
        #expect(readiness.commands == [command, "almrun resume r1"])
        let whole = try Self.run(
            gates, then: failed + [Self.bypass("prod.evidence", "oc2@x.example")], at: Self.now)
        #expect(Readiness(facts(gates, [whole])).standing == .met)
    }

    /// A run that is taken up asks for the evidence itself, whatever another one has shown.
    @Test func whatTheBypassedRunLacksIsUnmetAlsoWhereAnotherShowedIt() throws {
        let gates = Self.gates(evidence: EvidencePolicy(stages: ["diff"]))
        let shown = try Self.run(
            gates, stages: [Step(id: "diff", work: .stage("openapi.diff"), effect: .none)],
            then: [Self.done("diff")] + Self.packed() + [
                Self.done("prod.evidence"), Self.done("prod"), .finished(.succeeded),
            ], at: Self.now)
        let failure = StageFailure(.rejected, "gate/no-evidence", "nothing shows 'diff'")
        let half = try Self.run(
            gates,
            then: Self.packed() + [
                .ended("prod.evidence", attempt: 0, .failed(failure)), .blocked("prod", by: "prod.evidence"),
                .finished(.failed), Self.bypass("prod.evidence", "oc1@x.example"),
            ], at: Self.now)
        var facts = facts(gates, [half, shown])
        let bypass = Readiness(facts)
        #expect(bypass.commands.first == "almrun bypass r1 prod.evidence --reason \"...\"")
        #expect(bypass.conditions.first { $0.kind == .evidence }?.standing == .unmet, "\(bypass.text)")
        // A pipeline that is known to show it needs no bypass.
        facts.unshown = ["release": UnshownEvidence()]
        let anew = Readiness(facts)
        #expect(anew.commands == ["almrun run release"], "\(anew.text)")
        #expect(anew.conditions.first { $0.kind == .evidence }?.standing == .met, "\(anew.text)")
        #expect(anew.text.contains("note: 'prod.evidence' of run r1, which failed: bypassed by oc1@x.example, and one"))
    }

    @Test func aBypassForThePackageIsSaid() throws {
        let gates = Self.gates(approvals: [ApprovalPolicy(role: "manager")])
        let run = try Self.run(
            gates,
            then: try Self.packed() + [
                Self.bypass("prod.approval", "oc1@x.example"), Self.bypass("prod.approval", "oc2@x.example"),
                Self.done("prod.approval", ["bypassedBy": "oc1@x.example, oc2@x.example"]), Self.done("prod"),
                .finished(.succeeded),
            ], at: Self.now)
        let note =
            "'prod.approval' was bypassed for this package in run r1 by oc1@x.example (INC-1) and oc2@x.example (INC-1)"
        let readiness = Readiness(facts(gates, [run]))
        #expect(readiness.notes == [note])
        #expect(readiness.text.contains("note: \(note)"))
    }

    @Test func whatANewerRunHasTakenThePlaceOfIsNotResumed() throws {
        let gates = Self.gates(approvals: [ApprovalPolicy(role: "manager")])
        let run = try Self.run(
            gates,
            then: try Self.packed() + [
                .cancelRequested(by: "rana@x.example", reason: "superseded by run 'r2'"), .cancelled("prod.approval"),
                .cancelled("prod"), .finished(.cancelled),
            ], at: Self.now)
        var facts = facts(gates, [run])
        #expect(Readiness(facts).commands == ["almrun show r2"])
        // Once that one is over, nothing stands before this one.
        facts.outlived = ["r1"]
        #expect(Readiness(facts).commands == ["almrun resume r1"])
    }

    /// A bypass is for one gate: that of another environment brings the package no further here.
    @Test func aHalfBypassElsewhereIsNoNextStepHere() throws {
        let gates = Self.gates(evidence: EvidencePolicy(stages: ["diff"]))
        let qa = Step(
            id: "qa", work: .stage("solution.promote"), effect: .once, environment: "qa", locksEnvironment: true,
            input: .map(["package": .literal(Self.package)]))
        let failure = StageFailure(.rejected, "gate/no-evidence", "nothing shows 'diff'")
        let run = try Self.run(
            gates, stages: [qa],
            then: [.ended("qa", attempt: 1, .failed(StageFailure(.rejected, "x/y", "no")))] + Self.packed() + [
                .ended("prod.evidence", attempt: 0, .failed(failure)), .blocked("prod", by: "prod.evidence"),
                .finished(.failed), Self.bypass("prod.evidence", "oc1@x.example"),
            ], at: Self.now)
        var facts = facts(.init(), [run])
        facts.environment.name = "qa"
        #expect(Readiness(facts).commands == ["almrun resume r1"])
    }

    private static func shut() throws -> (gates: EnvironmentFile.Gates, run: RunState) {
        let gates = Self.gates(windows: [ChangeWindow(days: [1], from: 8 * 60, to: 16 * 60, timeZone: "UTC")])
        let waits = Suspension(.until(now.addingTimeInterval(86_400)), code: "run/window", message: "shut")
        let run = try Self.run(
            gates,
            then: try Self.packed() + [
                .suspended("prod.window", waits), .rested, Self.bypass("prod.window", "oc1@x.example"),
                Self.bypass("prod.window", "oc2@x.example"),
            ], at: now)
        return (gates, run)
    }

    /// A bypass of a window is bound to what would happen, as its gate says when the run is taken up.
    @Test(arguments: ["t", "other"]) func aVoidBypassOfAWindowIsNotMet(_ target: String) throws {
        let (gates, run) = try Self.shut()
        var facts = facts(gates, [run])
        facts.present["r1"] = ["prod": .known(Preview(package: Self.digest, plan: "p", target: target))]
        let readiness = Readiness(facts)
        let window = try #require(readiness.conditions.first { $0.kind == .window })
        #expect(window.text.contains("; bypassed by oc1@x.example, oc2@x.example in run r1"), "\(window.text)")
        #expect(window.standing == (target == "t" ? .met : .unmet))
        #expect(window.text.hasSuffix(": void when the run is taken up") == (target != "t"), "\(window.text)")
        #expect((readiness.earliest != nil) == (target != "t"))
    }

    @Test(arguments: ["object/missing", "object/damaged", "secret/missing"])
    func aPackageThatCannotBeReadCannotGoThere(_ code: String) throws {
        let (gates, run) = try Self.shut()
        var facts = facts(gates, [run])
        facts.present["r1"] = ["prod": .unknown(StageFailure(.broken, code, "object 'ab' is not there"))]
        let readiness = Readiness(facts)
        let package = readiness.conditions.first { $0.kind == .package }
        let isGone = code.hasPrefix("object/")
        #expect(package?.text == (isGone ? "object 'ab' is not there, and run r1 would fail there" : nil))
        #expect(package?.command == (isGone ? "almrun doctor" : nil))
        #expect(readiness.commands == [isGone ? "almrun doctor" : "almrun resume r1"])
        #expect(readiness.standing == (isGone ? .unmet : .met), "\(readiness.text)")
    }

    @Test func theOneWhoAsksIsNotAmongThoseWhoMayApprove() throws {
        var facts = facts(Self.gates(approvals: [ApprovalPolicy(role: "manager", distinctFrom: [.requester])]), [])
        facts.requester = "Ann@x.example"
        let approval = try #require(Readiness(facts).conditions.first { $0.kind == .approval })
        #expect(approval.text.hasPrefix("1 of 'manager' (bob@x.example) must approve, not the requester"))
    }
}
