import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

@Suite struct GateTests {
    private func bench() -> Bench {
        Bench(
            ScriptedExecutor { step, _, attempt in
                if case .gate(.preview) = step.work {
                    return .succeeded([
                        "package": "p1", "plan": "d1", "target": "t1", "summary": "", "changes": [], "details": .null,
                    ])
                }
                return .succeeded(["approved": .string(attempt.approved?.plan ?? "")])
            })
    }

    @Test func aWindowThatClosedMeanwhileIsAskedAgain() async throws {
        let executor = ScriptedExecutor { _, _, attempt in
            attempt.number == 1 ? .failed(StageFailure(.broken, "test/broken", "not today")) : .succeeded([:])
        }
        let opening = Mutex<Double>(0)
        let bench = Bench(executor)
        let begin = bench.clock.now
        let runner = Runner(
            store: bench.store, clock: bench.clock.clock, settings: bench.settings,
            opening: { _, _, now in
                let seconds = opening.withLock { $0 }
                let date = max(now, begin.addingTimeInterval(seconds))
                return WindowPolicy.Opening(date: date, isOpen: date == now, reason: "closed for the night")
            },
            executor: { _ in executor })
        var guarded = step("prod", .once, environment: "prod")
        guarded.needs = [Need("prod.window", .gate)]
        let steps = [gate("prod.window", .window([], freezes: []), before: "prod"), guarded]
        let first = try await runner.start(plan(steps), RunRequest(run: "r1", requester: "eve@contoso.com")).state
        #expect(first.status == .failed)
        // The night has come: the gate that was open is shut, and the deployment waits for the morning.
        opening.withLock { $0 = 36_000 }
        let second = try await runner.resume("r1", by: "eve@contoso.com").state
        #expect(second.status == .waiting)
        #expect(second["prod.window"]?.status == .waiting)
        #expect(executor.calls.count == 1)
    }

