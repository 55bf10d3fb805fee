import Documents
import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

/// Approvals: who, how many, until when, and what makes them void.
@Suite struct ApprovalConditionTests {
    private let role = "release-manager"

    private func start(_ policy: ApprovalPolicy, _ found: Found = Found(), before: [Step] = []) async throws -> Bench {
        let bench = Bench(found.executor)
        _ = try await bench.start(guardedPlan([("approval", .approval(policy))], before: before))
        return bench
    }

    // MARK: distinctFrom

    /// The person, whom the gate leaves out, and why the person is refused; nil when the person may decide.
    @Test(
        arguments: [
            ("eve@contoso.com", [ApprovalPolicy.Excluded.requester], "asked for the run"),
            ("ann@contoso.com", [.requester], nil), ("bob@contoso.com", [.committers], "wrote commits"),
            ("ann@contoso.com", [.committers], nil),
            ("ann@contoso.com", [.approvers(of: "test")], "approved for 'test'"),
            ("ANN@contoso.com", [.approvers(of: "test")], "approved for 'test'"),
            ("bob@contoso.com", [.approvers(of: "test")], nil), ("ann@contoso.com", [.approvers(of: "dev")], nil),
            ("ann@contoso.com", [.requester, .committers, .approvers(of: "test")], "approved for 'test'"),
        ] as [(String, [ApprovalPolicy.Excluded], String?)])
    func somePeopleAreLeftOut(_ person: String, _ excluded: [ApprovalPolicy.Excluded], _ reason: String?) async throws {
        var earlier = gate("test.approval", .approval(ApprovalPolicy(role: role)), before: "test")
        earlier.environment = "test"
        earlier.input = .literal(["package": ["digest": "p1"]])
        var test = step("test", environment: "test")
        test.needs = [Need("test.approval", .gate)]
        let bench = try await start(ApprovalPolicy(role: role, distinctFrom: excluded), before: [earlier, test])
        try await bench.decisions.approve("r1", "test", by: .ann)
        let refusal = await bench.refusal {
            try await bench.decisions.approve("r1", "prod", by: .init(email: person))
        }
        if let reason {
            #expect(refusal?.code == "gate/not-allowed")
            #expect(refusal?.message.contains(reason) == true)
            #expect(try await bench.state["prod.approval"]?.decisions == [])
        } else {
            #expect(refusal == nil)
            #expect(try await bench.resume().status == .succeeded)
        }
        // Written into the ledger all the same, it does not count.
        guard reason != nil else { return }
        try await bench.forge(
            Decision(
                step: "prod.approval", verdict: .approve, person: person, package: "p1", plan: "d1", target: "t1",
                time: bench.clock.now))
        #expect(try await bench.resume()["prod.approval"]?.status == .waiting)
    }

    @Test func approversOfAnotherPackageAreNotLeftOut() async throws {
        var earlier = gate("test.approval", .approval(ApprovalPolicy(role: role)), before: "test")
        earlier.environment = "test"
        earlier.input = .literal(["package": ["digest": "another"]])
        var test = step("test", environment: "test")
        test.needs = [Need("test.approval", .gate)]
        let policy = ApprovalPolicy(role: role, distinctFrom: [.approvers(of: "test")])
        let bench = try await start(policy, before: [earlier, test])
        try await bench.decisions.approve("r1", "test", by: .ann)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        #expect(try await bench.resume().status == .succeeded)
    }

