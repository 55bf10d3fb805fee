import Documents
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// Evidence that was good when its gate opened, and is not when the deployment could begin.
@Suite struct LapsedEvidenceTests {
    private static let policy = EvidencePolicy(stages: ["test"], notOlderThan: 3600)
    private static let evidence: StepID = "prod.evidence"

    /// A run of `prod` that waits for an approval behind evidence, an hour before that is too old.
    private func waiting(_ rule: BypassPolicy? = nil, pipeline: String = "release") async throws -> Bench {
        let bench = Bench(Found().executor, clock: ManualClock(jump: 0))
        var plan = guardedPlan(
            [
                ("evidence", .evidence(Self.policy)), ("approval", .approval(ApprovalPolicy(role: "release-manager"))),
            ], before: [step("test")], evidence: ["test"],
            environments: [environment("prod", .init(evidence: Self.policy, bypass: rule))])
        plan.pipeline = pipeline
        #expect(try await bench.start(plan).status == .waiting)
        return bench
    }

    @Test func aBypassTakenInTimeOpensTheGateAgain() async throws {
        let bench = try await waiting()
        let early = await bench.refusal {
            try await bench.decisions.bypass("r1", Self.evidence, by: .boss, reason: "INC-1")
        }
        #expect(early?.code == "gate/not-waiting")
        try await bench.decisions.approve("r1", "prod", by: .ann)
        bench.clock.advance(by: 3601)
        try await bench.decisions.bypass("r1", Self.evidence, by: .boss, reason: "INC-1")
        let settled = try await bench.state
        let gate = try #require(settled.planned("prod.approval"))
        #expect(settled.settlement(of: gate, now: bench.clock.now)?.text.hasSuffix("carries on") == true)
        let state = try await bench.resume()
        #expect(state.status == .succeeded, "\(state.statuses)")
        #expect(state[Self.evidence]?.output == ["bypassedBy": "boss@contoso.com", "reason": "INC-1"])
        #expect(state["prod.approval"]?.output == ["approvedBy": ["ann@contoso.com"]])
        #expect(state.bypassNotes(about: "p1").count == 1)
        #expect(try await RunState.fault(of: "r1", in: bench.store) == nil)
    }

    /// The bypass may come before the approval as well.
    @Test func theApprovalMayComeAfterTheBypass() async throws {
        let bench = try await waiting()
        bench.clock.advance(by: 3601)
        try await bench.decisions.bypass("r1", Self.evidence, by: .boss, reason: "INC-1")
        try await bench.decisions.approve("r1", "prod", by: .ann)
        #expect(try await bench.resume().status == .succeeded)
    }

