import Documents
import Foundation
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// What other suites show on a clock that they move by hand, once on the machine's own.
@Suite struct RealClockTests {
    /// A real backend says 429 and `Retry-After: 1`; the step comes again after that second, and says so.
    @Test func retryAfterOfARealEndpointIsHonoured() async throws {
        let endpoint = try ThrottlingEndpoint(retryAfter: 1)
        let executor = ScriptedExecutor { [port = endpoint.port] _, _, _ in
            let answer = ThrottlingEndpoint.call(port)
            guard answer.status == 200 else {
                return .failed(
                    StageFailure(
                        .transient, "t/throttled", "the backend says \(answer.status)", retryAfter: answer.retryAfter))
            }
            return .succeeded([:])
        }
        let step = Step(
            id: "call", work: .stage("test.work"), effect: .repeatable,
            retry: RetryPolicy(attempts: 3, delay: 0.01, factor: 1, longest: 0.02))
        let events = Mutex<[RunEvent]>([])
        let runner = Runner(
            store: MemoryRunStore(), clock: .system,
            observe: { notice in
                if case .event(let event) = notice { events.withLock { $0.append(event) } }
            }, executor: { _ in executor })
        let ending = try await runner.start(
            Plan(pipeline: "p", steps: [step]), RunRequest(run: "r1", requester: "ann@contoso.com"))
        #expect(ending.state.status == .succeeded)
        let times = endpoint.times
        try #require(times.count == 2)
        let pause = times[1] - times[0]
        #expect(pause >= .seconds(1))
        // People are told when it comes again, and why.
        let scheduled = try #require(
            events.withLock { events in
                events.first { if case .retryScheduled = $0.kind { true } else { false } }
            })
        guard case .retryScheduled("call", let time, let reason) = scheduled.kind else {
            Issue.record("another step is tried again")
            return
        }
        #expect(time.timeIntervalSince(scheduled.time) >= 0.999)
        #expect(reason.contains("the backend says 429"))
    }

    /// The jitter of many runs on the real clock: each waits at least four fifths of the delay, and they mean to come again at
    /// different times.
    @Test func jitterSpreadsRetriesOnTheRealClock() async throws {
        let retries = try await withThrowingTaskGroup(of: (planned: Double, waited: Double).self) { group in
            for number in 0..<8 {
                group.addTask {
                    let starts = Mutex<[ContinuousClock.Instant]>([])
                    let planned = Mutex(0.0)
                    let executor = ScriptedExecutor { _, _, attempt in
                        starts.withLock { $0.append(.now) }
                        return attempt.number == 1
                            ? .failed(StageFailure(.transient, "t/t", "not now")) : .succeeded([:])
                    }
                    let step = Step(
                        id: "call", work: .stage("test.work"), effect: .repeatable,
                        retry: RetryPolicy(attempts: 2, delay: 0.3, factor: 1, longest: 1))
                    let runner = Runner(
                        store: MemoryRunStore(), clock: .system,
                        observe: { notice in
                            guard case .event(let event) = notice,
                                case .retryScheduled("call", let time, _) = event.kind
                            else { return }
                            planned.withLock { $0 = time.timeIntervalSince(event.time) }
                        }, executor: { _ in executor })
                    _ = try await runner.start(
                        Plan(pipeline: "p", steps: [step]),
                        RunRequest(run: RunID("run-\(number)"), requester: "ann@contoso.com"))
                    let times = starts.withLock { $0 }
                    try #require(times.count == 2)
                    return (planned.withLock { $0 }, (times[1] - times[0]) / .seconds(1))
                }
            }
            return try await group.reduce(into: [(planned: Double, waited: Double)]()) { $0.append($1) }
        }
        #expect(retries.allSatisfy { $0.planned >= 0.235 && $0.waited >= $0.planned - 0.01 }, "\(retries)")
        let planned = retries.map(\.planned)
        #expect((planned.max() ?? 0) - (planned.min() ?? 0) > 0.01, "\(planned)")
    }
}
