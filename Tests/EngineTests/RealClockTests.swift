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
        let endpoint = try ScriptedEndpoint([["429 Too Many Requests", "Retry-After: 1"], ["200 OK"]])
        let executor = ScriptedExecutor { [port = endpoint.port] _, _, _ in
            let answer = Self.call(port)
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
        // Without the wish it would be 20 ms. The two times are not taken at the same instant.
        #expect(time.timeIntervalSince(scheduled.time) > 0.5)
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

    /// Calls a port over HTTP; the seconds of `Retry-After` when it says 429.
    private static func call(_ port: UInt16) -> (status: Int, retryAfter: Double?) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return (0, nil) }
        let request = Array("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        _ = request.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { answer += buffer[..<count] }
        let lines = String(decoding: answer, as: UTF8.self).components(separatedBy: "\r\n")
        let header = lines.first { $0.hasPrefix("Retry-After: ") }?.dropFirst(13)
        return (Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0, header.flatMap { Double($0) })
    }
}
