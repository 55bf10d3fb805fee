import Documents
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Somebody said that the data was loaded, a smoke test ran on that, the word is taken back, and the data is really loaded.
@Suite struct TakenBackTests {
    private let policy = EvidencePolicy(stages: ["smoke"])

    /// What the promotion would do, which changes when the package does.
    private final class World: Sendable {
        let package = Mutex("p1")
    }

    private func bench(_ world: World = World(), digest: String? = nil) -> Bench {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        return Bench(
            ScriptedExecutor(digest: { step, _ in step.id == "smoke" ? digest : nil }, available: { _ in true }) {
                step, _, attempt in
                if case .gate(.preview) = step.work {
                    let preview = Preview(package: world.package.withLock { $0 }, plan: "d1", target: "t1")
                    return .succeeded((try? ValueEncoder().encode(preview)) ?? .null)
                }
                return step.id == "load" && (attempt.number == 1 || attempt.recovering)
                    ? .suspended(doubt) : .succeeded([:])
            })
    }

    private func said(_ isDone: Bool) -> [Assumption] { [Assumption(step: "load", isDone: isDone)] }

    /// Beside it a gate fails as the word is no evidence.
    private func plan(_ smoke: Step, asks stages: [String] = ["load", "smoke"]) -> Plan {
        let policy = EvidencePolicy(stages: stages)
        return guardedPlan(
            [("evidence", .evidence(policy)), ("approval", .approval(ApprovalPolicy(role: "release-manager")))],
            before: [step("load", .once), smoke], evidence: ["load", "smoke"],
            environments: [environment("prod", .init(evidence: policy))])
    }

