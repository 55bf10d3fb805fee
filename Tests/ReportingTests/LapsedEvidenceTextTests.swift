import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import TestSupport
import Testing

/// What is said of a run whose evidence has run out, and of who has opened which gate.
@Suite struct LapsedEvidenceTextTests {
    private static let policy = EvidencePolicy(stages: ["test"], notOlderThan: 3600)
    private static let roles = Roles(members: [
        "manager": [.init(email: "ann@x.example"), .init(email: "eve@x.example")],
        "board": [.init(email: "bob@x.example")], "bypass": [.init(email: "boss@x.example")],
    ])

    private static func plan(
        _ gates: [(String, Gate)], pipeline: String = "release", secondPerson: Bool = false
    ) -> Plan {
        var steps = [Step(id: "test", work: .stage("connector.test"), effect: .none)]
        for (name, gate) in gates {
            var made = Step(
                id: StepID("prod.\(name)"), work: .gate(gate), effect: .none, environment: "prod",
                needs: steps.count > 1 ? [Need(steps[steps.count - 1].id, .gate)] : [], guarding: "prod")
            if case .evidence = gate { made.needs.append(Need("test", .evidence)) }
            steps.append(made)
        }
        steps.append(
            Step(
                id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod",
                locksEnvironment: true, needs: [Need(steps[steps.count - 1].id, .gate)]))
        return Plan(
            pipeline: pipeline, inputs: ["environment": "prod"], steps: steps,
            environments: [
                "prod": EnvironmentFile(
                    name: "prod", target: .directory(path: "p"),
                    gates: .init(evidence: policy, bypass: BypassPolicy(secondPerson: secondPerson)))
            ], roles: roles)
    }

    private struct Desk {
        let store = MemoryRunStore()
        let clock = ManualClock()
        var runner: Runner { Runner(store: store, clock: clock.clock) { _ in ScriptedExecutor() } }
        var decisions: Decisions { Decisions(store: store, clock: clock.clock) }

        func inbox(_ person: String, _ roles: Set<String>, isWanted: Bool = true) async throws -> Inbox {
            try await Inbox.read(
                .init(person: person, roles: roles), from: store, now: clock.now, isWanted: { _ in isWanted })
        }
    }

    private static let approval = Gate.approval(ApprovalPolicy(role: "manager"))

    @Test func nothingSaysThatItCarriesOn() async throws {
        let desk = Desk()
        _ = try await desk.runner.start(
            Self.plan([("evidence", .evidence(Self.policy)), ("approval", Self.approval)]),
            RunRequest(run: "r1", requester: "rana@x.example"))
        desk.clock.advance(by: 3601)
        let asked = try await RunState.load("r1", from: desk.store)
        let open = RunReport(asked, now: desk.clock.now).ending
        #expect(open.contains("  unmet   what shows 'test' is too old since "), "\(open)")
        #expect(!open.hasSuffix("then `almrun resume r1`\n") && !open.contains("\nthen `almrun resume"), "\(open)")
        let inbox = try await desk.inbox("ann@x.example", ["manager"]).text
        #expect(inbox.contains("an approval comes to nothing; a new run shows it anew"), "\(inbox)")
        let state = try await desk.decisions.approve("r1", "prod", by: .init(email: "ann@x.example"))
        for text in [RunReport(state, now: desk.clock.now).text, state.why("prod", now: desk.clock.now)?.text ?? ""] {
            #expect(text.contains("so that the run fails before it deploys"), "\(text)")
            #expect(!text.contains("carries on") && !text.contains("next: `almrun resume"), "\(text)")
        }
    }

