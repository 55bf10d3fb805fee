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

    /// What nobody could have opened by any rule is refused in every form.
    @Test(arguments: [1, 2, 3]) func whatNobodyOpenedIsRefused(_ format: Int) throws {
        var kinds = asking(ApprovalPolicy(role: "release-manager"), KnownPeople())
        kinds.remove(at: 2)
        let lines = try ledger(kinds) { _ in format }
        #expect(RunState.fault(lines, nil, "r1", nil)?.contains("opens 'ask'") == true)
    }
}