    /// The run once the data is really loaded.
    private func loaded(_ bench: Bench, _ plan: Plan) async throws -> RunState {
        _ = try await bench.start(plan)
        let failed = try await bench.resume("r1", said(true))
        try #require(failed.status == .failed && failed.statuses["smoke"] == .succeeded, "\(failed.statuses)")
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["load"])
        return try await bench.resume("r1", said(false))
    }

    @Test(arguments: [
        (StageDescription.Effect.none, "", String?.none), (.none, "", "d1"), (.repeatable, "", nil),
        (.repeatable, "none", nil),
    ])
    func whatDoesNoHarmIsDoneAgain(_ effect: StageDescription.Effect, _ written: String, _ digest: String?) async throws
    {
        let bench = bench(digest: digest)
        let smoke = step("smoke", effect, needs: ["load"], input: .map(["effect": .literal(.string(written))]))
        let state = try await loaded(bench, plan(smoke))
        // Also where a result of the same inputs is kept: it was made without the data.
        #expect(
            bench.executor.order.filter { $0 == "load" || $0 == "smoke" } == ["load", "smoke", "load", "load", "smoke"])
        #expect(state.statuses["prod.evidence"] == .succeeded && state.statuses["prod.approval"] == .waiting)
        try await bench.decisions.approve("r1", "prod", by: .bob)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// What took effect stays, and the gate does not take it for a test of what was loaded after it.
    @Test(arguments: [true, false]) func whatTookEffectStaysAndShowsNothing(_ isFar: Bool) async throws {
        let bench = bench()
        var plan = plan(step("smoke", .once, needs: [isFar ? "between" : "load"]))
        if isFar { plan.steps.insert(step("between", .once, needs: ["load"]), at: 1) }
        _ = try await bench.start(plan)
        let failed = try await bench.resume("r1", said(true))
        let names =
            isFar
            ? "'between', 'smoke', which came after it, took effect and stay, and show nothing"
            : "'smoke', which came after it, took effect and stays, and shows nothing"
        #expect(failed.remark(onTakingBack: "load")?.contains(names) == true)
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["load"])
        let state = try await bench.resume("r1", said(false))
        #expect(bench.executor.order.count { $0 == "smoke" } == 1)
        let failure = try #require(state["prod.evidence"]?.failure)
        // Nothing that resuming mends: who may bypass it is asked, and a new run is named.
        #expect(failure.code == "gate/no-evidence")
        let gate = try #require(state.planned("prod.evidence"))
        #expect(state.bypassOfMissingEvidence(at: gate) != nil)
        #expect(state.newRunToBeShown(at: gate)?.command == state.plan.startCommand)
        #expect(
            failure.message.hasSuffix("should show 'smoke', and it ran before 'load', which it comes after, was done"),
            "\(failure.message)")
        #expect(failure.notes.contains { $0.contains("a new run shows it") }, "\(failure.notes)")
        #expect(!state.evidence(about: "p1").contains { $0.name == "smoke" })
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "INC-1")
        _ = try await bench.resume()
        try await bench.decisions.approve("r1", "prod", by: .bob)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// Its second attempt was cut off as well: that it began is known, whatever is said of it then. What a look finds of the
    /// first attempt was begun before.
    @Test(arguments: [true, false]) func whenAnAttemptBeganCountsAndNotWhenItWasSeen(_ beganAnew: Bool) async throws {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        let isUp = Mutex(false)
        let bench = Bench(
            ScriptedExecutor(digest: { _, _ in nil }, available: { _ in true }) { step, _, attempt in
                if case .gate(.preview) = step.work {
                    let preview = Preview(package: "p1", plan: "d1", target: "t1")
                    return .succeeded((try? ValueEncoder().encode(preview)) ?? .null)
                }
                guard step.id == "load" else { return .succeeded([:]) }
                return attempt.recovering && isUp.withLock { $0 } ? .found([:]) : .suspended(doubt)
            })
        let plan = plan(step("smoke", .once, needs: ["load"]), asks: ["smoke", "load"])
        _ = try await bench.start(plan)
        var state = try await bench.resume("r1", said(true))
        try #require(state["prod.evidence"]?.failure?.code == "gate/bad-evidence", "\(state.statuses)")
        isUp.withLock { $0 = !beganAnew }
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["load"])
        if beganAnew {
            state = try await bench.resume("r1", said(false))
            try #require(state.statuses["load"] == .uncertain, "\(state.statuses)")
            state = try await bench.resume("r1", said(true))
        } else {
            state = try await bench.resume()
        }
        #expect(state["prod.evidence"]?.failure?.code == (beganAnew ? "gate/no-evidence" : nil), "\(state.statuses)")
        #expect(state.statuses["prod.evidence"] == (beganAnew ? .failed : .succeeded))
        #expect(bench.executor.order.count { $0 == "smoke" } == 1)
    }

    /// It does no harm in its place; what only looks does none anywhere.
    @Test func whatIsRepeatableIsNotDoneAgainBehindWhatStays() async throws {
        let bench = bench()
        var plan = plan(step("smoke", needs: ["migrate"]))
        plan.steps.insert(
            contentsOf: [
                step("reset", .repeatable, needs: ["load"]), step("check", needs: ["reset"]),
                step("migrate", .once, needs: ["check"]),
            ], at: 1)
        _ = try await loaded(bench, plan)
        let order = bench.executor.order
        for (name, times) in [("reset", 1), ("migrate", 1), ("check", 2), ("smoke", 2)] as [(String, Int)] {
            #expect(order.count { $0 == name } == times, "\(order)")
        }
    }

    /// What people approved counts on where nothing of it changed, and is asked anew where it did.
    @Test(arguments: [false, true]) func approvalsAreAskedAnewWhereWhatTheyAskedAboutChanges(_ changes: Bool)
        async throws
    {
        let world = World()
        let bench = bench(world)
        let policy = EvidencePolicy(stages: ["load"])
        var plan = guardedPlan(
            [("approval", .approval(ApprovalPolicy(role: "release-manager"))), ("evidence", .evidence(policy))],
            before: [step("load", .once), step("smoke", needs: ["load"])], evidence: ["load"],
            environments: [environment("prod", .init(evidence: policy))])
        plan.steps[2].needs.append(Need("smoke", .declared))
        _ = try await bench.start(plan)
        _ = try await bench.resume("r1", said(true))
        try await bench.decisions.approve("r1", "prod", by: .bob)
        let failed = try await bench.resume()
        try #require(failed.status == .failed && failed.statuses["prod.approval"] == .succeeded)
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["load"])
        if changes { world.package.withLock { $0 = "p2" } }
        let state = try await bench.resume("r1", said(false))
        #expect(state.binding(of: try #require(state.planned("prod"))).package == (changes ? "p2" : "p1"))
        #expect(state.statuses["prod.approval"] == (changes ? .waiting : .succeeded), "\(state.statuses)")
        #expect(state.status == (changes ? .waiting : .succeeded))
    }

    private func begun(_ id: StepID, _ attempt: Int, _ isLook: Bool = false) -> RunEvent.Kind {
        .started(id, attempt: attempt, token: "t", fence: nil, recovering: isLook)
    }

    private func ended(_ id: StepID, _ attempt: Int, found: Bool = false) -> RunEvent.Kind {
        .ended(id, attempt: attempt, .succeeded(output: [:], object: nil, inputDigest: nil, found: found))
    }

    private func resumed(_ only: StepID...) -> RunEvent.Kind {
        .resumed(by: "eve@contoso.com", process: "h:1", only: only)
    }

    private let doubt = RunEvent.Kind.suspended(
        "load", Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows"))

    private var begunInDoubt: RunEvent.Kind {
        var doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        doubt.hasBegun = true
        return .suspended("load", doubt)
    }

    /// What is wrong with a ledger in which `load` is said to be done, these things happen, and a gate opens on `smoke`.
    private func fault(_ kinds: [RunEvent.Kind], format: Int = RunEvent.format) throws -> String? {
        let gate = Step(
            id: "prod.evidence", work: .gate(.evidence(policy)), effect: .none, environment: "prod",
            needs: [Need("smoke", .evidence)], guarding: "prod")
        let plan = EngineTests.plan([
            step("load", .once), step("smoke", .once, needs: ["load"]), gate,
            step("prod", .once, needs: ["prod.evidence"], environment: "prod"),
        ])
        let first: [RunEvent.Kind] = [
            .created(RunCreation(run: "r1", plan: plan, requester: "eve@contoso.com")), begun("load", 1), doubt,
            .rested,
            resumed(), .assumed("load", done: true, by: "eve@contoso.com", comment: nil),
        ]
        let last: [RunEvent.Kind] = [
            .ended("prod.evidence", attempt: 0, .succeeded(output: [:], object: nil, inputDigest: nil)), .rested,
        ]
        var lines: [LedgerLine] = []
        for (place, kind) in (first + kinds + last).enumerated() {
            let event = RunEvent(
                sequence: place + 1, time: Date(timeIntervalSince1970: 1_790_000_000),
                previous: lines.last?.hash ?? "", kind: kind)
            let text = LedgerLine(event).text.replacing(
                "{\"format\":\(RunEvent.format),", with: "{\"format\":\(format),")
            lines.append(try LedgerLine(bytes: Array(text.utf8)))
        }
        return RunState.fault(lines, nil, "r1", nil)
    }

    /// What an earlier version opened is read as it was judged then. What a look finds had begun before.
    @Test(arguments: [(5, false, true), (6, false, false), (6, true, true), (5, true, true)])
    func whatRanTooEarlyWasEvidence(_ format: Int, _ isFound: Bool, _ isEvidence: Bool) throws {
        let fault = try fault(
            [
                begun("smoke", 1), ended("smoke", 1), resumed("load"), begun("load", 2, true),
                ended("load", 2, found: isFound),
            ], format: format)
        #expect((fault == nil) == isEvidence, "\(fault ?? "")")
    }

    /// A look that only could not tell has not begun to work, however often it is made.
    @Test func aLookThatCannotTellHasNotWorked() throws {
        let fault = try fault([
            begun("smoke", 1), ended("smoke", 1), resumed("load"), begun("load", 2, true), doubt, resumed(),
            begun("load", 3, true), ended("load", 3, found: true),
        ])
        #expect(fault == nil, "\(fault ?? "")")
    }

    /// A look that was cut off, stopped or too late may have found nothing and begun to work; one that has is known to.
    @Test(arguments: ["cut off", "too late", "cancelled", "lost", "begun"])
    func aLookThatDidNotEndMayHaveWorked(_ how: String) throws {
        let late = StageFailure(.transient, StageFailure.timeoutCode, "too long")
        let end: [RunEvent.Kind] =
            switch how {
            case "too late": [.ended("load", attempt: 2, .failed(late))]
            case "cancelled": [.ended("load", attempt: 2, .cancelled)]
            case "lost": [.ended("load", attempt: 2, .lost("the group was taken away"))]
            case "begun": [begunInDoubt]
            default: []
            }
        let fault = try fault(
            [begun("smoke", 1), ended("smoke", 1), resumed("load"), begun("load", 2, true)] + end
                + [resumed("load"), begun("load", 3, true), ended("load", 3, found: true)])
        #expect(fault?.contains("it ran before 'load', which it comes after, was done") == true, "\(fault ?? "")")
    }

    /// What was cut off before that may be what a look finds, however many looks there were.
    @Test func whatShowsSomethingMayBeOfItsFirstAttempt() throws {
        let fault = try fault([
            begun("smoke", 1), resumed("load"), begun("load", 2, true), ended("load", 2), begun("smoke", 2, true),
            resumed(), begun("smoke", 3, true), ended("smoke", 3, found: true),
        ])
        #expect(fault?.contains("it ran before 'load', which it comes after, was done") == true, "\(fault ?? "")")
    }

    /// What comes after everything is done once more anyway, so that nothing stays for its sake.
    @Test(arguments: [true, false]) func aCleanupKeepsNothingFromBeingDoneAgain(_ tells: Bool) async throws {
        let bench = bench()
        var plan = plan(step("smoke", .repeatable, needs: ["load"]))
        if tells {
            var tell = step("tell", .once)
            tell.isFinally = true
            tell.needs = [Need("smoke", .output("output"))]
            plan.steps.append(tell)
        }
        _ = try await bench.start(plan)
        let failed = try await bench.resume("r1", said(true))
        try #require(failed.status == .failed, "\(failed.statuses)")
        #expect(
            failed.remark(onTakingBack: "load") == "'load' is looked for; 'smoke', which came after it, is done again")
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["load"])
        let state = try await bench.resume("r1", said(false))
        #expect(state.statuses["prod.evidence"] == .succeeded, "\(state.statuses)")
        #expect(bench.executor.order.count { $0 == "smoke" } == 2)
    }
}
