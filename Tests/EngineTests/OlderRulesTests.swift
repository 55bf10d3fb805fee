import Documents
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// What an earlier version opened is judged by the rules that it had, so that its runs are taken up.
@Suite struct OlderRulesTests {
    private let time = Date(timeIntervalSince1970: 1_790_000_000)

    /// A ledger of these events, each line in the form with this number.
    private func ledger(_ kinds: [RunEvent.Kind], format: (Int) -> Int) throws -> [LedgerLine] {
        var lines: [LedgerLine] = []
        for (place, kind) in kinds.enumerated() {
            let event = RunEvent(sequence: place + 1, time: time, previous: lines.last?.hash ?? "", kind: kind)
            let text = LedgerLine(event).text.replacing(
                "{\"format\":\(RunEvent.format),", with: "{\"format\":\(format(place + 1)),")
            lines.append(try LedgerLine(bytes: Array(text.utf8)))
            #expect(lines.last?.format == format(place + 1))
        }
        return lines
    }

    private func opened(_ gate: StepID) -> RunEvent.Kind {
        .ended(gate, attempt: 0, .succeeded(output: [:], object: nil, inputDigest: nil))
    }

    /// Ann committed once, and approves before it is known what the deployment would do.
    private func asking(_ policy: ApprovalPolicy, _ people: KnownPeople) -> [RunEvent.Kind] {
        let ask = Step(id: "ask", work: .gate(.approval(policy)), effect: .none)
        let plan = plan([ask, step("prod", .once, needs: ["ask"], environment: "prod")])
        return [
            .created(RunCreation(run: "r1", plan: plan, requester: "eve@contoso.com", people: people, commit: "c1")),
            .suspended("ask", Suspension(.approval, code: "run/approval", message: "waits")),
            .decided(Decision(step: "ask", verdict: .approve, person: "ann@contoso.com", time: time)), opened("ask"),
            .rested,
        ]
    }

    /// The forms of the lines, and whether the run is taken up.
    static let forms: [(@Sendable (Int) -> Int, Bool)] = [
        ({ _ in 1 }, true), ({ _ in 2 }, true), ({ $0 < 5 ? 2 : 3 }, true), ({ _ in 3 }, false),
        ({ $0 < 4 ? 2 : 3 }, false),
        // No version goes back to an older form.
        ({ $0 == 4 ? 2 : 3 }, false),
    ]

    @Test(arguments: forms.indices) func everybodyWhoEverCommittedCouldApproveBeforeADeployment(_ place: Int) throws {
        let (format, isTakenUp) = Self.forms[place]
        let people = KnownPeople(committers: ["bob@contoso.com"], everybody: ["ann@contoso.com", "bob@contoso.com"])
        let policy = ApprovalPolicy(role: "release-manager", distinctFrom: [.committers])
        let lines = try ledger(asking(policy, people), format: format)
        #expect((RunState.fault(lines, nil, "r1", nil) == nil) == isTakenUp)
    }

    @Test(arguments: forms.indices) func whoApprovedElsewhereCouldApproveWhereNoPackageIsNamed(_ place: Int) throws {
        // This rule is one of format 4.
        let (older, isTakenUp) = Self.forms[place]
        let format = { @Sendable (number: Int) in older(number) + 1 }
        let made = EarlierApproval(
            person: "ann@contoso.com", environment: "qa", package: "p1", run: "r0", time: time)
        let policy = ApprovalPolicy(role: "release-manager", distinctFrom: [.approvers(of: "qa")])
        var kinds = asking(policy, KnownPeople(approvals: [made]))
        let ask = Step(id: "ask", work: .gate(.approval(policy)), effect: .none)
        let given = step("prod", .once, input: .literal(["package": ["digest": "p1"]]), environment: "prod")
        kinds[0] = .created(
            RunCreation(
                run: "r1", plan: plan([ask, given]), requester: "eve@contoso.com",
                people: KnownPeople(approvals: [made])))
        let lines = try ledger(kinds, format: format)
        #expect((RunState.fault(lines, nil, "r1", nil) == nil) == isTakenUp)
    }

