import Documents
import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

/// `approvers-of` looks at earlier runs too: at those that a run is made with.
@Suite struct EarlierApprovalTests {
    private let role = "release-manager"

    private func steps() -> [Step] {
        var asked = gate("test.approval", .approval(ApprovalPolicy(role: role)), before: "test")
        asked.environment = "test"
        asked.input = .literal(["package": ["digest": "p1"]])
        var test = step("test", environment: "test")
        test.needs = [Need("test.approval", .gate)]
        return [asked, test]
    }

    private var policy: ApprovalPolicy { ApprovalPolicy(role: role, distinctFrom: [.approvers(of: "test")]) }

    private func earlier(_ person: String, package: String = "p1", environment: String = "test") -> EarlierApproval {
        EarlierApproval(
            person: person, environment: environment, package: package, run: "r0",
            time: Date(timeIntervalSince1970: 1_700_000_000))
    }

    /// What is known of earlier runs, and whether Ann is left out.
    @Test(
        arguments: [
            ("ann@contoso.com", "p1", "test", true), ("ANN@contoso.com", "p1", "test", true),
            ("bob@contoso.com", "p1", "test", false), ("ann@contoso.com", "p2", "test", false),
            ("ann@contoso.com", "p1", "dev", false),
        ])
    func theyAreLeftOut(_ person: String, _ package: String, _ environment: String, _ isLeftOut: Bool) async throws {
        let bench = Bench(Found().executor)
        let made = earlier(person, package: package, environment: environment)
        let request = RunRequest(run: "r1", requester: "eve@contoso.com", people: KnownPeople(approvals: [made]))
        _ = try await bench.runner.start(guardedPlan([("approval", .approval(policy))]), request)
        let refusal = await bench.refusal { try await bench.decisions.approve("r1", "prod", by: .ann) }
        #expect((refusal?.code == "gate/not-allowed") == isLeftOut)
        if isLeftOut {
            #expect(
                refusal?.message
                    == "'ann@contoso.com' approved for 'test' in run 'r0', and this gate wants somebody else")
            #expect(refusal?.notes.contains("not ann@contoso.com, who approved for 'test' in run 'r0'") == true)
            // Written into the ledger all the same, it opens nothing.
            try await bench.forge(
                Decision(
                    step: "prod.approval", verdict: .approve, person: "ann@contoso.com", package: "p1", plan: "d1",
                    target: "t1", time: bench.clock.now))
            #expect(try await bench.resume().status == .waiting)
            try await bench.decisions.approve("r1", "prod", by: .bob)
        }
        // The run knows it from its own ledger.
        #expect(try await bench.state.people.approvals == [made])
        #expect(try await bench.resume().status == .succeeded)
    }

    /// Who approved another package in an earlier run says nothing about this one.
    @Test(arguments: [("p1", false), ("p2", true)])
    func nobodyIsAskedWhereOnlyAnotherPackageWasApproved(_ package: String, _ isSaid: Bool) async throws {
        let bench = Bench(Found().executor)
        let request = RunRequest(
            run: "r1", requester: "eve@contoso.com",
            people: KnownPeople(approvals: [earlier("bob@contoso.com", package: package)]))
        _ = try await bench.runner.start(guardedPlan([("approval", .approval(policy))]), request)
        let refusal = await bench.refusal { try await bench.decisions.approve("r1", "prod", by: .init(email: "x@y")) }
        #expect(
            refusal?.notes.contains(
                "nobody approves for 'test' in this run, and no earlier run knows who approved this package there")
                == isSaid)
    }

    /// A gate that names no package is about all that the run made or was given.
    @Test(arguments: [("p1", true), ("p2", true), ("p3", false)])
    func aGateWithoutAPackageIsAboutAll(_ package: String, _ isLeftOut: Bool) async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                guard step.id == "pack" else { return .succeeded([:]) }
                return .succeeded(["package": ["digest": "p1", "solution": "S", "version": "1.0.0.0"]])
            })
        var ask = Step(id: "ask", work: .gate(.approval(policy)), effect: .none)
        ask.needs = [Need("pack", .declared)]
        let given = step("show", input: .literal(["package": ["digest": "p2"]]))
        let request = RunRequest(
            run: "r1", requester: "eve@contoso.com",
            people: KnownPeople(approvals: [earlier("ann@contoso.com", package: package)]))
        let asking = plan([step("pack"), given, ask])
        let state = try await bench.runner.start(asking, request).state
        #expect(state.askedPeople.packages == ["p1", "p2"])
        let refusal = await bench.refusal { try await bench.decisions.approve("r1", "ask", by: .ann) }
        #expect(refusal?.code == (isLeftOut ? "gate/not-allowed" : nil))
        #expect(
            state.news(in: KnownPeople(approvals: [earlier("bob@contoso.com", package: package)])) != nil || !isLeftOut)
    }

    /// Who approved in a run that cannot be read may be anybody: nobody's approval counts.
    @Test func whatCannotBeReadLeavesEverybodyOut() async throws {
        let bench = Bench(Found().executor)
        _ = try await bench.start(guardedPlan([("approval", .approval(policy))], before: steps()))
        try await bench.decisions.approve("r1", "test", by: .ann)
        // An event that does not follow the one before it.
        let state = try await bench.state
        let torn = RunEvent(sequence: state.sequence + 1, time: bench.clock.now, previous: "torn", kind: .rested)
        try await bench.store.append(
            EventBatch(after: state.sequence, lines: [LedgerLine(torn)], summary: state.summary), to: "r1")
        let next = guardedPlan([("approval", .approval(policy))])
        var told: [RunID] = []
        let earlier = try await EarlierApprovals.find(for: next, in: bench.store) { run, _ in told.append(run) }
        #expect(earlier == KnownPeople(unreadable: ["r1"]))
        #expect(told == ["r1"])
        let request = RunRequest(run: "r2", requester: "eve@contoso.com", people: earlier)
        let waiting = try await bench.runner.start(next, request).state
        #expect(waiting.people.unreadable == ["r1"])
        for person in [Decisions.Person.ann, .bob] {
            let refusal = await bench.refusal { try await bench.decisions.approve("r2", "prod", by: person) }
            #expect(refusal?.code == "gate/not-allowed")
            #expect(
                refusal?.message == "nobody knows who approved for 'test' in run 'r1', which could not be read")
            #expect(refusal?.notes.last?.contains("`almrun verify r1` names the damage") == true)
            #expect(refusal?.notes.last?.contains("`almrun doctor` names what gives that run up") == true)
        }
        let forged = Decision(
            step: "prod.approval", verdict: .approve, person: "bob@contoso.com", package: "p1", plan: "d1",
            target: "t1", time: bench.clock.now)
        try await bench.forge(forged, in: "r2")
        let second = try await bench.resume("r2")
        #expect(second.status == .waiting)
        let gate = try #require(second.planned("prod.approval"))
        #expect(second.deciders(at: gate) == [])
        let why = try #require(second.why("prod.approval", now: bench.clock.now))
        #expect(
            why.details.contains { $0.contains("may have approved for 'test' in run 'r1', which cannot be read") },
            "\(why.details)")
        // A gate that leaves nobody out so has nothing to know, and opening it without that is another act.
        let open = guardedPlan([("approval", .approval(ApprovalPolicy(role: role)))])
        _ = try await bench.runner.start(
            open, RunRequest(run: "r3", requester: "eve@contoso.com", people: KnownPeople(unreadable: ["r1"])))
        try await bench.decisions.approve("r3", "prod", by: .bob)
        try await bench.decisions.bypass("r2", "prod", by: .boss, reason: "the disk broke")
        #expect(try await bench.resume("r2").status == .succeeded)
        // What a package's runs say is as little whole.
        let trail = try await PackageTrail.find("p1", in: bench.store, objects: nil)
        #expect(trail.unreadable == ["r1"])
        #expect(trail.request(by: "eve@contoso.com", version: "").people.unreadable == ["r1"])
    }

    /// A run tells the next one who approved in it, and what it was told itself.
    @Test func aRunHandsItsApprovalsOn() async throws {
        let bench = Bench(Found().executor)
        _ = try await bench.start(guardedPlan([("approval", .approval(policy))], before: steps()))
        try await bench.decisions.approve("r1", "test", by: .ann)
        try await bench.decisions.reject("r1", "prod", by: .bob, comment: "not yet")
        var forged = Decision(
            step: "test.approval", verdict: .approve, person: "bob@contoso.com", package: "p1", time: bench.clock.now)
        forged.signature = "nonsense"
        try await bench.forge(forged)
        let state = try await bench.state
        #expect(state.approvals(about: "p1").map(\.person) == ["ann@contoso.com"])
        #expect(state.approvals(about: "p1").map(\.environment) == ["test"])
        #expect(state.approvals(about: "p9") == [])

        let next = guardedPlan([("approval", .approval(policy))])
        let earlier = try await EarlierApprovals.find(for: next, in: bench.store)
        let found = earlier.approvals
        #expect(found == state.approvals())
        #expect(earlier.unreadable == [])
        // A plan that leaves nobody out so needs to know nothing.
        let other = guardedPlan([("approval", .approval(ApprovalPolicy(role: role)))])
        #expect(try await EarlierApprovals.find(for: other, in: bench.store) == KnownPeople())
        let request = RunRequest(run: "r2", requester: "eve@contoso.com", people: KnownPeople(approvals: found))
        let second = try await bench.runner.start(next, request).state
        #expect(second.approvals(about: "p1") == found)
        #expect(PackageTrail(digest: "p1", runs: [second, state]).approvals == found)
    }
}
