import Documents
import Engine
import Pipelines
import Synchronization
import TestSupport
import Testing

/// A run that was called off and is taken up asks anew at every gate, and what comes after one waits for it, however much of
/// what lies between is done.
@Suite final class AskedAnewTests: Sendable {
    private let hanging = Mutex<Set<StepID>>([])
    private let failing = Mutex<Set<StepID>>([])

    private static func ask(_ id: StepID, needs: [StepID] = []) -> Step {
        Step(
            id: id, work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none,
            needs: needs.map { Need($0, .declared) })
    }

    /// A run of these steps that was cancelled while these hung, after these gates had been approved.
    private func cancelled(
        _ steps: [Step], at hung: Set<StepID>, gates: [StepID] = ["ask"], width: Int = 8
    ) async throws -> Bench {
        hanging.withLock { $0 = hung }
        let executor = ScriptedExecutor { [self] step, _, _ in
            if failing.withLock({ $0.contains(step.id) }) { return .failed(StageFailure(.rejected, "t/no", "no")) }
            guard hanging.withLock({ $0.contains(step.id) }) else { return .succeeded([:]) }
            do { try await Task.sleep(for: .seconds(60)) } catch { return .cancelled }
            return .succeeded([:])
        }
        var bench = Bench(executor)
        bench.settings.width = width
        _ = try await bench.start(plan(steps))
        for (gate, next) in zip(gates, gates.dropFirst()) {
            try await bench.decisions.approve("r1", gate, by: .ann)
            if try await bench.state[next]?.status != .waiting { _ = try await bench.resume() }
        }
        if let gate = gates.last { try await bench.decisions.approve("r1", gate, by: .ann) }
        let task = Task { [bench] in try await bench.resume() }
        while !hung.allSatisfy({ id in executor.calls.contains { $0.step == id } }) { await Task.yield() }
        _ = try await bench.decisions.cancel("r1", by: "bob@contoso.com")
        #expect(try await task.value.status == .cancelled)
        hanging.withLock { $0 = [] }
        return bench
    }

    @Test(arguments: [true, false]) func whatComesAfterWaits(_ isApproved: Bool) async throws {
        let steps = [
            Self.ask("ask"), step("ship", .once, needs: ["ask"]), step("after", .once, needs: ["ship"]), step("beside"),
        ]
        let bench = try await cancelled(steps, at: ["after"])
        let begun = bench.executor.calls.count
        let again = try await bench.resume()
        #expect(again.status == .waiting && bench.executor.calls.count == begun)
        #expect(again.statuses == ["ask": .waiting, "ship": .succeeded, "after": .pending, "beside": .succeeded])
        #expect(again.why("after", now: bench.clock.now)?.headline == "waits for 'ask'")
        if isApproved {
            try await bench.decisions.approve("r1", "ask", by: .ann)
            #expect(try await bench.resume().statuses["after"] == .succeeded)
        } else {
            try await bench.decisions.reject("r1", "ask", by: .ann, comment: "not this one")
            #expect(try await bench.resume().statuses["after"] == .blocked)
            #expect(bench.executor.calls.count == begun)
        }
    }

