import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import TestSupport
import Testing

@Suite struct InboxTests {
    static let people = Roles(members: [
        "manager": [
            .init(
                email: "ann@x.example",
                key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV"),
            .init(email: "bob@x.example"), .init(email: "rana@x.example"),
        ],
        "architect": [.init(email: "sigrid@x.example")],
    ])

    static let preview = Preview(
        package: String(repeating: "ab", count: 32), plan: "d1d1d1d1d1d1d1d1", target: "t1",
        summary: "upgrade ContosoSales 1.1.0.0 -> 1.2.0.0: a newer managed version",
        changes: (1...10).map { "environment variable v\($0): a -> b" },
        details: [
            "action": "upgrade", "from": "1.1.0.0", "to": "1.2.0.0", "solution": "ContosoSales",
            "removed": ["flow NightlySync"], "changes": .list((1...10).map { .integer($0) }), "warnings": ["old layer"],
        ])

    static func plan(_ policy: ApprovalPolicy) -> Plan {
        func gate(_ id: StepID, _ gate: Gate, after: StepID?) -> Step {
            Step(
                id: id, work: .gate(gate), effect: .none, environment: "prod",
                needs: [Need("diff", .declared), Need("test", .declared)] + (after.map { [Need($0, .gate)] } ?? []),
                guarding: "prod")
        }
        return Plan(
            pipeline: "release",
            steps: [
                Step(id: "diff", work: .stage("openapi.diff"), effect: .none),
                Step(id: "lint", work: .stage("openapi.lint"), effect: .none),
                Step(id: "test", work: .stage("connector.test"), effect: .none),
                gate("prod.preview", .preview, after: nil),
                gate("prod.approval", .approval(policy), after: "prod.preview"),
                Step(
                    id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod",
                    locksEnvironment: true, needs: [Need("prod.approval", .gate)]),
            ], roles: people)
    }

    static let executor = ScriptedExecutor { step, _, _ in
        switch step.id {
        case "diff": .succeeded(["level": "major", "changes": 4, "breaking": 1, "first": false])
        case "lint": .succeeded(["errors": 0, "warnings": 2])
        case "test": .succeeded(["cases": 42, "failed": 0, "coverage": 0.95])
        // A preview can always be written as a value.
        case "prod.preview": .succeeded((try? ValueEncoder().encode(preview)) ?? .null)
        default: .succeeded([:])
        }
    }

    struct Desk {
        let store = MemoryRunStore()
        let clock = ManualClock()

        var runner: Runner { Runner(store: store, clock: clock.clock) { _ in InboxTests.executor } }

        func start(_ run: RunID, _ policy: ApprovalPolicy, committers: [String] = []) async throws {
            _ = try await runner.start(
                InboxTests.plan(policy),
                RunRequest(run: run, requester: "rana@x.example", people: KnownPeople(committers: committers)))
        }

        func inbox(_ person: String, _ roles: Set<String>, all: Bool = false, role: String? = nil, limit: Int = 50)
            async throws -> Inbox
        {
            try await Inbox.read(
                .init(person: person, roles: roles, all: all, role: role, limit: limit), from: store, now: clock.now)
        }
    }

    static let policy = ApprovalPolicy(
        role: "manager", count: 2, distinctFrom: [.requester], expires: 86_400, instructions: "Read the plan.")

    @Test func showsWhatIsNeededToDecide() async throws {
        let desk = Desk()
        try await desk.start("r1", Self.policy, committers: ["rana@x.example"])
        let inbox = try await desk.inbox("ann@x.example", ["manager"])
        let brief = try #require(inbox.items.first?.brief)
        #expect(brief.package == Self.preview.package)
        #expect(brief.solution == "ContosoSales")
        #expect(brief.version == "1.2.0.0")
        #expect(
            brief.results.map(\.text) == [
                "major: 4 changes, 1 breaking", "0 errors, 2 warnings", "42 cases, 0 failed, coverage 95 %",
            ])
        #expect(
            brief.risks.map(\.code) == [
                "major-change", "breaking-change", "deletes-components", "many-settings", "deployment-warning",
                "requester-committed",
            ])
        let text = inbox.text
        #expect(text.contains("r1  prod.approval  prod\n"))
        #expect(text.contains("package    ContosoSales 1.2.0.0  sha256 abab"))
        #expect(text.contains("... and 2 more"))
        #expect(text.contains("approvals  0 of 2 'manager'; may: ann@x.example, bob@x.example"))
        #expect(text.contains("read       Read the plan."))
        #expect(text.contains("approve    almrun approve r1 prod.approval --comment \"...\"\n"))
        #expect(text.contains(", open until "))
        #expect(!text.contains("nothing waits"))
        let item = try #require(inbox.value["items"]?.list?.first)
        #expect(item["mine"] == true)
        #expect(item["plan"]?["summary"]?.string == Self.preview.summary)
        #expect(item["results"]?[0]?["numbers"]?["breaking"]?.integer == 1)
        #expect(item["commands"]?["see"]?.string == "almrun show r1 --gate prod.approval")
    }

    /// That a colleague has said no to the very same is the first thing that the next one wants to know.
    @Test func aNoOfTheRoundBeforeIsSaid() async throws {
        let desk = Desk()
        try await desk.start("r1", Self.policy)
        let before = try await desk.inbox("bob@x.example", ["manager"]).text
        #expect(!before.contains("rejected this package"), "\(before)")
        let decisions = Decisions(store: desk.store, clock: desk.clock.clock)
        try await decisions.reject("r1", "prod", by: .init(email: "ann@x.example"), comment: "flows are off")
        #expect(try await desk.runner.resume("r1", by: "rana@x.example").state.status == .rejected)
        #expect(try await desk.runner.resume("r1", by: "rana@x.example").state.status == .waiting)
        let inbox = try await desk.inbox("bob@x.example", ["manager"])
        let risk = try #require(inbox.items.first?.brief.risks.first { $0.code == "rejected-before" })
        #expect(risk.text.hasPrefix("ann@x.example rejected this package at this gate in round 1, "), "\(risk.text)")
        #expect(risk.text.hasSuffix(": flows are off") && inbox.text.contains("risk       ann@x.example rejected"))
    }

    /// Who decides from the inbox knows that somebody called the release off.
    @Test func whyAGateIsAskedAnewIsSaid() async throws {
        let desk = Desk()
        try await desk.start("r1", Self.policy)
        let before = try await desk.inbox("bob@x.example", ["manager"])
        #expect(!before.text.contains("asked anew") && before.value["items"]?[0]?["askedAnew"] == nil)
        _ = try await desk.runner.cancel("r1", by: "mark@x.example", reason: "stop")
        #expect(try await desk.runner.resume("r1", by: "rana@x.example").state.status == .waiting)
        let inbox = try await desk.inbox("bob@x.example", ["manager"])
        #expect(inbox.text.contains("  asked anew the run was cancelled by mark@x.example: stop\n"), "\(inbox.text)")
        #expect(
            inbox.value["items"]?[0]?["askedAnew"] == ["the run was cancelled by mark@x.example: stop"],
            "\(inbox.value)")
    }

    @Test func nothingIsShownToThoseWhoMayNotDecideAndThatIsSaid() async throws {
        let desk = Desk()
        try await desk.start("r1", Self.policy)
        for (person, roles) in [("rana@x.example", Set(["manager"])), ("sigrid@x.example", ["architect"])] {
            let inbox = try await desk.inbox(person, roles)
            #expect(inbox.items.isEmpty)
            #expect(
                inbox.text.hasPrefix(
                    "nothing waits for you: git knows you as \(person), and your role is '\(roles.first ?? "")'"))
        }
        let stranger = try await desk.inbox("eve@x.example", [])
        #expect(stranger.text.contains("you have no role in environments/roles.yaml"))
        let all = try await desk.inbox("sigrid@x.example", ["architect"], all: true)
        #expect(all.items.map(\.isMine) == [false])
        #expect(all.text.contains("(not for you)"))
        #expect(all.text.contains("may: ann@x.example, bob@x.example"))
        #expect(try await desk.inbox("ann@x.example", ["manager"], role: "architect").items.isEmpty)
    }

    /// Where nobody is left who may approve, who may bypass is the only one who can go on, before anybody has begun.
    @Test(arguments: ["release", RollbackPlan.pipeline])
    func whoMayBypassSeesWhatNobodyMayApprove(_ pipeline: String) async throws {
        let desk = Desk()
        var plan = Self.plan(ApprovalPolicy(role: "manager", distinctFrom: [.requester, .committers]))
        plan.pipeline = pipeline
        plan.roles.members["bypass"] = [.init(email: "otto@x.example")]
        let people = KnownPeople(committers: ["ann@x.example", "bob@x.example"])
        _ = try await desk.runner.start(
            plan, RunRequest(run: "r1", requester: "rana@x.example", people: people))
        let inbox = try await desk.inbox("otto@x.example", ["bypass"])
        let item = try #require(inbox.items.first, "\(inbox.text)")
        #expect(item.isMine && inbox.items.count == 1)
        #expect(inbox.text.contains("only a bypass opens it, by one of 'bypass' (otto@x.example)"), "\(inbox.text)")
        #expect(inbox.text.contains("almrun bypass r1 prod.approval --reason"), "\(inbox.text)")
        #expect(!inbox.text.contains("almrun approve"), "\(inbox.text)")
        for other in ["ann@x.example", "sigrid@x.example"] {
            #expect(try await desk.inbox(other, ["manager", "architect"]).items.isEmpty)
        }
        // While somebody may still approve, nobody is asked to go past it.
        try await desk.start("r2", Self.policy)
        #expect(try await desk.inbox("otto@x.example", ["bypass"]).items.count == 1)
    }

    @Test func whoHasApprovedIsNotAskedAgain() async throws {
        let desk = Desk()
        try await desk.start("r1", Self.policy)
        let decisions = Decisions(store: desk.store, clock: desk.clock.clock)
        try await decisions.approve("r1", "prod", by: .init(email: "Ann@x.example"))
        #expect(try await desk.inbox("ann@x.example", ["manager"]).items.isEmpty)
        let brief = try #require(try await desk.inbox("bob@x.example", ["manager"]).items.first?.brief)
        #expect(brief.question?.missing == 1)
        #expect(brief.risks.contains { $0.code == "unsigned" })
        desk.clock.advance(by: 90_000)
        #expect(try await desk.inbox("bob@x.example", ["manager"]).items.isEmpty, "the question is void")
    }

    @Test func newestFirstAndNoMoreThanAskedFor() async throws {
        let desk = Desk()
        for number in 1...4 {
            try await desk.start(RunID("r\(number)"), Self.policy)
            desk.clock.advance(by: 60)
        }
        let inbox = try await desk.inbox("ann@x.example", ["manager"], limit: 2)
        #expect(inbox.items.map(\.brief.run) == ["r4", "r3"])
        #expect(inbox.unread == 2)
        #expect(inbox.text.contains("not read: 2 older runs that may wait for you; `almrun inbox --limit 4` reads all"))
        #expect(inbox.items[0].brief.others == ["r3", "r2", "r1"])
        #expect(inbox.items[0].brief.risks.contains { $0.code == "others-wait" })
    }

    /// What nobody is asked at does not hide what waits for somebody.
    @Test(arguments: [3, 4]) func runsThatWaitForATimeAreReadLast(_ limit: Int) async throws {
        let desk = Desk()
        try await desk.start("r1", Self.policy)
        let end = desk.clock.now.addingTimeInterval(864_000)
        let executor = ScriptedExecutor { _, _, _ in
            .suspended(Suspension(.until(end), code: "run/window", message: "outside the windows"))
        }
        let runner = Runner(store: desk.store, clock: desk.clock.clock) { _ in executor }
        for number in 2...4 {
            desk.clock.advance(by: 60)
            _ = try await runner.start(
                Plan(pipeline: "p", steps: [Step(id: "wait", work: .stage("shell.run"), effect: .once)]),
                RunRequest(run: RunID("r\(number)"), requester: "rana@x.example"))
        }
        let inbox = try await desk.inbox("ann@x.example", ["manager"], limit: limit)
        #expect(inbox.items.map(\.brief.run) == ["r1"])
        #expect(inbox.unread == 0)
        #expect(inbox.unreadAtTimes == 4 - limit)
        #expect(inbox.value["unreadAtTimes"]?.integer == 4 - limit)
        #expect(
            inbox.text.contains("not read: 1 run that waits for a window, a freeze or another time") == (limit == 3))
        #expect(!inbox.text.contains("nothing waits"))
    }

    /// Two runs wait for others, one of them read: that nothing waits is said of what was read.
    @Test func thatNothingWaitsIsSaidOfWhatWasRead() async throws {
        let desk = Desk()
        for number in 1...2 {
            try await desk.start(RunID("r\(number)"), Self.policy)
            desk.clock.advance(by: 60)
        }
        let text = try await desk.inbox("rana@x.example", ["manager"], limit: 1).text
        #expect(text.hasPrefix("nothing waits for you, of what was read: git knows you as rana@x.example"), "\(text)")
        #expect(text.contains("not read: 1 older run that may wait for you; `almrun inbox --limit "), "\(text)")
    }

    @Test(arguments: [50, 51]) func thatOlderFailuresWereNotLookedAtIsSaid(_ count: Int) async throws {
        let desk = Desk()
        let executor = ScriptedExecutor { _, _, _ in .failed(StageFailure(.rejected, "x/y", "no")) }
        let runner = Runner(store: desk.store, clock: desk.clock.clock) { _ in executor }
        for number in 1...count {
            _ = try await runner.start(
                Plan(pipeline: "p", steps: [Step(id: "a", work: .stage("shell.run"), effect: .once)]),
                RunRequest(run: RunID("r\(number)"), requester: "rana@x.example"))
        }
        let inbox = try await desk.inbox("ann@x.example", ["manager"])
        #expect(inbox.failedLookedAt == (count > 50 ? 50 : nil))
        #expect(inbox.text.contains("not read: runs that failed before the newest 50 of them") == (count > 50))
        #expect(inbox.value["failedLookedAt"] == (count > 50 ? .integer(50) : .null))
    }

    @Test func anUncertainEffectIsShownToEverybody() async throws {
        let desk = Desk()
        let executor = ScriptedExecutor { _, _, _ in
            .suspended(Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look at the remote"))
        }
        let runner = Runner(store: desk.store, clock: desk.clock.clock) { _ in executor }
        _ = try await runner.start(
            Plan(pipeline: "p", steps: [Step(id: "tag", work: .stage("git.tag"), effect: .once)]),
            RunRequest(run: "r9", requester: "rana@x.example"))
        let inbox = try await desk.inbox("nobody@x.example", [])
        #expect(inbox.doubts.map(\.step) == ["tag"])
        #expect(inbox.text.contains("r9  tag  needs a person to look\n  look at the remote"))
        #expect(!inbox.text.contains("nothing waits for you"))
        #expect(inbox.text.contains("almrun resume r9 --assume tag=done"))
        #expect(inbox.text.contains("almrun logs r9 tag"))
        #expect(inbox.value["uncertain"]?[0]?["code"]?.string == "run/uncertain-effect")
        let report = RunReport(try await RunState.load("r9", from: desk.store), now: desk.clock.now)
        #expect(report.ending.contains("almrun resume r9 --assume tag=not-done"))
    }

    @Test func aRequiredSignatureIsInTheCommand() async throws {
        let desk = Desk()
        var policy = Self.policy
        policy.signed = .required
        try await desk.start("r1", policy)
        #expect(try await desk.inbox("ann@x.example", ["manager"], all: true).text.contains("--sign ~/.ssh/id_ed25519"))
    }
}