    @Test func oneOfTwoOpensNothing() async throws {
        let bench = try await waiting(BypassPolicy(secondPerson: true))
        try await bench.decisions.approve("r1", "prod", by: .ann)
        bench.clock.advance(by: 3601)
        let half = try await bench.decisions.bypass("r1", Self.evidence, by: .boss, reason: "INC-1")
        #expect(
            half.pendingBypass(of: Self.evidence, now: bench.clock.now)?.may == ["bob@contoso.com", "eve@contoso.com"])
        let lapsed = try #require(half.lapsedEvidence(at: half.plan.steps[2], now: bench.clock.now))
        #expect(lapsed.ways.contains("by one more of 'bypass': bob@contoso.com, eve@contoso.com"), "\(lapsed.ways)")
        let whole = try await bench.decisions.bypass("r1", Self.evidence, by: .bob, reason: "INC-1")
        #expect(whole.pendingBypass(of: Self.evidence, now: bench.clock.now) == nil)
        #expect(try await bench.resume().status == .succeeded)
        // Without the second one the run fails at the gate, and the first still counts.
        let alone = try await waiting(BypassPolicy(secondPerson: true))
        try await alone.decisions.approve("r1", "prod", by: .ann)
        alone.clock.advance(by: 3601)
        try await alone.decisions.bypass("r1", Self.evidence, by: .boss, reason: "INC-1")
        let failed = try await alone.resume()
        #expect(failed.status == .failed && failed.pendingBypass(of: Self.evidence, now: bench.clock.now) != nil)
        try await alone.decisions.bypass("r1", Self.evidence, by: .bob, reason: "INC-1")
        #expect(try await alone.resume().status == .succeeded)
    }

    /// What was begun before the gate opened by what it asks for is not waited for, until that is too old.
    @Test func halfABypassOfAGateThatOpensAllTheSameAsksNobody() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, attempt in
                if step.id == "test", attempt.number == 1 { return .failed(StageFailure(.rejected, "t/no", "no")) }
                guard step.id == "prod.preview" else { return .succeeded([:]) }
                return .succeeded(
                    (try? ValueEncoder().encode(Preview(package: "p1", plan: "d1", target: "t1", summary: "install")))
                        ?? [:])
            })
        var plan = guardedPlan(
            [
                ("evidence", .evidence(Self.policy)), ("approval", .approval(ApprovalPolicy(role: "release-manager"))),
            ], before: [step("test")], evidence: ["test"],
            environments: [environment("prod", .init(evidence: Self.policy, bypass: BypassPolicy(secondPerson: true)))])
        plan.pipeline = "release"
        #expect(try await bench.start(plan).status == .failed)
        let half = try await bench.decisions.bypass("r1", Self.evidence, by: .boss, reason: "INC-1")
        #expect(half.pendingBypass(of: Self.evidence, now: bench.clock.now) != nil)
        let open = try await bench.resume()
        #expect(open.status == .waiting && open[Self.evidence]?.status == .succeeded, "\(open.statuses)")
        #expect(open.pendingBypass(of: Self.evidence, now: bench.clock.now) == nil)
        let why = try #require(open.why(Self.evidence, now: bench.clock.now))
        #expect(!([why.headline] + why.details).contains { $0.contains("must bypass") }, "\(why)")
        bench.clock.advance(by: 3601)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let whole = try await bench.decisions.bypass("r1", Self.evidence, by: .bob, reason: "INC-1")
        // What was said of another matter counts nowhere: neither here, nor in what is asked, nor where it is said again.
        let gate = whole.plan.steps[2]
        #expect(whole.bypasses(at: gate).map(\.person) == ["bob@contoso.com"])
        #expect(
            whole.pendingBypass(of: Self.evidence, now: bench.clock.now)?.may == [
                "boss@contoso.com", "eve@contoso.com",
            ])
        #expect(whole.lapsedEvidence(at: gate, now: bench.clock.now) != nil)
        #expect(
            whole.objection(to: try #require(whole[Self.evidence]?.decisions.first), at: gate, now: bench.clock.now)
                == "the gate has opened since by what it asks for")
        let failed = try await bench.resume()
        #expect(failed.status == .failed && failed[Self.evidence]?.failure?.code == "gate/old-evidence")
        let twice = try await bench.decisions.bypass("r1", Self.evidence, by: .boss, reason: "INC-2")
        #expect(twice.pendingBypass(of: Self.evidence, now: bench.clock.now) == nil)
        let end = try await bench.resume()
        #expect(end.status == .succeeded, "\(end.statuses)")
        #expect(end.bypasses(thatOpened: gate).map(\.comment) == ["INC-1", "INC-2"])
        #expect(end.bypasses(thatOpened: gate).map(\.person) == ["bob@contoso.com", "boss@contoso.com"])
        #expect(try await RunState.fault(of: "r1", in: bench.store) == nil)
    }

    @Test func nobodyIsToldThatItCarriesOn() async throws {
        let bench = try await waiting()
        try await bench.decisions.approve("r1", "prod", by: .ann)
        bench.clock.advance(by: 3601)
        let state = try await bench.state
        let now = bench.clock.now
        let gate = try #require(state.planned("prod.approval"))
        let settlement = try #require(state.settlement(of: gate, now: now))
        let outcome =
            "what shows 'test' is too old since 2027-01-15T09:00:00.000Z, so that the run fails before it deploys"
        let line =
            outcome
            + "; a new run shows it anew where the pipeline still has what shows it: `\(state.plan.startCommand)`; or `almrun bypass r1 prod.evidence --reason \"...\"`, by one of "
            + "'bypass': boss@contoso.com, bob@contoso.com, eve@contoso.com, then `almrun resume r1`"
        #expect(settlement.lapsed?.line == line, "\(settlement.lapsed?.line ?? "")")
        #expect(
            settlement.text
                == "approved by ann@contoso.com, but \(outcome); `almrun why r1 prod.evidence` says what helps")
        for step in ["prod.approval", Self.evidence] {
            let why = try #require(state.why(step, now: now))
            #expect(why.details.contains(line), "\(why.details)")
            #expect(!([why.headline] + why.details).contains { $0.contains("carries on") })
        }
        // What is said is so.
        #expect(try await bench.resume().status == .failed)
    }

    @Test func whoIsAskedLearnsOfIt() async throws {
        let bench = try await waiting()
        let state = try await bench.state
        let gate = try #require(state.planned("prod.approval"))
        #expect(state.waitText(of: gate, now: bench.clock.now)?.contains("too old") == false)
        bench.clock.advance(by: 3601)
        let now = bench.clock.now
        #expect(state.waitText(of: gate, now: now)?.contains("; meanwhile what shows 'test' is too old since ") == true)
        #expect(state.why("prod.approval", now: now)?.details.contains { $0.contains("so that the run fails") } == true)
        #expect(state.wantedBypass(of: Self.evidence, now: now) == nil)
    }

    /// No rollback shows anew what is too old, so that those who may bypass are asked.
    @Test func aRollbackAsksForABypass() async throws {
        let bench = try await waiting(pipeline: RollbackPlan.pipeline)
        var state = try await bench.state
        #expect(state.wantedBypass(of: Self.evidence, now: bench.clock.now) == nil)
        bench.clock.advance(by: 3601)
        let wanted = try #require(state.wantedBypass(of: Self.evidence, now: bench.clock.now))
        #expect(wanted.text.hasPrefix("only a bypass opens it, by one of 'bypass' (boss@contoso.com"), "\(wanted.text)")
        #expect(wanted.waits(for: "BOSS@contoso.com") && !wanted.waits(for: "ann@contoso.com"))
        try await bench.decisions.approve("r1", "prod", by: .ann)
        state = try await bench.resume()
        #expect(state.status == .failed)
        #expect(
            state.wantedBypass(of: Self.evidence, now: bench.clock.now) != nil && state.isAsking(now: bench.clock.now))
        state = try await bench.decisions.bypass("r1", Self.evidence, by: .boss, reason: "INC-1")
        #expect(state.wantedBypass(of: Self.evidence, now: bench.clock.now) == nil)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// Nor does one show what nobody has shown of the package.
    @Test func aRollbackWithoutEvidenceAsksForABypass() async throws {
        for pipeline in [RollbackPlan.pipeline, "release"] {
            let bench = Bench(Found().executor)
            var plan = guardedPlan(
                [("evidence", .evidence(Self.policy))],
                environments: [environment("prod", .init(evidence: Self.policy))])
            plan.pipeline = pipeline
            let state = try await bench.start(plan)
            let isRollback = pipeline == RollbackPlan.pipeline
            let failure = try #require(state[Self.evidence]?.failure)
            #expect(failure.code == "gate/no-evidence")
            #expect(
                failure.notes.first
                    == (isRollback
                        ? "no rollback can show it anew: only a bypass opens the gate"
                        : "add the stage to the pipeline, before the deployment"))
            #expect(
                failure.notes.last?.hasPrefix("\(isRollback ? "" : "or ")`almrun bypass r1 prod.evidence") == true,
                "\(failure.notes)")
            let now = bench.clock.now
            let wanted = state.wantedBypass(of: Self.evidence, now: now)
            #expect((wanted?.waits(for: "boss@contoso.com") ?? false) == isRollback)
            #expect(state.isAsking(now: now) == isRollback && state.lacksEvidenceForGood == isRollback)
            #expect(state.failedGatesToBypass(now: now).map(\.id) == (isRollback ? [Self.evidence] : []))
        }
    }

    /// A name for which the gate of then did not wait is judged by all stages that may show it.
    @Test func anotherNameIsNotJudgedByTheGateOfThen() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                if step.id == "diff" { return .failed(StageFailure(.rejected, "t/no", "no")) }
                return .succeeded(["package": ["digest": "p1"]])
            })
        let given = Argument.map(["package": .literal(["digest": "p1"])])
        let policy = EvidencePolicy(stages: ["test"])
        let plan = guardedPlan(
            [("evidence", .evidence(policy))],
            before: [
                step("test", input: given), step("diff", input: given), step("up/diff", input: given),
            ], evidence: ["test"], environments: [environment("prod", .init(evidence: policy))])
        let state = try await bench.start(plan)
        let shown = state.evidence(about: "p1", asked: ["test", "diff"], for: "prod").map(\.step)
        #expect(shown.contains("test") && !shown.contains("up/diff"), "\(shown)")
    }

    /// Those who have a key and may not decide there are not named.
    @Test func onlyThoseWhoMayAreNamedWhereASignatureIsMissing() async throws {
        let policy = ApprovalPolicy(role: "release-manager", distinctFrom: [.committers], signed: .required)
        let bench = Bench(Found().executor)
        _ = try await bench.start(guardedPlan([("approval", .approval(policy))]))
        let refusal = await bench.refusal { try await bench.decisions.approve("r1", "prod", by: .ann) }
        #expect(refusal?.code == "gate/unsigned")
        #expect(refusal?.notes.last == "these have a key in environments/roles.yaml: ann@contoso.com")
    }
}
