import Documents
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import Engine

@Suite struct ScheduleTests {
    /// Takes everything that may start, in order, and lets it end in rounds.
    private func rounds(_ plan: Plan, width: Int, settled: Set<StepID> = []) -> [[String]] {
        var schedule = Schedule(plan, settled: settled)
        var result: [[String]] = []
        while !schedule.isDone, result.count < 100 {
            while let number = schedule.nextArrived() { schedule.enqueue(number) }
            var round: [Int] = []
            while let number = schedule.nextRunnable(plan, width: width) { round.append(number) }
            result.append(round.map { plan.steps[$0].id.rawValue })
            for number in round { schedule.end(number, plan) }
        }
        return result
    }

    private let diamond = plan([
        step("a"), step("b", needs: ["a"]), step("c", needs: ["a"]), step("d", needs: ["b", "c"]), step("e"),
        step("z", finally: true), step("y", needs: ["z"], finally: true),
    ])

    @Test func givesOutStepsInTheOrderOfThePlan() {
        #expect(rounds(diamond, width: 8) == [["a", "e"], ["b", "c"], ["d"], ["z"], ["y"]])
        #expect(rounds(diamond, width: 1) == [["a"], ["b"], ["c"], ["d"], ["e"], ["z"], ["y"]])
    }

    @Test func goesOnFromWhatHasEnded() {
        #expect(rounds(diamond, width: 8, settled: ["a", "e", "c"]) == [["b"], ["d"], ["z"], ["y"]])
        #expect(rounds(diamond, width: 8, settled: ["a", "b", "c", "d", "e"]) == [["z"], ["y"]])
        #expect(rounds(diamond, width: 8, settled: ["a", "b", "c", "d", "e", "z", "y"]) == [])
    }

    @Test func poolsAndEnvironmentsLimit() {
        let pool = Pool(name: "p", width: 2)
        let steps =
            (0..<5).map { step(StepID("p\($0)"), pool: pool) } + [step("x", .once, environment: "e")]
            + [step("y", .once, environment: "e"), step("r", .none, environment: "e")]
        #expect(
            rounds(plan(steps), width: 10) == [["p0", "p1", "x", "r"], ["p2", "p3", "y"], ["p4"]])
    }

    @Test func anEmptyPlanIsDone() {
        #expect(Schedule(plan([])).isDone)
    }

    @Test(.timeLimit(.minutes(10))) func costsEdgesAndNotThePlanForEachStep() {
        // 20,000 steps in one layer and a pool of one: rescanning would take minutes.
        let steps = (0..<20_000).map { step(StepID("s\($0)"), pool: $0 < 10_000 ? Pool(name: "p", width: 100) : nil) }
        #expect(rounds(plan(steps), width: 1000).flatMap(\.self).count == 20_000)
    }
}

extension Schedule {
    /// The step has ended, whatever the state says.
    fileprivate mutating func end(_ number: Int, _ plan: Plan) {
        postpone(number, plan)
        settle(number)
    }
}
