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
        let bench = Bench(found.executor, clock: ManualClock(jump: 0))
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
                "nobody approves for 'test' in this run, and no earlier run knows who approved this package there",
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
            let (name, old, new) =
                switch changed {
                case "package": ("package", "p1", "p2")
                case "plan": ("plan", "d1", "d2")
                default: ("state of the target", "t1", "t2")
                }
            #expect(
                details.contains {
                    $0.hasPrefix("does not count: ann@contoso.com approved ")
                        && $0.hasSuffix(" (void since round 2: the \(name) changed from \(old) to \(new))")
                }, "\(details)")
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

    /// A change to which somebody's word is not bound makes it no younger: it runs out when it would have.
    @Test func aChangeGivesAnApprovalNoMoreTime() async throws {
        let found = Found()
        let bench = Bench(found.executor)
        let first = ApprovalPolicy(role: role, expires: 3600, voidOn: [.package])
        _ = try await bench.start(
            guardedPlan([("approval", .approval(first)), ("approval-2", .approval(ApprovalPolicy(role: role)))]))
        try await bench.decisions.approve("r1", "prod.approval", by: .ann)
        let opened = try await bench.resume()
        let gate = try #require(opened.planned("prod.approval"))
        let end = try #require(opened.lapse(of: gate))
        try await bench.decisions.approve("r1", "prod.approval-2", by: .bob)
        bench.clock.advance(by: 3000)
        found.set { $0.target = "t2" }
        let changed = try await bench.resume()
        #expect(changed.statuses["prod.approval"] == .succeeded && changed.statuses["prod.approval-2"] == .waiting)
        #expect(try #require(changed.lapse(of: gate)) <= end)
        bench.clock.advance(by: 601)
        try await bench.decisions.approve("r1", "prod.approval-2", by: .bob)
        #expect(try await bench.resume().statuses["prod.approval"] == .waiting)
        #expect(bench.executor.order.count { $0 == "prod" } == 0)
    }

    /// Who looks before the run is taken up is told when the oldest word ends.
    @Test func whatWasSaidBeforeAChangeEndsFirst() async throws {
        let found = Found()
        let bench = try await start(ApprovalPolicy(role: role, count: 2, expires: 3600, voidOn: [.package]), found)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let end = bench.clock.now.addingTimeInterval(3600)
        bench.clock.advance(by: 1000)
        found.set { $0.target = "t2" }
        #expect(try await bench.resume().status == .waiting)
        let both = try await bench.decisions.approve("r1", "prod", by: .bob)
        let gate = try #require(both.planned("prod.approval"))
        let settlement = try #require(both.settlement(of: gate, now: bench.clock.now))
        #expect(settlement.until == end)
        #expect(
            settlement.text.contains("that is enough until \(end.ISO8601Format().dropLast())"), "\(settlement.text)")
        bench.clock.advance(by: 2601)
        #expect(try await bench.state.settlement(of: gate, now: bench.clock.now) == nil)
    }

    /// A word that ends early does no harm where as many younger ones are left as are needed.
    @Test func itIsEnoughWhileAsManyAsAreNeededStand() async throws {
        let found = Found()
        let bench = try await start(ApprovalPolicy(role: role, count: 2, expires: 3600, voidOn: [.package]), found)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        bench.clock.advance(by: 1000)
        found.set { $0.target = "t2" }
        #expect(try await bench.resume().status == .waiting)
        var late = bench.clock.now
        try await bench.decisions.approve("r1", "prod", by: .bob)
        let opened = try await bench.decisions.approve("r1", "prod", by: .eve)
        late.addTimeInterval(3600)
        let gate = try #require(opened.planned("prod.approval"))
        #expect(try #require(opened.settlement(of: gate, now: bench.clock.now)).until == late)
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

    /// What is given a moment before the time to decide ends counts, however late the run is taken up; at the end and
    /// after it nothing is taken any more.
    @Test(arguments: [(3599.0, true), (3600, false), (3601, false)])
    func anApprovalCountsWhenItWasGivenInTime(_ after: Double, _ isInTime: Bool) async throws {
        let bench = try await start(ApprovalPolicy(role: role, expires: 3600))
        bench.clock.advance(by: after)
        let refusal = await bench.refusal { try await bench.decisions.approve("r1", "prod", by: .ann) }
        #expect(refusal?.code == (isInTime ? nil : "gate/expired"))
        #expect(refusal.map { $0.message.contains("ended 2027-01-15T09:00:00") } != false)
        bench.clock.advance(by: 30 * 86_400)
        #expect(try await bench.resume().status == (isInTime ? .succeeded : .rejected))
    }

    /// Enough people had said yes in time: a no that comes later is refused, and in the ledger it does not count.
    @Test func whatComesAfterTheTimeChangesNothing() async throws {
        let bench = try await start(ApprovalPolicy(role: role, expires: 3600))
        try await bench.decisions.approve("r1", "prod", by: .ann)
        bench.clock.advance(by: 3601)
        let refusal = await bench.refusal {
            try await bench.decisions.reject("r1", "prod", by: .bob, comment: "too late")
        }
        #expect(refusal?.notes == ["enough people had approved by then: `almrun resume r1` goes on"])
        try await bench.forge(
            Decision(
                step: "prod.approval", verdict: .reject, person: "bob@contoso.com", comment: "no", package: "p1",
                plan: "d1", target: "t1", time: bench.clock.now))
        #expect(try await bench.resume().status == .succeeded)
        // Nor does a forged yes that came too late.
        let late = try await start(ApprovalPolicy(role: role, expires: 3600))
        late.clock.advance(by: 3601)
        try await late.forge(
            Decision(
                step: "prod.approval", verdict: .approve, person: "ann@contoso.com", package: "p1", plan: "d1",
                target: "t1", time: late.clock.now))
        let state = try await late.state
        let gate = try #require(state.planned("prod.approval"))
        let forged = try #require(state["prod.approval"]?.decisions.last)
        #expect(
            state.objection(to: forged, at: gate, now: late.clock.now)?.hasPrefix("it came after the time to decide")
                == true)
        #expect(try await late.resume().status == .rejected)
    }

    /// Why a decision of an earlier round does not count is said: the no, or that nobody answered.
    @Test(arguments: [true, false]) func aRoundThatIsOverIsNamed(_ isRejected: Bool) async throws {
        let bench = try await start(ApprovalPolicy(role: role, count: 2, expires: 3600))
        try await bench.decisions.approve("r1", "prod", by: .ann)
        if isRejected {
            try await bench.decisions.reject("r1", "prod", by: .bob, comment: "not yet")
        } else {
            bench.clock.advance(by: 3601)
        }
        #expect(try await bench.resume().status == .rejected)
        let state = try await bench.resume()
        let gate = try #require(state.planned("prod.approval"))
        let first = try #require(state["prod.approval"]?.decisions.first)
        #expect(
            state.objection(to: first, at: gate, now: bench.clock.now)
                == (isRejected
                    ? "round 1 is over: bob@contoso.com said no"
                    : "round 1 is over: not enough people answered in time"))
    }

    @Test func whoIsLeftOutIsSaidWithTheReason() async throws {
        let bench = try await start(
            ApprovalPolicy(role: role, distinctFrom: [.requester, .committers], signed: .required))
        let state = try await bench.state
        let question = try #require(state.openQuestion("prod.approval", now: bench.clock.now))
        #expect(question.may == ["ann@contoso.com"])
        #expect(question.leftOut.map(\.person) == ["bob@contoso.com", "Eve@contoso.com"])
        #expect(question.leftOut.map(\.why) == [.committer, .requester])
        let details = try #require(state.why("prod.approval", now: bench.clock.now)?.details)
        #expect(details.contains("not bob@contoso.com, who wrote commits that are released"))
        let unsigned = try await start(ApprovalPolicy(role: role, signed: .required))
        #expect(
            try await unsigned.state.openQuestion("prod.approval", now: bench.clock.now)?.leftOut.map(\.why) == [.noKey]
        )
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
