import Documents
import Foundation
import OpenAPI

/// Runs one case: its calls, their repetition under throttling, and the pages that follow.
struct CaseRunner: Sendable {
    let definition: APIDefinition
    let caller: HTTPCaller
    let options: HarnessOptions
    private let actions: ActionTable
    private let judge: Judge
    private let breaker = ThrottleBreaker()

    init(definition: APIDefinition, caller: HTTPCaller, options: HarnessOptions) {
        self.definition = definition
        self.caller = caller
        self.options = options
        self.actions = ActionTable(definition)
        self.judge = Judge(definition)
    }

    func run(_ testCase: TestCase) async throws -> CaseRecord {
        guard let action = actions[testCase.action] else {
            let violation = Violation(.request, "the definition has no action '\(testCase.action)'")
            return CaseRecord(
                result: CaseResult(testCase, method: "", path: "", outcome: .failed, violations: [violation]),
                isRead: true)
        }
        let operation = action.operation
        var record = CaseRecord(
            result: CaseResult(
                testCase, method: operation.method.uppercased(), path: operation.path, outcome: .passed),
            isRead: action.isRead)
        if let reason = testCase.skipReason {
            record.result.outcome = .skipped
            record.result.reason = reason
            return record
        }
        let request: OutgoingRequest
        do throws(RequestBuilder.Problem) {
            request = try RequestBuilder(definition).request(testCase, operation)
        } catch {
            record.result.outcome = .failed
            record.result.violations = [Violation(.request, error.message)]
            return record
        }
        let isPositive = testCase.expectation.isPositive
        let count = testCase.repeats ?? (isPositive ? max(1, options.repeats) : 1)
        for _ in 0..<count {
            try await call(request, testCase, operation, &record)
            // Nothing is learned by waiting for the same silence again.
            if record.transport != nil { break }
        }
        record.result.outcome = record.result.violations.isEmpty ? .passed : .failed
        record.result.latency = record.latencies.max()
        return record
    }

    private func call(
        _ request: OutgoingRequest, _ testCase: TestCase, _ operation: OpenAPI.Operation, _ record: inout CaseRecord
    ) async throws {
        record.result.calls += 1
        do {
            let (answer, retries, throttling) = try await settled(request, testCase)
            record.answers += 1 + retries
            record.result.retries += retries
            record.result.status = answer.status
            if answer.status == 401 { record.unauthorized += 1 }
            var violations = judge.violations(of: answer, to: testCase, operation)
            if let throttling { explain(throttling, &violations, &record) }
            let succeeded = (200..<300).contains(answer.status)
            if succeeded, testCase.expectation.isPositive {
                if retries == 0 { record.latencies.append(answer.latency) }
                if violations.isEmpty, record.result.pages == 0 {
                    violations += try await followPages(after: answer, request, testCase, operation, &record)
                }
                record.didSucceed = record.didSucceed || violations.isEmpty
            }
            note(violations, &record)
        } catch let problem as TransportProblem {
            if case .unreachable(let cause) = problem {
                record.transport = CaseRecord.Cause(text: cause, isUnreachable: true)
            } else {
                record.transport = CaseRecord.Cause(text: problem.message, isUnreachable: false)
            }
            note([Violation(.transport, problem.message)], &record)
        }
    }

    private func note(_ violations: [Violation], _ record: inout CaseRecord) {
        guard !violations.isEmpty else { return }
        record.result.failedCalls += 1
        for violation in violations where !record.result.violations.contains(violation) {
            guard record.result.violations.count < 20 else { return }
            record.result.violations.append(violation)
        }
    }

    /// Says that the call was throttled in place of an unexpected status.
    private func explain(_ throttling: Throttling, _ violations: inout [Violation], _ record: inout CaseRecord) {
        record.throttling = throttling
        if let wait = throttling.wait { record.waits.append(wait) }
        violations.removeAll { $0.kind == .status }
        violations.insert(Violation(.throttled, throttling.text), at: 0)
    }

    /// The answer once throttling is over, how often the call was made again for it, and why it was not once more.
    private func settled(
        _ request: OutgoingRequest, _ testCase: TestCase
    ) async throws -> (Answer, retries: Int, Throttling?) {
        var retries = 0
        while true {
            let answer = try await caller.call(request, anonymously: testCase.isAnonymous)
            let wait = answer.header("retry-after").flatMap { RetryAfter.seconds($0, now: Date()) }
            // A backend that is away for a while says when it will be back; without that it is just broken.
            let isThrottled = answer.status == 429 || (answer.status == 503 && wait != nil)
            guard isThrottled, !testCase.expectation.allows(answer.status) else {
                if !isThrottled { breaker.note(isThrottled: false) }
                return (answer, retries, nil)
            }
            guard let cause = reasonToStop(wait, retries) else {
                retries += 1
                try await Task.sleep(for: .milliseconds(Int64((wait ?? 0) * 1000) + 1))
                continue
            }
            breaker.note(isThrottled: true)
            return (answer, retries, Throttling(cause: cause, status: answer.status, wait: wait))
        }
    }

    private func reasonToStop(_ wait: Double?, _ retries: Int) -> Throttling.Cause? {
        guard let wait else { return .noTime }
        if wait > options.longestRetryAfter { return .tooLong(wait) }
        if retries >= options.throttleRetries { return .exhausted(retries) }
        return breaker.isOpen ? .given : nil
    }

    // MARK: - Paging

    private func followPages(
        after first: Answer, _ request: OutgoingRequest, _ testCase: TestCase, _ operation: OpenAPI.Operation,
        _ record: inout CaseRecord
    ) async throws -> [Violation] {
        guard let paging = Paging(operation, definition: definition, baseURL: caller.baseURL) else { return [] }
        var seen: Set<String> = []
        var answer = first
        record.result.pages = 1
        while true {
            let target: String
            switch paging.next(in: answer.body) {
            case .end: return []
            case .wrong(let message): return [Violation(.paging, message)]
            case .page(let address): target = address
            }
            guard seen.insert(target).inserted else {
                return [Violation(.paging, "page \(record.result.pages) leads back to a page that was read before")]
            }
            guard record.result.pages < options.pageLimit else {
                return [Violation(.paging, "there is no end after \(options.pageLimit) pages")]
            }
            var next = request
            next.target = target
            let (page, retries, throttling) = try await settled(next, testCase)
            record.answers += 1 + retries
            record.result.retries += retries
            record.result.pages += 1
            if retries == 0 { record.latencies.append(page.latency) }
            let plain = TestCase(name: testCase.name, action: testCase.action)
            var violations = judge.violations(of: page, to: plain, operation)
            if let throttling { explain(throttling, &violations, &record) }
            if !violations.isEmpty {
                return violations.map { Violation($0.kind, "on page \(record.result.pages): \($0.message)") }
            }
            answer = page
        }
    }
}
