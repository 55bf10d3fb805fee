import Documents
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// Gates that ask what stages have shown of the package.
@Suite struct EvidenceGateTests {
    private let week = 604_800.0

    private func policy(_ age: Double? = nil, _ stages: [String] = ["test"]) -> EvidencePolicy {
        EvidencePolicy(stages: stages, notOlderThan: age)
    }

    private func plan(_ policy: EvidencePolicy, _ before: [Step], more gates: [(String, Gate)] = []) -> Plan {
        guardedPlan(
            [("evidence", .evidence(policy))] + gates, before: before, evidence: before.map(\.id),
            environments: [environment("prod", .init(evidence: policy))])
    }

    /// How the stage `test` ends, and the code with which the gate fails; nil when it opens.
    @Test(
        arguments: [
            (StageOutcome.succeeded([:]), nil),
            (.failed(StageFailure(.rejected, "t/no", "two cases failed")), "gate/bad-evidence"),
        ] as [(StageOutcome, String?)])
    func aStageThatEndedWellIsEvidence(_ outcome: StageOutcome, _ code: String?) async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in step.id == "test" ? outcome : .succeeded(["package": "p1"]) })
        let state = try await bench.start(plan(policy(week), [step("test")]))
        #expect(state["prod.evidence"]?.failure?.code == code)
        #expect(state.statuses["prod"] == (code == nil ? .succeeded : .blocked))
        #expect(bench.executor.order.contains("prod") == (code == nil))
    }

    /// Stages that are in the plan, and what the gate asks for.
    @Test(arguments: [
        ("test", "test", true), ("checks/test", "test", true), ("test:a", "test", true), ("up/test:a/b", "test", true),
        ("test.work", "test", false), ("contest", "test", false), ("other", "test.work", true),
        ("other", "test", false),
    ])
    func stagesAreFoundByNameOrKind(_ stage: StepID, _ wanted: String, _ isFound: Bool) async throws {
        let state = try await Bench().start(plan(policy(nil, [wanted]), [step(stage)]))
        #expect(state.status == (isFound ? .succeeded : .failed))
        #expect(state["prod.evidence"]?.failure?.code == (isFound ? nil : "gate/no-evidence"))
    }

    @Test func whatIsMissingSaysWhatToDo() async throws {
        let bench = Bench()
        let state = try await bench.start(plan(policy(nil, ["test", "diff"]), [step("diff")]))
        let why = try #require(state.why("prod.evidence", now: bench.clock.now))
        #expect(
            why.headline
                == "failed: environment 'prod' asks for evidence: nothing shows 'test' of this package: "
                + "no stage of that name or kind ended well before")
        #expect(why.details.contains("add the stage to the pipeline, before the deployment"))
        #expect(why.details.contains { $0.hasPrefix("or `almrun bypass r1 prod.evidence") })
    }

    /// With what can be mended mended, the gate would fail once more.
    @Test func whatTheRunNeverShowsIsSaidFirst() async throws {
        let no = StageOutcome.failed(StageFailure(.rejected, "t/no", "two cases failed"))
        let bench = Bench(
            ScriptedExecutor { step, _, _ in step.id == "test" ? no : .succeeded(["package": "p1"]) })
        let state = try await bench.start(plan(policy(nil, ["test", "diff"]), [step("test")]))
        let failure = try #require(state["prod.evidence"]?.failure)
        #expect(failure.code == "gate/no-evidence" && failure.message.contains("nothing shows 'diff'"))
        #expect(failure.notes.first == "stage 'test' should show 'test', and it is failed", "\(failure.notes)")
        #expect(state.bypassOfMissingEvidence(at: try #require(state.planned("prod.evidence"))) == nil)
    }

    @Test func aSkippedStageShowsNothing() async throws {
        let off = step("test", when: when("diff", "level", "major"))
        let bench = Bench()
        let state = try await bench.start(plan(policy(), [step("diff"), off]))
        #expect(state.statuses["test"] == .skipped)
        #expect(state["prod.evidence"]?.failure?.code == "gate/no-evidence")
        let why = try #require(state.why("prod.evidence", now: bench.clock.now))
        #expect(why.headline.hasSuffix("nothing shows 'test' of this package: stage 'test' was skipped"))
        #expect(why.details.contains("let 'test' run: `almrun why r1 test` says why it was skipped"), "\(why.details)")
    }

    /// Where nothing would change nothing is asked for; once something would, the gate asks before it is done.
    @Test(arguments: [true, false]) func whereNothingWouldChangeNoneIsMissing(_ stays: Bool) async throws {
        let found = Found()
        found.set { $0.changesNothing = true }
        let bench = Bench(
            ScriptedExecutor { step, _, attempt in
                // A preview can always be written as a value.
                if case .gate(.preview) = step.work {
                    return .succeeded((try? ValueEncoder().encode(found.now)) ?? .null)
                }
                if !stays { found.set { ($0.changesNothing, $0.plan) = (false, "d2") } }
                guard attempt.approved == found.now else {
                    return .failed(
                        StageFailure(.stale, "t/stale", "what would happen has changed", changed: [.plan]))
                }
                return .succeeded([:])
            })
        let state = try await bench.start(plan(policy(), []))
        #expect(state.statuses["prod"] == (stays ? .succeeded : .blocked))
        #expect(state["prod.evidence"]?.failure?.code == (stays ? nil : "gate/no-evidence"))
        #expect(bench.executor.order.count { $0 == "prod" } == 1)
        let verified = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(verified.isSound, "\(verified.text)")
    }

    /// What a stage of the run was to show, and failed to, is bad whatever would change.
    @Test func aStageThatFailedIsBadWhereNothingWouldChange() async throws {
        let found = Found()
        found.set { $0.changesNothing = true }
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                step.id == "test"
                    ? .failed(StageFailure(.rejected, "t/no", "two cases failed"))
                    : .succeeded((try? ValueEncoder().encode(found.now)) ?? .null)
            })
        let state = try await bench.start(plan(policy(), [step("test")]))
        #expect(state["prod.evidence"]?.failure?.code == "gate/bad-evidence")
    }

    @Test func ofSeveralStagesAllMustBeGood() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                step.id == "test:b" ? .failed(StageFailure(.rejected, "t/no", "no")) : .succeeded([:])
            })
        let state = try await bench.start(plan(policy(), [step("test:a"), step("test:b")]))
        #expect(state["prod.evidence"]?.failure?.message.contains("'test:b'") == true)
    }

    // MARK: Age

    /// The age of a reused result against what the gate accepts.
    @Test func whatWasMadeLongAgoIsMadeAnew() async throws {
        let executor = ScriptedExecutor(
            digest: { step, _ in step.id == "test" ? "same" : nil }, available: { _ in true },
            script: { _, _, _ in .succeeded([:]) })
        let bench = Bench(executor)
        let plan = plan(policy(week), [step("test")])
        _ = try await bench.start(plan, run: "r0")
        bench.clock.advance(by: week / 2)
        #expect(try await bench.start(plan, run: "r1").statuses["test"] == .reused)
        bench.clock.advance(by: week)
        let state = try await bench.start(plan, run: "r2")
        #expect(state.statuses["test"] == .succeeded)
        #expect(state.status == .succeeded)
    }

    @Test func evidenceThatIsTooOldWhenTheGateIsAskedFails() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, attempt in
                step.id == "build" && attempt.number == 1
                    ? .failed(StageFailure(.broken, "t/broken", "not today")) : .succeeded([:])
            }, clock: ManualClock(jump: 0))
        var plan = plan(policy(3600), [step("test"), step("build")])
        plan.steps[plan.steps.count - 1].needs.append(Need("build", .declared))
        #expect(try await bench.start(plan).status == .failed)
        bench.clock.advance(by: 3601)
        let state = try await bench.resume()
        let failure = try #require(state["prod.evidence"]?.failure)
        // It was good when it was looked at first; under the lock it was asked again.
        #expect(failure.code == "gate/old-evidence")
        #expect(failure.message.contains("stage 'test' ended well on 2027-01-15T08:00:00"))
        #expect(failure.message.contains("it may be 1h old"))
        #expect(!bench.executor.order.contains("prod"))
    }

    /// People take their time; under the lock the evidence is looked at again.
    @Test(arguments: [(3599.0, true), (3601, false)])
    func evidenceIsLookedAtAgainBeforeTheDeployment(_ pause: Double, _ isGood: Bool) async throws {
        let bench = Bench(Found().executor)
        let approval = ("approval", Gate.approval(ApprovalPolicy(role: "release-manager")))
        _ = try await bench.start(plan(policy(3600), [step("test")], more: [approval]))
        bench.clock.advance(by: pause)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let state = try await bench.resume()
        #expect(state.statuses["prod"] == (isGood ? .succeeded : .blocked))
        #expect(state["prod.evidence"]?.failure?.code == (isGood ? nil : "gate/old-evidence"))
    }

    // MARK: Evidence of an earlier run

    /// The package that the evidence is of, how old it is, and the code with which the gate fails.
    @Test(
        arguments: [
            ("p1", 0.0, nil), ("p2", 0, "gate/no-evidence"), ("p1", 3601, "gate/old-evidence"),
        ] as [(String, Double, String?)])
    func anEarlierRunShowsItToo(_ package: String, _ age: Double, _ code: String?) async throws {
        let bench = Bench(Found().executor)
        let made = Evidence(
            name: "test", kind: "connector.test", run: "r0", step: "checks/test",
            time: bench.clock.now.addingTimeInterval(-age), package: package)
        for wanted in ["test", "connector.test"] {
            let run = RunID("run-\(wanted)")
            let request = RunRequest(run: run, requester: "eve@contoso.com", evidence: [made])
            let state = try await bench.runner.start(plan(policy(3600, [wanted]), []), request).state
            #expect(state["prod.evidence"]?.failure?.code == code)
            #expect(try await bench.state(of: run).evidence == [made])
        }
    }

    @Test func aRunHandsItsEvidenceOn() async throws {
        let bench = Bench(Found().executor)
        let other = step("other", input: .literal(["package": ["digest": "p9"]]))
        let state = try await bench.start(plan(policy(), [step("checks/test"), other]))
        let evidence = state.evidence(about: "p1")
        #expect(evidence.map(\.name) == ["test", "prod"])
        #expect(evidence.first?.run == "r1")
        #expect(evidence.first?.time == state["checks/test"]?.ended)
        #expect(state.evidence(about: "p9").map(\.name).contains("other"))
    }

    // MARK: Of this package

    /// A plan that makes the package `p1`, with a stage `test` that has these needs and works on this file.
    private func tied(_ test: Step, on path: String?, _ maker: Step, known: Bool = true) -> Plan {
        var test = test
        if let path { test.input = .map(["document": .literal(.string(path))]) }
        var maker = maker
        maker.input = .map(["source": .literal("connector/solution")])
        var lint = step("lint")
        lint.input = .map(["document": .literal("./connector/api/one.json")])
        maker.needs.append(Need("lint", .declared))
        var plan = plan(policy(), [lint, maker, step("dev", needs: [maker.id]), step("q"), test])
        plan.subjects = known ? ["lint": "document", "pack": "source", "test": "document"] : nil
        return plan
    }

    /// What the stage needs and what needs it, where it works, and whether it shows anything of the package.
    @Test(
        arguments: [
            ([], [], nil, false), (["pack"], [], nil, true), (["dev"], [], nil, true), (["q"], [], nil, false),
            ([], ["test"], nil, true), ([], [], "connector/solution", true),
            ([], [], "connector/solution/src/a.json", true),
            ([], [], "connector", true), ([], [], "connector/api/one.json", true),
            ([], [], "connector/api/two.json", false),
            ([], [], "connector/./x/../solution", true), ([], [], "connector/solution/../../other/a.json", false),
            ([], [], "connector/api/one.json/../two.json", false), ([], [], ".", false), ([], [], "", false),
            ([], [], "../connector/solution", false),
            ([], [], "connector/solution2", false), ([], [], "other", false), (["q"], [], "other", false),
        ] as [([StepID], [StepID], String?, Bool)])
    func evidenceIsOfThisPackage(
        _ needs: [StepID], _ before: [StepID], _ path: String?, _ isGood: Bool
    ) async throws {
        let made = Value.map(["package": ["digest": "p1", "solution": "S", "version": "1.0"]])
        let found = Found()
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                if case .gate(.preview) = step.work {
                    return .succeeded((try? ValueEncoder().encode(found.now)) ?? .null)
                }
                return .succeeded(step.id == "pack" ? made : [:])
            })
        let plan = tied(step("test", needs: needs), on: path, step("pack", needs: before))
        let state = try await bench.start(plan)
        let failure = state["prod.evidence"]?.failure
        #expect(failure?.code == (isGood ? nil : "gate/no-evidence"), "\(failure?.message ?? "")")
        #expect(state.evidence(about: "p1").map(\.name).contains("test") == isGood)
        if !isGood {
            #expect(
                failure?.message.hasSuffix(
                    "nothing shows 'test' of package p1: stage 'test' is neither given the package nor waited for by 'pack', "
                        + "which made it, and works on other files") == true, "\(failure?.message ?? "")")
            #expect(failure?.notes.contains { $0.contains("needs: [test]") } == true)
        }
        // A plan of an earlier version says nothing of files; what it opened then stays open.
        let old = try await bench.start(tied(step("test"), on: nil, step("pack"), known: false), run: "old")
        #expect(old.statuses["prod"] == .succeeded)
    }

    /// Beside a package that the run was given, a stage speaks for it when it is given it too.
    @Test func aPackageThatIsGivenIsNotShownByOthers() async throws {
        let given = step("test", input: .map(["package": .literal(["digest": "p1"])]))
        for (test, code) in [(step("test"), "gate/no-evidence"), (given, nil)] as [(Step, String?)] {
            var plan = plan(policy(), [test])
            plan.subjects = [:]
            let state = try await Bench(Found().executor).start(plan)
            #expect(state["prod.evidence"]?.failure?.code == code)
            #expect(
                state["prod.evidence"]?.failure?.message.contains("which this run has not made")
                    == code.map { _ in true })
        }
    }

    /// Where the run had a gate for the environment, only what it waited for counts, well or not; elsewhere not what comes after
    /// the last deployment, for which no gate waited.
    @Test(
        arguments: [(false, nil, true), (true, "prod", true), (true, "later", false), (true, nil, false)]
            as [(Bool, String?, Bool)])
    func whatTheGateDidNotWaitForSpoilsNothing(_ goesOn: Bool, _ environment: String?, _ counts: Bool) async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                step.id == "smoke"
                    ? .failed(StageFailure(.rejected, "t/no", "no")) : .succeeded(["package": ["digest": "p1"]])
            })
        let given = Argument.map(["package": .literal(["digest": "p1"])])
        var plan = plan(policy(nil, ["test.work"]), [step("check", input: given)])
        plan.steps.append(step("smoke", needs: ["prod"], input: given))
        if goesOn { plan.steps.append(step("later", .once, needs: ["smoke"], environment: "later")) }
        let state = try await bench.start(plan)
        #expect(state.statuses["prod"] == .succeeded && state.statuses["smoke"] == .failed)
        let shown = state.evidence(about: "p1", asked: ["test.work"], for: environment).map(\.name)
        #expect(shown.contains("check") == counts)
    }

    /// What a long run shows is found in one walk over its plan.
    @Test func aLongChainIsWalkedOnce() async throws {
        let count = 2_000
        let made = Value.map(["package": ["digest": "p1", "solution": "S", "version": "1.0"]])
        let bench = Bench(ScriptedExecutor { step, _, _ in .succeeded(step.id == "pack" ? made : [:]) })
        var steps = [step("pack")]
        for number in 0..<count { steps.append(step(StepID("s\(number)"), needs: [steps[steps.count - 1].id])) }
        for number in 0..<count { steps.append(step(StepID("t\(number)"))) }
        for number in 1..<count { steps[count + 1 + number].needs = [Need(StepID("t\(number - 1)"), .declared)] }
        var plan = plan(policy(), steps)
        plan.subjects = [:]
        let state = try await bench.start(plan)
        // What this thread worked, whatever else the machine does.
        func worked() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let begin = worked()
        let shown = Set(state.evidence(about: "p1").map(\.name))
        let seconds = worked() - begin
        #expect(shown.contains("s1999") && !shown.contains("t1999"))
        // Walking back from each step again takes more than ten times as long.
        #expect(seconds < 1, "\(seconds) s")
    }

    /// A stage about another package says nothing of this one.
    @Test func anotherPackageIsNoEvidence() async throws {
        let other = step("test", input: .literal(["package": ["digest": "p9"]]))
        let state = try await Bench(Found().executor).start(plan(policy(), [other]))
        #expect(state["prod.evidence"]?.failure?.code == "gate/no-evidence")
    }

    // MARK: Bypass

    @Test func aGateThatFailedCanBeBypassedAndTheRunResumed() async throws {
        let bench = Bench(Found().executor)
        let state = try await bench.start(plan(policy(), []))
        #expect(state.status == .failed)
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident 7")
        let end = try await bench.resume()
        #expect(end.status == .succeeded)
        #expect(end["prod.evidence"]?.output == ["bypassedBy": "boss@contoso.com", "reason": "incident 7"])
    }
}