    /// What is not done again asks nobody, and asks anew when it is: what was said before the cancel counts no more.
    @Test func onlyTheGatesOfWhatIsDoneAgainAsk() async throws {
        let steps = [
            Self.ask("askEU"), step("shipEU", .once, needs: ["askEU"]), Self.ask("askUS"),
            step("shipUS", .once, needs: ["askUS"]),
        ]
        let bench = try await cancelled(steps, at: ["shipEU", "shipUS"], gates: ["askEU", "askUS"])
        let us = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["shipUS"]).state
        #expect(us.statuses == ["askEU": .cancelled, "shipEU": .cancelled, "askUS": .waiting, "shipUS": .pending])
        let refusal = await bench.refusal { try await bench.decisions.approve("r1", "askEU", by: .ann) }
        #expect(refusal?.code == "gate/not-waiting")
        try await bench.decisions.approve("r1", "askUS", by: .ann)
        let over = try await bench.resume()
        #expect(over.status == .cancelled && over.statuses["shipUS"] == .succeeded)
        let calls = bench.executor.calls.count
        let eu = try await bench.resume()
        #expect(eu.statuses["askEU"] == .waiting && eu.statuses["shipEU"] == .pending)
        #expect(bench.executor.calls.count == calls)
        try await bench.decisions.approve("r1", "askEU", by: .ann)
        #expect(try await bench.resume().statuses["shipEU"] == .succeeded)
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(found.text)")
    }

    /// What is named for what comes after several of them can be typed, also where something blocked lies between.
    @Test func allThatHasToBeDoneFirstIsNamed() async throws {
        let steps = [
            Self.ask("ask"), step("p", needs: ["ask"]), step("q", needs: ["p"]), step("z", needs: ["ask"]),
            step("v", needs: ["q", "z"]),
        ]
        failing.withLock { $0 = ["p"] }
        let bench = try await cancelled(steps, at: ["z"], width: 1)
        try #require(try await bench.state.statuses["q"] == .blocked)
        let refusal = await #expect(throws: Refusal.self) {
            try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["v"])
        }
        #expect(refusal?.notes == ["`almrun resume r1 --rerun p --rerun z --rerun v` takes up all of it"])
        #expect(try await bench.state.rerun(["p", "z", "v"]).count == 3)
    }

    /// What is cancelled behind a cancelled step is taken up with it, its gates too; what its condition leaves out asks nobody
    /// and ends well.
    @Test func whatIsBehindACancelledStepIsTakenUpWithIt() async throws {
        let policy = ApprovalPolicy(role: "release-manager")
        var steps = [
            Self.ask("ask"), step("ship", .once, needs: ["ask"]), Self.ask("other"), step("bind", needs: ["ship"]),
        ]
        steps += promotion(policy, to: "eu").map { step in
            var step = step
            if step.guarding == nil || step.work == .gate(.preview) { step.needs.append(Need("bind", .declared)) }
            return step
        }
        let bench = try await cancelled(steps, at: ["ship"])
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["other"])
        let state = try await bench.state
        #expect(state.statuses["other"] == .waiting && state.statuses["eu.approval"] == .cancelled)
        #expect(try state.rerun(["ship"]).contains("eu") && state.rerun(["ship"]).contains("eu.approval"))
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["ship"])
        try await bench.decisions.approve("r1", "ask", by: .ann)
        #expect(try await bench.resume().statuses["eu.approval"] == .waiting)
        try await bench.decisions.approve("r1", "eu", by: .ann)
        #expect(try await bench.resume().statuses["eu"] == .succeeded)
    }

    /// Where nothing that it holds is begun, nobody is asked: also not where what comes next is only blocked. The ledger says so.
    @Test func whatIsBehindAFailedStepAsksNobody() async throws {
        let steps = [
            Self.ask("ask"), step("ship", .once, needs: ["ask"]), step("after", .once, needs: ["ship"]), step("beside"),
            step("long", needs: ["ask"]),
        ]
        failing.withLock { $0 = ["ship", "beside"] }
        // One after the other.
        let bench = try await cancelled(steps, at: ["long"], width: 1)
        try #require(try await bench.state.statuses["after"] == .blocked)
        failing.withLock { $0 = ["ship"] }
        let state = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["beside"]).state
        #expect(state.statuses["ask"] == .cancelled && state.statuses["beside"] == .succeeded)
        #expect(state.statuses["after"] == .blocked && state.status.isFinished)
        let kinds = try await bench.store.events(of: "r1", after: 0).map(\.event.kind)
        let asked = try #require(kinds.firstIndex { if case .askedAnew = $0 { true } else { false } })
        guard case .cancelled("ask") = kinds[asked + 1] else {
            Issue.record("\(kinds[asked + 1])")
            return
        }
    }

    /// What could not begin is not taken: the first that has to be done is named, and nothing is written.
    @Test func whatComesAfterACancelledStepIsNotDoneAgainByItself() async throws {
        let steps = [
            Self.ask("ask"), step("ship", .once, needs: ["ask"]), step("after", needs: ["ship"]),
            step("last", needs: ["after"]),
        ]
        let bench = try await cancelled(steps, at: ["ship"])
        let before = try await bench.state.sequence
        let refusal = await #expect(throws: Refusal.self) {
            try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["last"])
        }
        #expect(refusal?.message == "'last' comes after 'ship', which is cancelled and is not done again")
        let way = "`almrun resume r1 --rerun ship --rerun last` takes up all of it"
        #expect(refusal?.notes == [way])
        #expect(try await bench.state.sequence == before)
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["ship", "last"])
        try await bench.decisions.approve("r1", "ask", by: .ann)
        let state = try await bench.resume()
        #expect(state.statuses["last"] == .succeeded, "\(state.statuses)")
    }

    /// An approval by itself that was left out is asked with what comes after it.
    @Test func whatIsDoneAgainLaterAsksAtTheGateThatWasLeftOut() async throws {
        let steps = [
            Self.ask("askEU"), step("shipEU", .once, needs: ["askEU"]), step("tellEU", needs: ["shipEU"]),
            Self.ask("askUS"), step("shipUS", .once, needs: ["askUS"]),
        ]
        let bench = try await cancelled(steps, at: ["shipEU", "shipUS"], gates: ["askEU", "askUS"])
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["shipUS"])
        try await bench.decisions.approve("r1", "askUS", by: .ann)
        #expect(try await bench.resume().status == .cancelled)
        let eu = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["shipEU"]).state
        #expect(eu.statuses["askEU"] == .waiting && eu.statuses["shipEU"] == .pending)
        try await bench.decisions.approve("r1", "askEU", by: .ann)
        let over = try await bench.resume()
        #expect(over.statuses["shipEU"] == .succeeded && over.statuses["tellEU"] == .succeeded)
    }

    /// The same of gates that stand before a deployment.
    @Test func onlyTheGatesOfWhatIsDeployedAgainAsk() async throws {
        let policy = ApprovalPolicy(role: "release-manager")
        let steps = promotion(policy, to: "eu") + promotion(policy, to: "us")
        let bench = try await cancelled(steps, at: ["eu", "us"], gates: ["eu.approval", "us.approval"])
        let us = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["us"]).state
        #expect(us.statuses["us.approval"] == .waiting && us.statuses["eu.approval"] == .cancelled)
        let all = try await bench.runner.cancel("r1", by: "eve@contoso.com")
        #expect(all.status == .cancelled)
        let anew = try await bench.resume()
        #expect(anew.statuses["us.approval"] == .waiting && anew.statuses["eu.approval"] == .waiting)
    }

    /// What its condition leaves out asks nobody, and the run ends well at the first resume.
    @Test func whatItsConditionLeavesOutIsLeftOutAgain() async throws {
        let us = promotion(ApprovalPolicy(role: "release-manager"), to: "us").map { step in
            var step = step
            step.condition = when("pick", "region", "us")
            step.needs.append(Need("pick", .condition("region")))
            return step
        }
        let bench = try await cancelled(
            [Self.ask("ask"), step("pick")] + us + [step("long", needs: ["ask"])], at: ["long"])
        try await #require(bench.state.statuses["us"] == .skipped)
        #expect(try await bench.resume().statuses["ask"] == .waiting)
        try await bench.decisions.approve("r1", "ask", by: .ann)
        let over = try await bench.resume()
        #expect(over.status == .succeeded && over.statuses["us.approval"] == .skipped, "\(over.statuses)")
    }

    /// What was left out by its condition holds back nothing that was cancelled behind it.
    @Test func whatIsBehindWhatWasLeftOutIsTakenUpToo() async throws {
        let steps = [
            Self.ask("ask"), step("pick"), step("us", needs: ["pick"], when: when("pick", "region", "us")),
            step("eu", .once, needs: ["ask"]), step("tell", needs: ["eu", "us"]),
        ]
        let bench = try await cancelled(steps, at: ["eu"])
        try await #require(bench.state.statuses["tell"] == .cancelled)
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["eu"])
        try await bench.decisions.approve("r1", "ask", by: .ann)
        let over = try await bench.resume()
        #expect(over.status == .succeeded && over.statuses["tell"] == .succeeded, "\(over.statuses)")
    }

    /// An approval behind which all is done, or nothing comes, asks nobody where something else is done again.
    @Test(arguments: [[], ["a"], ["a", "ask"]])
    func whatHasNothingToDoWithItAsksNobody(_ needs: [StepID]) async throws {
        let isSigned = !needs.isEmpty
        let steps = [
            Self.ask("ask"), step("a", .once, needs: ["ask"]), step("z"), Self.ask("go"),
            step("long", needs: ["go", "z"]),
        ]
        failing.withLock { $0 = [] }
        let sign = isSigned ? [Self.ask("sign", needs: needs)] : []
        let bench = try await cancelled(steps + sign, at: ["long"], gates: ["ask", "go"])
        let state = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["long"]).state
        #expect(state.statuses["ask"] == .cancelled && state.statuses["go"] == .waiting, "\(state.statuses)")
        try await bench.decisions.approve("r1", "go", by: .ann)
        let over = try await bench.resume()
        #expect(over.status == (isSigned ? .cancelled : .succeeded), "\(over.statuses)")
        guard isSigned else { return }
        // What is left asks when it is named, and with it what it comes after.
        let all = try await bench.resume()
        #expect(all.statuses["ask"] == .waiting, "\(all.statuses)")
        for gate in ["ask", "sign"] as [StepID] {
            try await bench.decisions.approve("r1", gate, by: .ann)
            _ = try await bench.resume()
        }
        #expect(try await bench.state.status == .succeeded)
    }

    /// What comes after what is named and after an approval that was cancelled is taken up, and that is asked.
    @Test func whatElseHasToBeApprovedIsAsked() async throws {
        let steps = [
            Self.ask("go"), step("z", needs: ["go"]), Self.ask("y"), step("w", needs: ["z", "y"]),
            step("long", needs: ["go"]),
        ]
        let bench = try await cancelled(steps, at: ["z", "long"], gates: ["go"])
        try await #require(bench.state.statuses["y"] == .cancelled)
        #expect(try await bench.state.rerun(["z"]) == ["y", "z", "w"])
        let state = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["z"]).state
        #expect(state.statuses["y"] == .waiting && state.statuses["w"] == .pending, "\(state.statuses)")
    }

    /// What had begun before an earlier cancel, and not since, is taken up with the approval before it.
    @Test func whatWasBegunInAnEarlierRoundIsTakenUpToo() async throws {
        let steps = [Self.ask("ask"), step("v", .once, needs: ["ask"]), step("w", .once, needs: ["v"])]
        let bench = try await cancelled(steps, at: ["v"])
        try await #require(bench.resume().statuses["ask"] == .waiting)
        try await #require(bench.runner.cancel("r1", by: "eve@contoso.com").status == .cancelled)
        let asked = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["ask"]).state
        #expect(asked.statuses == ["ask": .waiting, "v": .pending, "w": .pending])
        try await bench.decisions.approve("r1", "ask", by: .ann)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// What people opened and a no keeps from beginning stays as it is; the rest of the run goes on.
    @Test func aGateThatWasOpenedBehindANoStopsNothing() async throws {
        failing.withLock { $0 = ["test", "f"] }
        var shipping = guardedPlan(
            [("evidence", .evidence(EvidencePolicy(stages: ["test"], notOlderThan: 3600)))],
            before: [Self.ask("askEU"), step("test")], evidence: ["test"],
            environments: [environment("prod", .init(bypass: BypassPolicy(role: "bypass")))]
        ).steps
        for number in shipping.indices where shipping[number].guarding == "prod" || shipping[number].id == "prod" {
            shipping[number].needs.append(Need("askEU", .declared))
        }
        let bench = try await cancelled(
            shipping + [step("f", needs: ["askEU"]), Self.ask("ask"), step("last", needs: ["ask"])], at: ["last"],
            gates: ["askEU", "ask"])
        try await #require(bench.state.statuses["prod.evidence"] == .failed)
        _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["f", "last"])
        try await bench.decisions.reject("r1", "askEU", by: .ann, comment: "no")
        try await #require(bench.resume().status == .waiting)
        try await bench.decisions.bypass("r1", "prod.evidence", by: .boss, reason: "INC-1")
        let waiting = try await bench.resume()
        #expect(waiting.status == .waiting && waiting.statuses["prod.evidence"] == .failed)
        try await bench.decisions.approve("r1", "ask", by: .ann)
        let over = try await bench.resume()
        #expect(over.status.isFinished && over.statuses["last"] == .succeeded, "\(over.statuses)")
        #expect(!bench.executor.order.contains("prod"))
    }

    /// The run waits for somebody else: what people say of what a no has blocked is taken down, and nothing begins.
    @Test func whatIsBlockedInARunThatWaitsCanBeSpokenOf() async throws {
        let steps = [
            Self.ask("other"), Self.ask("ask"), step("prep", .once, needs: ["ask"]),
            step("ship", .once, needs: ["prep"]),
            step("broken"),
        ]
        failing.withLock { $0 = ["broken"] }
        let bench = try await cancelled(steps, at: ["ship"])
        _ = try await bench.resume()
        try await bench.decisions.reject("r1", "ask", by: .ann, comment: "no")
        let waiting = try await bench.resume()
        #expect(waiting.status == .waiting && waiting.statuses["ship"] == .blocked && waiting.stepsInDoubt == ["ship"])
        let why = try #require(waiting.why("ship", now: bench.clock.now))
        #expect(
            why.details.contains { $0.contains("`almrun resume r1 --assume ship=done` (or not-done) takes down") },
            "\(why)")
        #expect(!why.details.contains { $0.contains("--rerun") })
        // Beside something that goes on it would count as done.
        let refusal = await #expect(throws: Refusal.self) {
            try await bench.runner.resume(
                "r1", by: "ann@contoso.com", assumptions: [Assumption(step: "ship", isDone: true)], only: ["broken"])
        }
        #expect(refusal?.code == "run/not-in-doubt")
        #expect(refusal?.notes == ["say it by itself: `almrun resume r1 --assume ship=done`"])
        let calls = bench.executor.calls.count
        let ending = try await bench.runner.resume(
            "r1", by: "ann@contoso.com", assumptions: [Assumption(step: "ship", isDone: true)])
        #expect(ending.isOnlyNoted && ending.state.status == .waiting && ending.state.statuses["ship"] == .blocked)
        #expect(ending.state.stepsInDoubt.isEmpty)
        // What it blocks begins no more than before when something else is done again.
        failing.withLock { $0 = [] }
        let again = try await bench.runner.resume("r1", by: "eve@contoso.com", only: ["broken"]).state
        #expect(again.statuses["broken"] == .succeeded && again.statuses["ship"] == .blocked)
        #expect(again.stepsInDoubt.isEmpty)
        #expect(bench.executor.calls.dropFirst(calls).filter { $0.step != "broken" }.allSatisfy { $0.recovering })
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(found.text)")
    }

    /// What was cut off and then blocked by a no is in doubt as before: people can say what it did.
    @Test func aNoTakesNoDoubtAway() async throws {
        let steps = [Self.ask("ask"), step("prep", .once, needs: ["ask"]), step("ship", .once, needs: ["prep"])]
        let bench = try await cancelled(steps, at: ["ship"])
        let waiting = try await bench.resume()
        #expect(waiting.stepsInDoubt == ["ship"] && waiting.gatesAskedAnew(before: "ship") == ["ask"])
        try await bench.decisions.reject("r1", "ask", by: .ann, comment: "no")
        let over = try await bench.resume()
        #expect(over.status == .rejected && over.statuses["ship"] == .blocked)
        #expect(over.stepsInDoubt == ["ship"] && over.gatesAskedAnew(before: "ship").isEmpty)
        let said = try await bench.runner.resume(
            "r1", by: "ann@contoso.com", assumptions: [Assumption(step: "ship", isDone: true)])
        #expect(said.isOnlyNoted && said.state.stepsInDoubt.isEmpty)
    }

    /// What had failed and is begun again later waits for the gate as well.
    @Test func whatIsTakenUpLaterWaitsToo() async throws {
        failing.withLock { $0 = ["a"] }
        let steps = [
            Self.ask("ask"), step("prep", .once, needs: ["ask"]), step("a", .once, needs: ["prep"]),
            step("b", .once, needs: ["prep"]),
        ]
        let bench = try await cancelled(steps, at: ["b"])
        failing.withLock { $0 = [] }
        let begun = bench.executor.calls.count { $0.step == "a" }
        #expect(try await bench.runner.resume("r1", by: "ann@contoso.com", only: ["b"]).state.status == .waiting)
        try await bench.decisions.reject("r1", "ask", by: .ann, comment: "no")
        #expect(try await bench.resume().status.isFinished)
        let again = try await bench.resume()
        #expect(again.status == .waiting && again.statuses["ask"] == .waiting)
        #expect(bench.executor.calls.count { $0.step == "a" } == begun)
    }

    /// Of two gates one after the other the second one asks nobody before the first is open.
    @Test func theSecondOfTwoGatesWaitsForTheFirst() async throws {
        let steps = [
            Self.ask("ask"), step("x", .once, needs: ["ask"]), Self.ask("last", needs: ["x"]),
            step("y", .once, needs: ["last"]),
        ]
        let bench = try await cancelled(steps, at: ["y"], gates: ["ask", "last"])
        let again = try await bench.resume()
        #expect(again.statuses == ["ask": .waiting, "x": .succeeded, "last": .pending, "y": .pending])
        try await bench.decisions.reject("r1", "ask", by: .ann, comment: "no")
        #expect(try await bench.resume().status == .rejected)
    }
}
