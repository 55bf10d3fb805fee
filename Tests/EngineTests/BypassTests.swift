import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

/// Opening gates without what they ask for.
@Suite struct BypassTests {
    private func start(
        _ gates: [(String, Gate)], _ rule: BypassPolicy? = nil, found: Found = Found()
    ) async throws -> Bench {
        let bench = Bench(found.executor)
        _ = try await bench.start(
            guardedPlan(gates, environments: [environment("prod", .init(bypass: rule))]))
        return bench
    }

    /// 2027-01-15, the day of the tests, is in it.
    private static let frozen = Gate.window(
        [], freezes: [Freeze(from: "2026-12-18", to: "2027-01-20", reason: "Year end")])
    private static let asked = Gate.approval(ApprovalPolicy(role: "release-manager", count: 2))
    static let gates: [(String, Gate)] = [("window", frozen), ("approval", asked)]

    @Test(arguments: gates) func onePersonOpensAGate(_ name: String, _ gate: Gate) async throws {
        let bench = try await start([(name, gate)])
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        let state = try await bench.resume()
        #expect(state.status == .succeeded)
        #expect(state[StepID("prod.\(name)")]?.output?["bypassedBy"] == "boss@contoso.com")
    }

    @Test(arguments: gates) func aSecondPersonIsAskedFor(_ name: String, _ gate: Gate) async throws {
        let bench = try await start([(name, gate)], BypassPolicy(secondPerson: true))
        let id = StepID("prod.\(name)")
        let state = try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        let step = try #require(state.planned(id))
        #expect(state.bypasses(at: step).map(\.person) == ["boss@contoso.com"])
        let waiting = try await bench.resume()
        #expect(waiting.status == .waiting)
        let details = try #require(waiting.why(id, now: bench.clock.now)?.details)
        #expect(details.contains("one more person must bypass it, with the role 'bypass'"))
        #expect(details.contains { $0.contains("boss@contoso.com bypassed") })
        let twice = await bench.refusal {
            try await bench.decisions.bypass("r1", "prod", by: .init(email: "BOSS@contoso.com"), reason: "again")
        }
        #expect(twice?.message.contains("one more person is needed") == true)
        try await bench.decisions.bypass("r1", id, by: .bob, reason: "I agree")
        let end = try await bench.resume()
        #expect(end.status == .succeeded)
        #expect(
            end[id]?.output == ["bypassedBy": "boss@contoso.com, bob@contoso.com", "reason": "incident; I agree"])
    }

    /// Who bypasses, the role that may, and the code of the refusal.
    @Test(
        arguments: [
            ("boss@contoso.com", "bypass", nil), ("ann@contoso.com", "bypass", "gate/not-allowed"),
            ("boss@contoso.com", "release-manager", "gate/not-allowed"), ("ann@contoso.com", "release-manager", nil),
            ("boss@contoso.com", "on-call", "gate/not-allowed"),
        ] as [(String, String, String?)])
    func theRoleOfTheGateDecides(_ person: String, _ role: String, _ code: String?) async throws {
        let bench = try await start([("window", Self.frozen)], BypassPolicy(role: role))
        let refusal = await bench.refusal {
            try await bench.decisions.bypass("r1", "prod", by: .init(email: person), reason: "incident")
        }
        #expect(refusal?.code == code)
        #expect(try await bench.resume().status == (code == nil ? .succeeded : .waiting))
    }

    @Test func aForgedBypassOpensNothing() async throws {
        let bench = try await start([("window", Self.frozen)])
        try await bench.forge(
            Decision(step: "prod.window", verdict: .bypass, person: "ann@contoso.com", time: bench.clock.now))
        #expect(try await bench.resume().status == .waiting)
        var forged = Decision(step: "prod.window", verdict: .bypass, person: "boss@contoso.com", time: bench.clock.now)
        forged.signature = "nonsense"
        try await bench.forge(forged)
        #expect(try await bench.resume().status == .waiting)
    }

    /// What was said where nobody is asked is not held against the person's role.
    @Test func anApprovalWhereNobodyIsAskedHasNoFault() async throws {
        let bench = try await start([("window", Self.frozen)])
        try await bench.forge(
            Decision(step: "prod.window", verdict: .approve, person: "ann@contoso.com", time: bench.clock.now))
        let state = try await bench.resume()
        #expect(state.status == .waiting)
        let gate = try #require(state.planned("prod.window"))
        let forged = try #require(state["prod.window"]?.decisions.first)
        #expect(state.objection(to: forged, at: gate, now: bench.clock.now) == nil)
    }

    @Test func theRequesterNeverAlone() async throws {
        let policy = ApprovalPolicy(role: "release-manager", distinctFrom: [.requester])
        let alone = try await start([("approval", .approval(policy))])
        let refusal = await alone.refusal {
            try await alone.decisions.bypass("r1", "prod", by: .eve, reason: "incident")
        }
        #expect(refusal?.message.contains("asked for the run") == true)
        try await alone.forge(
            Decision(
                step: "prod.approval", verdict: .bypass, person: "eve@contoso.com", package: "p1", plan: "d1",
                target: "t1", time: alone.clock.now))
        #expect(try await alone.resume().status == .waiting)
        // Nor as one of two: the gate wants two others.
        let two = try await start([("approval", .approval(policy))], BypassPolicy(secondPerson: true))
        let second = await two.refusal { try await two.decisions.bypass("r1", "prod", by: .eve, reason: "incident") }
        #expect(second?.code == "gate/not-allowed")
        try await two.forge(
            Decision(
                step: "prod.approval", verdict: .bypass, person: "eve@contoso.com", package: "p1", plan: "d1",
                target: "t1", time: two.clock.now))
        try await two.decisions.bypass("r1", "prod", by: .boss, reason: "yes")
        #expect(try await two.resume().status == .waiting)
        try await two.decisions.bypass("r1", "prod", by: .bob, reason: "yes")
        #expect(try await two.resume().status == .succeeded)
    }

    /// Where the gate leaves nobody out, who asked for the run may be one of the two people, and never both.
    @Test(arguments: gates) func theRequesterMayBeOneOfTwo(_ name: String, _ gate: Gate) async throws {
        let bench = try await start([(name, gate)], BypassPolicy(secondPerson: true))
        try await bench.decisions.bypass("r1", "prod", by: .eve, reason: "incident")
        #expect(try await bench.resume().status == .waiting)
        let twice = await bench.refusal {
            try await bench.decisions.bypass("r1", "prod", by: .init(email: "EVE@contoso.com"), reason: "again")
        }
        #expect(twice?.code == "gate/twice")
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "yes")
        #expect(try await bench.resume().status == .succeeded)
    }

    /// Two names with one key are one person.
    @Test func oneKeyUnderTwoNamesCountsOnce() async throws {
        let roles = Roles(members: [
            "release-manager": [Roles.Person(email: "ann@contoso.com", key: TestKey.ann.publicText)],
            "bypass": [
                Roles.Person(email: "boss@contoso.com", key: TestKey.boss.publicText),
                Roles.Person(email: "chief@contoso.com", key: TestKey.boss.publicText),
                Roles.Person(email: "bob@contoso.com", key: TestKey.bob.publicText),
            ],
        ])
        let bench = Bench(Found().executor)
        let policy = ApprovalPolicy(role: "release-manager", signed: .required)
        _ = try await bench.start(
            guardedPlan(
                [("approval", .approval(policy))],
                environments: [environment("prod", .init(bypass: BypassPolicy(secondPerson: true)))], roles: roles))
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "x", sign: try TestKey.boss.signing())
        try await bench.decisions.bypass(
            "r1", "prod", by: .init(email: "chief@contoso.com"), reason: "x", sign: try TestKey.boss.signing())
        let state = try await bench.resume()
        #expect(state.status == .waiting)
        let gate = try #require(state.planned("prod.approval"))
        #expect(state.bypasses(at: gate).map(\.person) == ["boss@contoso.com"])
        let second = try #require(state["prod.approval"]?.decisions.last)
        #expect(state.objection(to: second, at: gate, now: bench.clock.now) == "each person and each key counts once")
        try await bench.decisions.bypass("r1", "prod", by: .bob, reason: "x", sign: try TestKey.bob.signing())
        #expect(try await bench.resume().status == .succeeded)
    }

    /// A bypass is for what waits, and not for what comes after a change.
    @Test func aChangeMakesABypassVoid() async throws {
        let found = Found()
        let bench = try await start([("approval", Self.asked)], found: found)
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        found.set { $0.target = "t2" }
        #expect(try await bench.resume().status == .waiting)
    }

    /// Taken up, a run that was called off asks anew at every gate: no bypass would count.
    @Test(arguments: [true, false]) func nothingOpensWhatWasCalledOff(_ hadFailed: Bool) async throws {
        let bench = Bench()
        var plan = guardedPlan(
            [("evidence", .evidence(EvidencePolicy(stages: ["test"], notOlderThan: 3600)))],
            environments: [environment("prod", .init(bypass: BypassPolicy(role: "bypass")))])
        if !hadFailed {
            plan.steps.append(
                Step(
                    id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none, needs: []
                ))
        }
        let state = try await bench.start(plan)
        try #require(state.statuses["prod.evidence"] == .failed && state.status == (hadFailed ? .failed : .waiting))
        _ = try await bench.runner.cancel("r1", by: "eve@contoso.com")
        let refusal = await bench.refusal { try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "INC-1") }
        #expect(refusal?.code == "run/finished")
        #expect(
            refusal?.message.contains(hadFailed ? "was withdrawn" : "was cancelled") == true,
            "\(String(describing: refusal))")
        let over = try await bench.state
        #expect(over.notes(ofFailed: try #require(over.planned("prod.evidence"))) == [])
    }

    @Test func nothingToBypassIsSaid() async throws {
        let bench = try await start([])
        #expect(try await bench.state.status == .succeeded)
        let refusal = await bench.refusal {
            try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        }
        #expect(refusal?.code == "run/finished")
    }
}
