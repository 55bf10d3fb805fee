import Documents
import Engine
import Pipelines
import TestSupport
import Testing

/// What is shown as attempts is what did the work; looks are named as such.
@Suite struct AttemptCountTests {
    /// A run whose step was begun and never seen to end.
    private func interrupted(_ outcomes: StageOutcome...) async throws -> Bench {
        let bench = Bench(
            ScriptedExecutor { _, _, attempt in
                attempt.recovering ? outcomes[min(attempt.number - 2, outcomes.count - 1)] : .succeeded([:])
            })
        var state = try RunState(
            LedgerLine(
                RunEvent(
                    sequence: 1, time: bench.clock.now, previous: "",
                    kind: .created(
                        RunCreation(run: "r1", plan: plan([step("up", .once)]), requester: "eve@contoso.com")))))
        var lines = [
            LedgerLine(
                RunEvent(
                    sequence: 1, time: bench.clock.now, previous: "",
                    kind: .created(
                        RunCreation(run: "r1", plan: plan([step("up", .once)]), requester: "eve@contoso.com"))))
        ]
        let started = LedgerLine(
            RunEvent(
                sequence: 2, time: bench.clock.now, previous: state.head,
                kind: .started("up", attempt: 1, token: "t", fence: nil, recovering: false)))
        try state.apply(started)
        lines.append(started)
        try await bench.store.append(EventBatch(after: 0, lines: lines, summary: state.summary), to: "r1")
        return bench
    }

    @Test func whatWasFoundDoneWasOneAttempt() async throws {
        let bench = try await interrupted(.found(["x": 1]))
        let state = try await bench.resume()
        #expect(state.status == .succeeded)
        let known = try #require(state["up"])
        #expect((known.attempts, known.works, known.looks) == (2, 1, 1))
        #expect(known.output == ["x": 1])
        let details = try #require(state.why("up", now: bench.clock.now)?.details)
        #expect(details.contains("looked once what an interrupted attempt had done"))
        #expect(!details.contains { $0.hasPrefix("after ") })
        // Read again from its lines, it is the same.
        #expect(try await bench.state["up"] == known)
    }

    @Test func whatHadNotHappenedIsDoneInASecondAttempt() async throws {
        let bench = try await interrupted(.succeeded([:]))
        let known = try #require(try await bench.resume()["up"])
        #expect((known.works, known.looks) == (2, 0))
        #expect(try await bench.state.why("up", now: bench.clock.now)?.details.contains("after 2 attempts") == true)
    }

    /// What ended the attempt, whether it began by looking, how many there were of two, and whether it only looked.
    @Test(
        arguments: [
            (
                .ended("up", attempt: 2, .succeeded(output: [:], object: nil, inputDigest: nil, found: true)), true, 2,
                true
            ),
            (.ended("up", attempt: 2, .succeeded(output: [:], object: nil, inputDigest: nil)), true, 2, false),
            (.ended("up", attempt: 3, .failed(late)), true, 3, true),
            (.ended("up", attempt: 3, .failed(late)), false, 3, false),
            (.ended("up", attempt: 2, .failed(late)), true, 2, false),
            (.ended("up", attempt: 3, .failed(StageFailure(.transient, "t/t", "no"))), true, 3, false),
            (.suspended("up", Suspension(.uncertainEffect, code: "t/t", message: "?")), true, 2, true),
            (.suspended("up", Suspension(.uncertainEffect, code: "t/t", message: "?")), false, 2, false),
            (.suspended("up", Suspension(.approval, code: "t/t", message: "?")), true, 2, false),
            (.cancelled("up"), true, 2, false),
        ] as [(RunEvent.Kind, Bool, Int, Bool)])
    func oneRuleSaysWhatOnlyLooked(_ kind: RunEvent.Kind, _ wasLooking: Bool, _ tries: Int, _ onlyLooked: Bool) {
        #expect(kind.isOnlyLook(wasLooking: wasLooking, tries: tries, of: 2) == onlyLooked)
    }

    private static let late = StageFailure(.transient, StageFailure.timeoutCode, "too long")

    @Test func looksThatTellNothingAreNoAttempts() async throws {
        let doubt = StageOutcome.suspended(
            Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows"))
        let bench = try await interrupted(doubt)
        _ = try await bench.resume()
        let state = try await bench.resume()
        let known = try #require(state["up"])
        #expect((known.attempts, known.works, known.looks, known.tries) == (3, 1, 2, 1))
        let details = try #require(state.why("up", now: bench.clock.now)?.details)
        #expect(
            details.contains {
                $0.hasSuffix(", 1 attempt, looked 2 times what an interrupted attempt had done")
            }, "\(details)")
    }
}