    @Test func whoMayBypassFindsARollbackThatNothingElseOpens() async throws {
        let desk = Desk()
        _ = try await desk.runner.start(
            Self.plan(
                [("evidence", .evidence(Self.policy)), ("approval", Self.approval)], pipeline: RollbackPlan.pipeline),
            RunRequest(run: "r1", requester: "rana@x.example"))
        #expect(try await desk.inbox("boss@x.example", ["bypass"]).items.isEmpty)
        desk.clock.advance(by: 3601)
        func check(_ inbox: Inbox) {
            #expect(inbox.items.filter(\.isMine).map(\.brief.gate) == ["prod.evidence"])
            #expect(inbox.text.contains("bypass     only a bypass opens it, by one of 'bypass' (boss@x.example)"))
            #expect(inbox.text.contains("bypass     almrun bypass r1 prod.evidence --reason"), "\(inbox.text)")
        }
        check(try await desk.inbox("boss@x.example", ["bypass"]))
        try await desk.decisions.approve("r1", "prod", by: .init(email: "ann@x.example"))
        let failed = try await desk.runner.resume("r1", by: "rana@x.example").state
        #expect(failed.status == .failed)
        check(try await desk.inbox("boss@x.example", ["bypass"]))
        #expect(try await desk.inbox("ann@x.example", ["manager"]).items.isEmpty)
        #expect(try await desk.inbox("boss@x.example", ["bypass"], isWanted: false).items.isEmpty)
        let next = RunReport(failed, now: desk.clock.now).ending
        #expect(
            next.hasSuffix(
                "next: only a bypass opens 'prod.evidence': `almrun bypass r1 prod.evidence --reason \"...\"`, by one of "
                    + "'bypass': boss@x.example\nthen `almrun resume r1`"), "\(next)")
    }

    /// Where people have opened a gate without what it asks for, an approval does what it says.
    @Test func whatWasBypassedIsNotCalledMet() async throws {
        let desk = Desk()
        _ = try await desk.runner.start(
            Self.plan(
                [("evidence", .evidence(Self.policy)), ("approval", Self.approval)], pipeline: RollbackPlan.pipeline),
            RunRequest(run: "r1", requester: "rana@x.example"))
        desk.clock.advance(by: 3601)
        _ = try await desk.decisions.bypass(
            "r1", "prod.evidence", by: .init(email: "boss@x.example"), reason: "INC-1")
        let inbox = try await desk.inbox("ann@x.example", ["manager"]).text
        #expect(inbox.contains("  bypassed   "), "\(inbox)")
        #expect(inbox.contains("; bypassed by boss@x.example: INC-1 (prod.evidence)"), "\(inbox)")
        #expect(!inbox.contains("comes to nothing") && !inbox.contains("met        "), "\(inbox)")
    }

    /// Who has bypassed a gate whose turn comes after an approval that is asked carries nothing on.
    @Test func aBypassAheadOfAnApprovalIsNotEnough() throws {
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let state = try RunState(
            RunCreation(
                run: "r1", plan: Self.plan([("approval", Self.approval), ("window", .window([], freezes: []))]),
                requester: "r@x.example"),
            then: [
                .suspended("prod.approval", Suspension(.approval, code: "run/approval", message: "waits")),
                .decided(
                    Decision(step: "prod.window", verdict: .bypass, person: "boss@x.example", comment: "w", time: time)),
            ], from: time)
        let text = RunReport(state, now: time).text
        #expect(text.contains("(enough for this gate; 'prod.approval' asks first)"), "\(text)")
        #expect(!text.contains("that is enough"), "\(text)")
    }

    /// The people of the second approval learn of it when the first is decided and nobody has taken up the run.
    @Test func whoIsAskedNextLearnsOfIt() async throws {
        let desk = Desk()
        let board = Gate.approval(ApprovalPolicy(role: "board"))
        _ = try await desk.runner.start(
            Self.plan([("approval", Self.approval), ("approval-2", board)]),
            RunRequest(run: "r1", requester: "rana@x.example"))
        #expect(try await desk.inbox("bob@x.example", ["board"]).upcoming.isEmpty)
        try await desk.decisions.approve("r1", "prod", by: .init(email: "ann@x.example"))
        let inbox = try await desk.inbox("bob@x.example", ["board"])
        #expect(inbox.upcoming.map(\.gate) == ["prod.approval-2"])
        #expect(
            inbox.text.contains(
                "r1  prod.approval-2  asks you next\n  'prod.approval' is approved by ann@x.example: that is enough; "
                    + "`almrun resume r1` carries on"), "\(inbox.text)")
        #expect(!inbox.text.contains("nothing waits for you"))
        #expect(try await desk.inbox("eve@x.example", ["manager"]).upcoming.isEmpty)
    }

    @Test func whoApprovedAndWhoBypassedAreToldApart() async throws {
        let desk = Desk()
        let asked = Gate.approval(ApprovalPolicy(role: "manager", count: 2))
        _ = try await desk.runner.start(
            Self.plan([("approval", asked)]), RunRequest(run: "r1", requester: "rana@x.example"))
        try await desk.decisions.approve("r1", "prod", by: .init(email: "ann@x.example"))
        try await desk.decisions.bypass("r1", "prod", by: .init(email: "boss@x.example"), reason: "INC-1")
        let state = try await desk.runner.resume("r1", by: "rana@x.example").state
        #expect(state.status == .succeeded)
        let shown = RunReport(state, now: desk.clock.now).text
        #expect(
            shown.contains("prod.approval  bypassed by boss@x.example, approved by ann@x.example  INC-1"), "\(shown)")
        let other = Desk()
        _ = try await other.runner.start(
            Self.plan([("approval", Self.approval)]), RunRequest(run: "r1", requester: "rana@x.example"))
        try await other.decisions.approve("r1", "prod", by: .init(email: "ann@x.example"))
        let plain = try await other.runner.resume("r1", by: "rana@x.example").state
        #expect(RunReport(plain, now: other.clock.now).text.contains("prod.approval  approved by ann@x.example"))
    }

    /// A bypass that opens nothing, as the other one of two is missing, is not told as one that does.
    @Test func aBypassThatOpensNothingIsNotShouted() async throws {
        let desk = Desk()
        _ = try await desk.runner.start(
            Self.plan([("approval", Self.approval)], secondPerson: true),
            RunRequest(run: "r1", requester: "rana@x.example"))
        let half = try await desk.decisions.bypass("r1", "prod", by: .init(email: "boss@x.example"), reason: "INC-1")
        let text = RunReport(half, now: desk.clock.now).ending
        #expect(
            text.contains("a bypass of prod.approval by boss@x.example: INC-1 (the gate is not open yet"), "\(text)")
        #expect(!text.contains("BYPASSED"))
    }

    /// The code of the refusal, and what is said that helps.
    @Test(arguments: [
        ("environment/downgrade", "a higher version than is installed"),
        ("environment/same-version", "a version of its own for this content"),
    ])
    func noVersionIsOfferedThatIsRefusedForEver(_ code: String, _ help: String) throws {
        let plan = Plan(
            pipeline: "release", steps: [Step(id: "prod", work: .stage("solution.promote"), effect: .once)])
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let state = try RunState(
            RunCreation(run: "r1", plan: plan, requester: "r@x.example"),
            then: [.ended("prod", attempt: 1, .failed(StageFailure(.rejected, code, "no"))), .finished(.failed)],
            from: time)
        let text = RunReport(state, now: time).ending
        #expect(text.contains("next: \(help)") && text.contains("is refused again"), "\(text)")
        #expect(!text.contains(plan.startCommand) && !text.contains("what succeeded is kept"), "\(text)")
    }

    /// Nor is one where something else failed as well.
    @Test(arguments: [true, false]) func noneIsOfferedBesideAnotherFailure(_ isFirst: Bool) throws {
        var steps = [
            Step(id: "tag", work: .stage("git.tag"), effect: .once),
            Step(id: "prod", work: .stage("solution.promote"), effect: .once),
        ]
        if isFirst { steps.reverse() }
        let plan = Plan(pipeline: "release", steps: steps)
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let state = try RunState(
            RunCreation(run: "r1", plan: plan, requester: "r@x.example"),
            then: [
                .ended("tag", attempt: 1, .failed(StageFailure(.rejected, "git/tag-elsewhere", "no"))),
                .ended("prod", attempt: 1, .failed(StageFailure(.rejected, "environment/downgrade", "no"))),
                .finished(.failed),
            ], from: time)
        let text = RunReport(state, now: time).ending
        #expect(text.contains("next: a higher version than is installed, in a new run;"), "\(text)")
        #expect(text.hasSuffix("  what 'tag' failed at is to be mended as well"), "\(text)")
        #expect(!text.contains(plan.startCommand) && !text.contains("what succeeded is kept"), "\(text)")
    }

    /// A person's word is no evidence: only what is looked at anew opens the gate, and taking the run up does not.
    @Test func whatAPersonSaidIsLookedAtAnew() throws {
        let plan = Self.plan([("evidence", .evidence(Self.policy))])
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let state = try RunState(
            RunCreation(run: "r1", plan: plan, requester: "r@x.example"),
            then: [
                .assumed("test", done: true, by: "r@x.example", comment: nil),
                .ended("prod.evidence", attempt: 0, .failed(StageFailure(.rejected, "gate/bad-evidence", "no"))),
                .finished(.failed),
            ], from: time)
        let text = RunReport(state, now: time).ending
        #expect(text.contains("next: `almrun resume r1 --rerun test` looks once more what 'test' has done"), "\(text)")
        #expect(!text.contains("next: `almrun resume r1`") && !text.contains("a new run"), "\(text)")
        #expect(
            text.hasSuffix(
                "\n  or `almrun bypass r1 prod.evidence --reason \"...\"`, by one of 'bypass': boss@x.example, "
                    + "then `almrun resume r1`"), "\(text)")
    }

    /// The pipeline of a rollback is not one that anybody could mend.
    @Test func aRollbackWithoutEvidenceNamesTheBypassAlone() throws {
        let plan = Self.plan([("evidence", .evidence(Self.policy))], pipeline: RollbackPlan.pipeline)
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let state = try RunState(
            RunCreation(run: "r1", plan: plan, requester: "r@x.example"),
            then: [
                .ended("prod.evidence", attempt: 0, .failed(StageFailure(.rejected, "gate/no-evidence", "no"))),
                .finished(.failed),
            ], from: time)
        let text = RunReport(state, now: time).ending
        #expect(
            text.contains("\nnext: only a bypass opens 'prod.evidence': `almrun bypass r1 prod.evidence"), "\(text)")
        #expect(!text.contains("mend"), "\(text)")
    }

    /// A gate that opened by its evidence was not bypassed by who had begun to, and is not said to be.
    @Test func halfABypassIsNoBypassOfAGateThatOpened() throws {
        var plan = Self.plan([("evidence", .evidence(Self.policy)), ("approval", Self.approval)], secondPerson: true)
        plan.roles.members["bypass"]?.append(.init(email: "bea@x.example"))
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let bypass = RunEvent.Kind.decided(
            Decision(step: "prod.evidence", verdict: .bypass, person: "boss@x.example", comment: "INC-1", time: time))
        let before: [RunEvent.Kind] = [
            .ended("test", attempt: 1, .succeeded(output: [:], object: nil, inputDigest: nil)), bypass,
        ]
        let opened: [RunEvent.Kind] = [
            .ended("prod.evidence", attempt: 0, .succeeded(output: ["evidence": []], object: nil, inputDigest: nil)),
            .suspended("prod.approval", Suspension(.approval, code: "gate/approval", message: "asks")),
        ]
        let half = "'prod.evidence' (prod) was bypassed by boss@x.example: INC-1, and one more person must bypass it"
        for (kinds, said) in [(before + opened, []), (before + opened + [bypass], [half])] {
            let state = try RunState(
                RunCreation(run: "r1", plan: plan, requester: "r@x.example"), then: kinds, from: time)
            let now = time.addingTimeInterval(7200)
            let brief = try #require(GateBrief(state, gate: "prod.approval", now: now))
            #expect(brief.risks.filter { $0.code == "bypassed-before" }.map(\.text) == said)
        }
    }
}

extension Explanation {
    fileprivate var text: String { ([headline] + details).joined(separator: "\n") }
}