    /// Half a bypass from before the gate opened by its evidence was counted with one from after.
    @Test(arguments: [4, 5]) func halfABypassCountedAfterTheGateHadOpened(_ form: Int) throws {
        let policy = EvidencePolicy(stages: ["test"])
        let gate = Step(
            id: "prod.evidence", work: .gate(.evidence(policy)), effect: .none, environment: "prod",
            guarding: "prod")
        var plan = plan([step("test"), gate, step("prod", .once, needs: ["prod.evidence"], environment: "prod")])
        plan.roles = Roles(members: ["bypass": [.init(email: "boss@x.example"), .init(email: "bob@x.example")]])
        plan.environments = [
            "prod": environment("prod", .init(evidence: policy, bypass: BypassPolicy(secondPerson: true)))
        ]
        func bypass(_ person: String) -> RunEvent.Kind {
            .decided(Decision(step: gate.id, verdict: .bypass, person: person, comment: "INC-1", time: time))
        }
        let kinds: [RunEvent.Kind] = [
            .created(RunCreation(run: "r1", plan: plan, requester: "eve@x.example")), bypass("boss@x.example"),
            opened(gate.id), bypass("bob@x.example"),
        ]
        var state = try RunState(try ledger(kinds, format: { _ in form }))
        state.ruleFormat = form
        #expect(state.bypasses(at: gate).map(\.person) == (form < 5 ? ["boss@x.example"] : []) + ["bob@x.example"])
        #expect((state.bypass(of: gate) != nil) == (form < 5))
    }

    /// The folder of the stage that shows something, as the pipeline has it.
    @Test(arguments: ["", ".", "./", "a/../solution", "../repository/solution"], forms.indices)
    func foldersWereComparedAsTheyWereWritten(_ folder: String, _ place: Int) throws {
        let (format, isTakenUp) = Self.forms[place]
        let source = folder == "a/../solution" ? "a" : folder.hasPrefix("..") ? ".." : "solution"
        let pack = step("pack", input: .map(["source": .literal(.string(source))]))
        let test = step("test", input: .map(["directory": .literal(.string(folder))]))
        var evidence = gate("prod.evidence", .evidence(EvidencePolicy(stages: ["test"])), before: "prod")
        evidence.input = .map(["package": .reference(.output("pack", name: "package", path: []))])
        evidence.needs = [Need("test", .evidence), Need("pack", .output("package"))]
        var guarded = step("prod", .once, needs: ["pack"], environment: "prod")
        guarded.needs.append(Need(evidence.id, .gate))
        var plan = plan([pack, test, evidence, guarded])
        plan.subjects = ["pack": "source", "test": "directory"]
        let package: Value = ["package": ["digest": "p1", "solution": "S", "version": "1.0.0.0"]]
        let kinds: [RunEvent.Kind] = [
            .created(RunCreation(run: "r1", plan: plan, requester: "eve@contoso.com")),
            .started("pack", attempt: 1, token: "t", fence: nil, recovering: false),
            .ended("pack", attempt: 1, .succeeded(output: package, object: nil, inputDigest: nil)),
            .started("test", attempt: 1, token: "t", fence: nil, recovering: false),
            .ended("test", attempt: 1, .succeeded(output: [:], object: nil, inputDigest: nil)),
            opened("prod.evidence"), .rested,
        ]
        // The gate is opened two events later here.
        let lines = try ledger(kinds) { format(max(1, $0 - 2)) }
        let fault = RunState.fault(lines, nil, "r1", nil)
        #expect((fault == nil) == isTakenUp, "\(fault ?? "")")
    }

    /// The forms of a ledger that counts a void decision, and whether the run is taken up.
    static let voidForms: [(@Sendable (Int) -> Int, Bool)] = [
        ({ _ in 1 }, true), ({ _ in 4 }, true), ({ _ in 5 }, false),
        // It was void in the older form; the newer version went on from there.
        ({ $0 < 13 ? 4 : 5 }, true), ({ $0 < 10 ? 4 : 5 }, false), ({ $0 < 6 ? 4 : 5 }, false),
    ]