    @Test func anApproverAloneCannotBypass() async throws {
        let bench = Bench()
        let policy = ApprovalPolicy(role: "release-manager", count: 2, distinctFrom: [.requester])
        _ = try await bench.start(plan(promotion(policy)))
        await #expect(throws: Refusal.self) {
            try await bench.decisions.bypass("r1", "prod", by: .init(email: "ann@contoso.com"), reason: "hurry")
        }
    }

    @Test func nothingToChangeIsNotAskedAbout() async throws {
        let executor = ScriptedExecutor { step, _, _ in
            if case .gate(.preview) = step.work {
                let preview = Preview(package: "p", plan: "n", target: "t", changesNothing: true)
                // A preview can always be written as a value.
                return .succeeded((try? ValueEncoder().encode(preview)) ?? .null)
            }
            return .succeeded([:])
        }
        let state = try await Bench(executor).start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        #expect(state.status == .succeeded)
        #expect(state["prod.approval"]?.decisions == [])
        #expect(state["prod.approval"]?.output?["reason"]?.string == "nothing would change")
    }

    @Test func enoughDifferentPeopleOpenAGate() async throws {
        let bench = bench()
        let policy = ApprovalPolicy(role: "release-manager", count: 2)
        let state = try await bench.start(plan(promotion(policy)))
        #expect(state.status == .waiting)
        #expect(state.statuses["prod.approval"] == .waiting)
        #expect(state.summary.waits.first?.role == "release-manager")
        #expect(bench.executor.order == ["prod.preview"])
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ANN@contoso.com"))
        #expect(try await bench.resume().status == .waiting)
        await #expect(throws: Refusal.self) {
            try await bench.decisions.approve("r1", "prod.approval", by: .init(email: "ann@contoso.com"))
        }
        try await bench.decisions.approve("r1", "prod.approval", by: .init(email: "bob@contoso.com"), comment: "fine")
        let end = try await bench.resume()
        #expect(end.status == .succeeded)
        #expect(end["prod"]?.output == ["approved": "d1"])
        #expect(end["prod.approval"]?.decisions.map(\.package) == ["p1", "p1"])
        // Whoever takes it up looks whether the plan is still the same.
        #expect(bench.executor.order == ["prod.preview", "prod.preview", "prod.preview", "prod"])
    }

    @Test(arguments: [
        ("eve@contoso.com", "asked for the run"), ("bob@contoso.com", "wrote commits"),
        ("nobody@contoso.com", "does not have the role"),
    ])
    func somePeopleDoNotCount(_ person: String, _ reason: String) async throws {
        let bench = bench()
        let policy = ApprovalPolicy(role: "release-manager", distinctFrom: [.requester, .committers])
        let before = try await bench.start(plan(promotion(policy)))
        let refusal = await #expect(throws: Refusal.self) {
            try await bench.decisions.approve("r1", "prod", by: .init(email: person))
        }
        #expect(refusal?.message.contains(reason) == true)
        #expect(
            refusal?.notes == [
                "these may: ann@contoso.com", "not bob@contoso.com, who wrote commits that are released",
                "not Eve@contoso.com, who asked for the run",
            ])
        #expect(try await RunState.load("r1", from: bench.store).sequence == before.sequence)
    }

    @Test func rejectionIsNotAFailure() async throws {
        let bench = bench()
        _ = try await bench.start(
            plan(promotion(ApprovalPolicy(role: "release-manager")) + [step("notes", finally: true)]))
        await #expect(throws: Refusal.self) {
            try await bench.decisions.reject("r1", "prod", by: .init(email: "ann@contoso.com"), comment: " ")
        }
        try await bench.decisions.reject("r1", "prod", by: .init(email: "ann@contoso.com"), comment: "too late")
        let state = try await bench.resume()
        #expect(state.status == .rejected)
        #expect(state.statuses["prod.approval"] == .rejected)
        #expect(state.statuses["prod"] == .blocked)
        #expect(state.statuses["notes"] == .succeeded)
        #expect(state.why("prod.approval", now: bench.clock.now)?.headline == "ann@contoso.com said no: too late")
        await #expect(throws: Refusal.self) {
            try await bench.decisions.approve("r1", "prod", by: .init(email: "bob@contoso.com"))
        }
        // Resumed, people are asked again, and the old no does not count.
        #expect(try await bench.resume().status == .waiting)
        try await bench.decisions.approve("r1", "prod", by: .init(email: "bob@contoso.com"))
        #expect(try await bench.resume().status == .succeeded)
    }

    @Test func questionsExpire() async throws {
        let bench = bench()
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager", expires: 3600))))
        bench.clock.advance(by: 3601)
        let refusal = await #expect(throws: Refusal.self) {
            try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        }
        #expect(refusal?.code == "gate/expired")
        let state = try await bench.resume()
        #expect(state.status == .rejected)
        #expect(state.why("prod", now: bench.clock.now)?.headline == "is blocked by 'prod.approval'")
    }

    @Test func aRunnerMayWaitForPeople() async throws {
        var bench = bench()
        bench.settings.personPatience = 100_000
        let task = Task { [bench] in
            try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager")))).status
        }
        while try await bench.store.runs(matching: .all).first?.events ?? 0 < 4 { await Task.yield() }
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        #expect(try await task.value == .succeeded)
    }

    @Test(arguments: [StageDescription.Effect.none, .repeatable, .once])
    func whatOthersWriteInBetweenIsTakenIn(_ effect: StageDescription.Effect) async throws {
        let decisions = Mutex<Decisions?>(nil)
        let executor = ScriptedExecutor { step, _, _ in
            guard step.id.rawValue.hasPrefix("work") else { return .succeeded([:]) }
            if step.id == "work2" {
                // The gate waits already, and no clock ticks: the two writes meet.
                while (try? await decisions.withLock({ $0 })?.approve("r1", "prod", by: .init(email: "ann@contoso.com")))
                    == nil
                {
                    await Task.yield()
                }
            }
            for _ in 0..<20 { await Task.yield() }
            return .succeeded([:])
        }
        let bench = Bench(executor, clock: ManualClock(jump: 0))
        decisions.withLock { $0 = bench.decisions }
        let work = (0..<6).map { step(StepID("work\($0)"), effect, needs: $0 == 5 ? ["work2"] : []) }
        let state = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager")) + work))
        #expect(state.status == .succeeded)
        #expect(executor.violations == [])
        #expect(executor.calls.count == 8)
        let stored = try await RunState.load("r1", from: bench.store)
        #expect(stored.steps == state.steps)
    }

    @Test func staleBesideOthersLeavesNoPlaceTaken() async throws {
        let executor = ScriptedExecutor { step, _, attempt in
            for _ in 0..<5 { await Task.yield() }
            return step.id == "prod" && attempt.number < 3
                ? .failed(StageFailure(.stale, "t/stale", "changed")) : .succeeded([:])
        }
        var guarded = step("prod", .once, environment: "prod")
        guarded.needs = [Need("prod.preview", .gate)]
        var steps = [gate("prod.preview", .preview, before: "prod"), guarded]
        for number in 0..<12 {
            steps.append(step(StepID("s\(number)"), .repeatable, needs: number < 2 ? [] : [StepID("s\(number - 2)")]))
        }
        var bench = Bench(executor)
        bench.settings.width = 2
        #expect(try await bench.start(plan(steps)).status == .succeeded)
        #expect(executor.busiest == 2)
    }

    @Test func bypassIsAnotherActWithAReason() async throws {
        let bench = bench()
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager", count: 2))))
        await #expect(throws: Refusal.self) {
            try await bench.decisions.bypass("r1", "prod", by: .init(email: "boss@contoso.com"), reason: "")
        }
        await #expect(throws: Refusal.self) {
            try await bench.decisions.bypass("r1", "prod", by: .init(email: "nobody@contoso.com"), reason: "x")
        }
        try await bench.decisions.bypass("r1", "prod", by: .init(email: "boss@contoso.com"), reason: "incident 7")
        let state = try await bench.resume()
        #expect(state.status == .succeeded)
        #expect(state["prod.approval"]?.output == ["bypassedBy": "boss@contoso.com", "reason": "incident 7"])
        #expect(state.why("prod.approval", now: bench.clock.now)?.details.first?.contains("bypassed") == true)
    }

    /// The target changes when the gates are open already.
    @Test func changedTargetAsksAgain() async throws {
        let plans = Mutex("d1")
        let executor = ScriptedExecutor { step, _, attempt in
            let current = plans.withLock { plan in
                if step.id == "prod" { plan = "d2" }
                return plan
            }
            if case .gate(.preview) = step.work {
                return .succeeded([
                    "package": "p", "plan": .string(current), "target": "t", "summary": "", "changes": [],
                    "details": .null,
                ])
            }
            guard attempt.approved?.plan == current else {
                return .failed(StageFailure(.stale, "t/stale", "the environment has changed", notes: ["plan"]))
            }
            return .succeeded([:])
        }
        let bench = Bench(executor)
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        let voided = try await bench.resume()
        #expect(voided.status == .waiting)
        #expect(voided["prod.approval"]?.round == 2)
        let details = try #require(voided.why("prod.approval", now: bench.clock.now)?.details)
        #expect(
            details.contains { $0.hasSuffix(" (void since round 2: the plan changed from d1 to d2)") }, "\(details)")
        try await bench.decisions.approve("r1", "prod", by: .init(email: "ann@contoso.com"))
        let end = try await bench.resume()
        #expect(end.status == .succeeded)
        #expect(Set(executor.calls.filter { $0.step == "prod" }.map(\.token)).count == 2)
        #expect(try await bench.store.locks() == [])
    }

    @Test func staleForEverFails() async throws {
        let executor = ScriptedExecutor { step, _, _ in
            step.id == "prod" ? .failed(StageFailure(.stale, "t/stale", "changed")) : .succeeded([:])
        }
        let steps = [
            gate("prod.preview", .preview, before: "prod"),
            {
                var guarded = step("prod", .once, environment: "prod")
                guarded.needs = [Need("prod.preview", .gate)]
                return guarded
            }(),
        ]
        let bench = Bench(executor)
        let state = try await bench.start(plan(steps))
        #expect(state.status == .failed)
        #expect(executor.order.count { $0 == "prod" } == 5)
    }

    @Test func windowsAndSoakWaitForATime() async throws {
        let opens = ManualClock().now.addingTimeInterval(7200)
        let executor = ScriptedExecutor { step, _, _ in
            if case .gate(.eligible) = step.work {
                return .suspended(Suspension(.until(opens), code: "t/soak", message: "soaks"))
            }
            return .succeeded([:])
        }
        let freeze = Freeze(from: "2026-12-18", to: "2027-01-16", reason: "Year end")
        var deploy = step("prod", .once, environment: "prod")
        deploy.needs = [Need("prod.window", .gate), Need("prod.eligible", .gate)]
        let steps = [
            gate("prod.eligible", .eligible(after: "dev", soak: 3600), before: "prod"),
            gate("prod.window", .window([], freezes: [freeze]), before: "prod"), deploy,
        ]
        let bench = Bench(executor)
        let state = try await bench.start(plan(steps))
        #expect(state.status == .waiting)
        #expect(state.waits.count == 2)
        #expect(state["prod.window"]?.suspension?.message.contains("Year end") == true)
        for gate: StepID in ["prod.window", "prod.eligible"] {
            try await bench.decisions.bypass("r1", gate, by: .init(email: "boss@contoso.com"), reason: "hot fix")
        }
        #expect(try await bench.resume().status == .succeeded)
    }
}
