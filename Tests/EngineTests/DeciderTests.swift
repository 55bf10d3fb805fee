import Documents
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import Engine

@Suite struct DeciderTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let decider = Decider(width: 8, reuses: false)

    private func state(_ plan: Plan, _ kinds: RunEvent.Kind...) throws -> RunState {
        var state = try RunState(
            LedgerLine(
                RunEvent(
                    sequence: 1, time: now, previous: "",
                    kind: .created(RunCreation(run: "r", plan: plan, requester: "eve@contoso.com")))))
        for kind in kinds {
            try state.apply(
                LedgerLine(RunEvent(sequence: state.sequence + 1, time: now, previous: state.head, kind: kind)))
        }
        return state
    }

    private func commands(_ state: RunState) -> [Command] {
        var schedule = Schedule(state)
        return decider.decide(state, &schedule, now: now)
    }

    private func succeeded(_ step: StepID, _ output: Value = [:]) -> RunEvent.Kind {
        .ended(step, attempt: 1, .succeeded(output: output, object: nil, inputDigest: nil))
    }

    /// What a process leaves behind that is killed while it cleans up after a cancellation.
    @Test func aCancelledRunThatWasCutOffGoesOnWithWhatRunsAfterEverything() throws {
        let cut = try state(
            plan([step("a"), step("notes", finally: true)]), .cancelRequested(by: "eve@contoso.com", reason: nil),
            .cancelled("a"), .started("notes", attempt: 1, token: "t", fence: nil, recovering: false),
            .resumed(by: "eve@contoso.com", process: "h:2", only: []))
        let first = commands(cut)
        #expect(first.count == 1)
        guard case .start("notes", _, 2, _, _)? = first.first else {
            Issue.record("\(first)")
            return
        }
    }

    @Test func theSameArgumentsGiveTheSameCommands() throws {
        let state = try state(plan([step("a"), step("b"), step("c", needs: ["a"])]))
        let first = commands(state)
        #expect(first == commands(state))
        #expect(
            first.map { command in
                if case .start(let step, _, let attempt, _, let recovering) = command {
                    return "\(step) \(attempt) \(recovering)"
                }
                return "?"
            } == ["a 1 false", "b 1 false"])
    }

    @Test(arguments: [
        (StepStatus.succeeded, Need.Reason.declared, StepStatus?.none), (.skipped, .declared, nil),
        (.skipped, .output("x"), .skipped), (.skipped, .condition("x"), nil), (.skipped, .gate, .skipped),
        (.failed, .declared, .blocked), (.failed, .output("x"), .blocked), (.rejected, .gate, .blocked),
        (.cancelled, .declared, .blocked), (.blocked, .condition("x"), .blocked), (.reused, .output("x"), nil),
    ]) func aNeedSaysWhatFollows(_ status: StepStatus, _ reason: Need.Reason, _ expected: StepStatus?) throws {
        var user = step("b")
        user.needs = [Need("a", reason)]
        let ended: RunEvent.Kind =
            switch status {
            case .succeeded: succeeded("a", ["x": 1])
            case .skipped: .skipped("a", .condition([]))
            case .failed: .ended("a", attempt: 1, .failed(StageFailure(.broken, "t/t", "t")))
            case .rejected: .ended("a", attempt: 0, .rejected("no"))
            case .cancelled: .cancelled("a")
            case .blocked: .blocked("a", by: "a")
            default:
                .reused("a", ReusedResult(run: "q", step: "a", time: now, inputDigest: "d", output: ["x": 1]))
            }
        let state = try state(plan([step("a"), user]), ended)
        switch (commands(state).first, expected) {
        case (.start?, nil): break
        case (.record(.skipped("b", _))?, .skipped?): break
        case (.record(.blocked("b", by: "a"))?, .blocked?): break
        case (let command, _): Issue.record("\(status) \(reason): \(String(describing: command))")
        }
    }

    @Test func aMissingOutputIsNullAndNoText() throws {
        let plan = plan([
            step("a"), step("b", uses: [("a", "x")]),
            step("c", needs: ["a"], input: .text([.literal("v"), .reference(.output("a", name: "x", path: ["y"]))])),
        ])
        let commands = commands(try state(plan, succeeded("a")))
        guard case .start("b", let input, _, _, _) = commands[0] else { throw CancellationError() }
        #expect(input == ["a.x": .null])
        guard case .record(.ended("c", attempt: 0, .failed(let failure))) = commands[1] else {
            throw CancellationError()
        }
        #expect(failure.message == "'stages.a.x.y' has no value to put into a text")
    }

    @Test func tokensDifferByWhatTheyAreAbout() throws {
        let plan = plan([step("a", .once, input: .reference(.output("p", name: "x", path: [])))])
        let state = try state(plan)
        let one = state.token(of: plan.steps[0], input: ["package": ["digest": "p1"]])
        #expect(one.count == 64)
        #expect(one == state.token(of: plan.steps[0], input: ["package": ["digest": "p1"], "other": 1]))
        #expect(one != state.token(of: plan.steps[0], input: ["package": ["digest": "p2"]]))
        var other = plan.steps[0]
        other.environment = "prod"
        #expect(one != state.token(of: other, input: ["package": ["digest": "p1"]]))
    }

    @Test func conditionsMeanAnyOfMapsAndAllOfEntries() throws {
        func entry(_ name: String, _ expected: Value...) -> Condition.Entry {
            Condition.Entry(
                subject: name, argument: .reference(.output("a", name: name, path: [])), expected: expected)
        }
        let state = try state(plan([step("a")]), succeeded("a", ["x": 1, "y": "major", "z": true]))
        let holds: [[[Condition.Entry]]] = [
            [[entry("x", 1)]], [[entry("x", 1.0)]], [[entry("y", "minor", "major")]],
            [[entry("x", 2)], [entry("z", true)]],
            [[entry("x", 1), entry("z", true)]], [[entry("none", nil)]],
        ]
        for alternatives in holds { #expect(state.unmet(Condition(alternatives: alternatives)) == nil) }
        let fails: [[[Condition.Entry]]] = [
            [[entry("x", 2)]], [[entry("x", "1")]], [[entry("x", 1), entry("z", false)]], [[entry("none", "a")]],
        ]
        for alternatives in fails { #expect(state.unmet(Condition(alternatives: alternatives)) != nil) }
    }

    @Test func delaysGrowAndStayWithinTheirSpread() throws {
        let policy = RetryPolicy(attempts: 5, delay: 10, factor: 3, longest: 50)
        let plan = plan([step("a", retry: policy)])
        var current = try state(plan)
        var delays: [Double] = []
        for attempt in 1...5 {
            try current.apply(
                LedgerLine(
                    RunEvent(
                        sequence: current.sequence + 1, time: now, previous: current.head,
                        kind: .started("a", attempt: attempt, token: "t", fence: nil, recovering: false))))
            let kinds = decider.events(
                after: .failed(StageFailure(.transient, "t/t", "t")), of: plan.steps[0], attempt: attempt, in: current,
                now: now)
            if kinds.count == 2, case .retryScheduled(_, let at, _) = kinds[1] {
                delays.append(at.timeIntervalSince(now))
            }
        }
        #expect(delays.count == 4)
        for (delay, middle) in zip(delays, [10.0, 30, 50, 50]) {
            #expect(delay >= middle * 0.79 && delay <= middle * 1.21)
        }
    }
}