    /// Before format 5 a decision that was void counted again once all was as before.
    @Test(arguments: voidForms.indices) func aDecisionThatWasVoidCountedAgain(_ place: Int) throws {
        let (format, isTakenUp) = Self.voidForms[place]
        func shown(_ plan: String) throws -> [RunEvent.Kind] {
            let preview = try ValueEncoder().encode(Preview(package: "p1", plan: plan, target: "t1"))
            return [
                .started("prod.preview", attempt: 1, token: "t", fence: nil, recovering: false),
                .ended("prod.preview", attempt: 1, .succeeded(output: preview, object: nil, inputDigest: nil)),
            ]
        }
        func void(_ round: Int) -> RunEvent.Kind {
            .voided("prod", gates: ["prod.preview", "prod.approval"], changed: ["the plan changed"], round: round)
        }
        let asked = RunEvent.Kind.suspended(
            "prod.approval", Suspension(.approval, code: "run/approval", message: "waits"))
        let plan = guardedPlan([("approval", .approval(ApprovalPolicy(role: "release-manager")))])
        var kinds = [RunEvent.Kind.created(RunCreation(run: "r1", plan: plan, requester: "eve@contoso.com"))]
        kinds += try shown("d1")
        kinds += [
            asked,
            .decided(
                Decision(
                    step: "prod.approval", verdict: .approve, person: "ann@contoso.com", package: "p1", plan: "d1",
                    target: "t1", time: time)), void(2),
        ]
        kinds += try shown("d2") + [asked, void(3)] + shown("d1") + [opened("prod.approval"), .rested]
        let lines = try ledger(kinds, format: format)
        let fault = RunState.fault(lines, nil, "r1", nil)
        #expect((fault == nil) == isTakenUp, "\(fault ?? "")")
        // What opened the gate then is what is shown of it.
        let state = try RunState(lines)
        let why = try #require(state.why("prod.approval", now: time)).details
        #expect(why.contains { $0.hasPrefix("ann@contoso.com approved ") } == isTakenUp, "\(why)")
    }

    /// The forms of a ledger that counts a person's word as evidence, and whether the run is taken up.
    static let wordForms: [(@Sendable (Int) -> Int, Bool)] = [
        ({ _ in 1 }, true), ({ _ in 4 }, true), ({ $0 < 6 ? 4 : 5 }, true), ({ $0 < 5 ? 4 : 5 }, false),
        ({ _ in 5 }, false),
    ]

    /// Before format 5 what a person said was done was evidence.
    @Test(arguments: wordForms.indices) func aPersonsWordWasEvidence(_ place: Int) throws {
        let (format, isTakenUp) = Self.wordForms[place]
        var evidence = gate("prod.evidence", .evidence(EvidencePolicy(stages: ["test"])), before: "prod")
        evidence.needs = [Need("test", .evidence)]
        var guarded = step("prod", .once, environment: "prod")
        guarded.needs.append(Need(evidence.id, .gate))
        let kinds: [RunEvent.Kind] = [
            .created(RunCreation(run: "r1", plan: plan([step("test", .once), evidence, guarded]), requester: "e@b.c")),
            .started("test", attempt: 1, token: "t", fence: nil, recovering: false),
            .suspended("test", Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look")),
            .assumed("test", done: true, by: "e@b.c", comment: nil), opened("prod.evidence"), .rested,
        ]
        let fault = RunState.fault(try ledger(kinds, format: format), nil, "r1", nil)
        #expect((fault == nil) == isTakenUp, "\(fault ?? "")")
        if !isTakenUp { #expect(fault?.contains("nobody saw it end well") == true, "\(fault ?? "")") }
    }

    /// What nobody could have opened by any rule is refused in every form.
    @Test(arguments: [1, 2, 3]) func whatNobodyOpenedIsRefused(_ format: Int) throws {
        var kinds = asking(ApprovalPolicy(role: "release-manager"), KnownPeople())
        kinds.remove(at: 2)
        let lines = try ledger(kinds) { _ in format }
        #expect(RunState.fault(lines, nil, "r1", nil)?.contains("opens 'ask'") == true)
    }
}
