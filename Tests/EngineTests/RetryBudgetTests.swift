import Documents
import Engine
import Pipelines
import TestSupport
import Testing

@Suite struct RetryBudgetTests {
    private let policy = RetryPolicy(attempts: 3, delay: 5)

    @Test func aBudgetIsOnlyWhereSomethingIsTriedAgain() {
        #expect(RetryBudget(nil, tries: 1) == nil)
        #expect(RetryBudget(RetryPolicy(attempts: 1), tries: 1) == nil)
        let budget = RetryBudget(policy, tries: 1)
        #expect(budget?.current == "attempt 1 of 3")
        #expect(budget?.next == "attempt 2 of 3")
    }

    @Test(arguments: [
        (StageFailure.Kind.transient, 3, "3 of 3 attempts used"),
        (.transient, 1, "1 of 3 attempts used; not tried again, because the run was cancelled"),
        (.broken, 1, "not tried again: only 'transient' failures are, and this one is 'broken'"),
        (.rejected, 2, "not tried again: only 'transient' failures are, and this one is 'rejected'"),
    ])
    func aFailureSaysWhyItWasTheLast(_ kind: StageFailure.Kind, _ tries: Int, _ words: String) throws {
        let budget = try #require(RetryBudget(policy, tries: tries))
        #expect(budget.ending(StageFailure(kind, "t/t", "no")) == words)
    }

    @Test func aServiceThatAsksForDaysIsSaidToBeWhyNothingIsTriedAgain() throws {
        let budget = try #require(RetryBudget(policy, tries: 1))
        let failure = StageFailure(.transient, "t/t", "no", retryAfter: 2_592_000)
        #expect(!budget.goesOn(after: failure))
        #expect(
            budget.ending(failure)
                == "1 of 3 attempts used; not tried again: the service asks for 30d, and no more than 1h is waited")
        #expect(budget.goesOn(after: StageFailure(.transient, "t/t", "no", retryAfter: 3600)))
    }

    @Test func brokenIsTriedAgainWhereThePolicySaysAny() throws {
        let budget = try #require(RetryBudget(RetryPolicy(attempts: 2, on: .any), tries: 1))
        #expect(budget.goesOn(after: StageFailure(.broken, "t/t", "no")))
        #expect(!budget.goesOn(after: StageFailure(.rejected, "t/t", "no")))
    }

    @Test func whySaysWhichAttemptComesNextAndWhenAllAreUsed() async throws {
        let bench = Bench(
            ScriptedExecutor { step, _, _ in
                .failed(StageFailure(step.id == "flaky" ? .transient : .broken, "t/t", "not now"))
            })
        let state = try await bench.start(plan([step("flaky", retry: policy), step("broken", retry: policy)]))
        let flaky = try #require(state.why("flaky", now: bench.clock.now))
        #expect(flaky.details.contains("3 of 3 attempts used"))
        let broken = try #require(state.why("broken", now: bench.clock.now))
        #expect(broken.details.contains { $0.hasPrefix("not tried again: only 'transient'") })
        let begun = try RunState(
            Array(
                try await bench.store.events(of: "r1", after: 0).prefix { line in
                    if case .retryScheduled = line.event.kind { false } else { true }
                } + [
                    try #require(
                        await bench.store.events(of: "r1", after: 0).first {
                            if case .retryScheduled = $0.event.kind { true } else { false }
                        })
                ]))
        let retrying = try #require(begun.why("flaky", now: bench.clock.now))
        #expect(retrying.status == .retrying)
        #expect(retrying.details.first?.hasPrefix("attempt 2 of 3 at ") == true)
        #expect(retrying.details.last == "last time: not now")
    }
}