    @Test func anEnvironmentThatIsNotInThePlanLeavesNobodyOut() async throws {
        let bench = try await start(ApprovalPolicy(role: role, count: 2, distinctFrom: [.approvers(of: "test")]))
        let refusal = await bench.refusal { try await bench.decisions.approve("r1", "prod", by: .init(email: "x@y")) }
        #expect(
            refusal?.notes == [
                "these may: ann@contoso.com, bob@contoso.com, Eve@contoso.com",
                "nobody approves for 'test' in this run, so 'approvers-of: test' leaves nobody out",
            ])
    }

    // MARK: count

    @Test func onePersonCountsOnce() async throws {
        let bench = try await start(ApprovalPolicy(role: role, count: 2))
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let twice = await bench.refusal { try await bench.decisions.approve("r1", "prod", by: .ann) }
        #expect(twice?.code == "gate/twice")
        try await bench.forge(try #require(try await bench.state["prod.approval"]?.decisions.first))
        let state = try await bench.resume()
        #expect(state["prod.approval"]?.status == .waiting)
        #expect(state.why("prod.approval", now: bench.clock.now)?.details.contains("1 more needed") == true)
    }

    // MARK: expiry

    @Test func anExpiredQuestionDoesNotLookLikeOneThatWaits() async throws {
        let bench = try await start(ApprovalPolicy(role: role, expires: 3600))
        let gate = try #require(try await bench.state.planned("prod.approval"))
        #expect(try await bench.state.expiry(of: gate, now: bench.clock.now) == nil)
        bench.clock.advance(by: 3601)
        let state = try await bench.state
        let end = try #require(state.expiry(of: gate, now: bench.clock.now))
        #expect(state.deadline(of: gate) == end)
        let why = try #require(state.why("prod.approval", now: bench.clock.now))
        #expect(why.headline.hasPrefix("nobody decided in time: expired 2027-01-15T09:00:00"))
        #expect(!why.details.contains { $0.hasPrefix("may decide") })
        #expect(try await bench.resume().status == .rejected)
        // Asked anew, and answered in time.
        #expect(try await bench.resume().status == .waiting)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        #expect(try await bench.resume().status == .succeeded)
    }

    @Test func whatWasSaidBeforeTheTimeRanOutDoesNotCountAfterwards() async throws {
        let bench = try await start(ApprovalPolicy(role: role, count: 2, expires: 3600))
        try await bench.decisions.approve("r1", "prod", by: .ann)
        bench.clock.advance(by: 3601)
        #expect(try await bench.resume().status == .rejected)
        let state = try await bench.resume()
        #expect(state.status == .waiting)
        #expect(state.why("prod.approval", now: bench.clock.now)?.details.contains("2 more needed") == true)
    }

    // MARK: voidOn

    /// What changes, what the approval is bound to, and whether it is void then.
    @Test(
        arguments: ["package", "plan", "target"],
        [
            ["package", "plan", "target"], ["package"], ["plan"], ["target"], ["package", "plan"],
        ])
    func onlyWhatIsListedMakesAnApprovalVoid(_ changed: String, _ listed: [String]) async throws {
        let found = Found()
        let policy = ApprovalPolicy(role: role, voidOn: listed.compactMap(ApprovalPolicy.Part.init))
        let bench = try await start(policy, found)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        found.set { preview in
            switch changed {
            case "package": preview.package = "p2"
            case "plan": preview.plan = "d2"
            default: preview.target = "t2"
            }
        }
        let state = try await bench.resume()
        #expect(state["prod.approval"]?.round == 2)
        if listed.contains(changed) {
            #expect(state.status == .waiting)
            let details = try #require(state.why("prod.approval", now: bench.clock.now)?.details)
            #expect(details.contains("1 earlier decisions are void"))
            try await bench.decisions.approve("r1", "prod", by: .ann)
            #expect(try await bench.resume().status == .succeeded)
        } else {
            #expect(state.status == .succeeded)
            #expect(state["prod.approval"]?.output == ["approvedBy": ["ann@contoso.com"]])
        }
    }

    @Test func ofTwoApproversOnlyTheMissingOneIsAskedAfterAChange() async throws {
        let found = Found()
        let bench = Bench(found.executor)
        let first = ApprovalPolicy(role: role, voidOn: [.package])
        let second = ApprovalPolicy(role: role)
        _ = try await bench.start(
            guardedPlan([("approval", .approval(first)), ("approval-2", .approval(second))]))
        try await bench.decisions.approve("r1", "prod.approval", by: .ann)
        _ = try await bench.resume()
        try await bench.decisions.approve("r1", "prod.approval-2", by: .bob)
        found.set { $0.target = "t2" }
        let state = try await bench.resume()
        #expect(state.statuses["prod.approval"] == .succeeded)
        #expect(state.statuses["prod.approval-2"] == .waiting)
        try await bench.decisions.approve("r1", "prod", by: .bob)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// What is kept over a change is not kept over a no, nor for longer than approvals last.
    @Test func aNoEndsWhatWasSaidBefore() async throws {
        let bench = try await start(ApprovalPolicy(role: role, count: 2, voidOn: [.package]))
        try await bench.decisions.approve("r1", "prod", by: .ann)
        try await bench.decisions.reject("r1", "prod", by: .bob, comment: "not yet")
        #expect(try await bench.resume().status == .rejected)
        let state = try await bench.resume()
        #expect(state.why("prod.approval", now: bench.clock.now)?.details.contains("2 more needed") == true)
    }

    @Test func anApprovalThatIsKeptStillRunsOut() async throws {
        let found = Found()
        let bench = try await start(ApprovalPolicy(role: role, expires: 3600, voidOn: [.package]), found)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        found.set { $0.target = "t2" }
        bench.clock.advance(by: 3601)
        #expect(try await bench.resume()["prod.approval"]?.status == .waiting)
    }

    /// A gate that is asked again holds the deployment, also when later gates are open.
    @Test func whatRanOutMeanwhileIsAskedAgainThoughLaterGatesAreOpen() async throws {
        let bench = Bench(Found().executor)
        let first = ApprovalPolicy(role: role, expires: 3600)
        _ = try await bench.start(
            guardedPlan([("approval", .approval(first)), ("approval-2", .approval(ApprovalPolicy(role: role)))]))
        try await bench.decisions.approve("r1", "prod.approval", by: .ann)
        _ = try await bench.resume()
        bench.clock.advance(by: 3601)
        try await bench.decisions.approve("r1", "prod.approval-2", by: .bob)
        let state = try await bench.resume()
        #expect(state.statuses["prod.approval"] == .waiting)
        #expect(state.statuses["prod"] == .pending)
        try await bench.decisions.approve("r1", "prod.approval", by: .ann)
        // What was said at the second gate is still about the same thing.
        #expect(try await bench.resume().status == .succeeded)
        #expect(bench.executor.order.count { $0 == "prod" } == 1)
    }

    // MARK: the plan that was read

    @Test(
        arguments: [("d1", nil), ("d", nil), ("D1", nil), ("d2", "gate/other-plan"), ("", "gate/other-plan")]
            as [(String, String?)])
    func onlyThePlanThatWasReadIsApproved(_ digest: String, _ code: String?) async throws {
        let bench = try await start(ApprovalPolicy(role: role))
        let refusal = await bench.refusal {
            try await bench.decisions.approve("r1", "prod", by: .ann, plan: digest)
        }
        #expect(refusal?.code == code)
        #expect(try await bench.state["prod.approval"]?.decisions.count == (code == nil ? 1 : 0))
    }

    @Test func aGateWithoutAPlanHasNoneToName() async throws {
        let bench = Bench()
        let ask = Step(id: "ask", work: .gate(.approval(ApprovalPolicy(role: role))), effect: .none)
        _ = try await bench.start(plan([ask]))
        let refusal = await bench.refusal {
            try await bench.decisions.approve("r1", "ask", by: .ann, plan: "d1")
        }
        #expect(refusal?.message == "'ask' is about no deployment plan")
    }
}
