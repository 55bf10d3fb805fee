import Foundation
import OpenAPI
import Testing

@testable import Harness

/// A backend that asks to be called later says nothing about the connector.
@Suite(.waits, .timeLimit(.minutes(20)))
struct ComeAgainTests {
    struct Answer: Sendable {
        var status = 200
        var retryAfter: String?
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Of `/a` and `/b`.
        var answers: [Answer]
        var thresholds: [(String, String)] = []
        var actions = ["GetA", "GetB"]
        var wait: Double?
    }

    static let cases = [
        Case(
            testDescription: "429 with seconds", answers: [Answer(status: 429, retryAfter: "70"), Answer()], wait: 70),
        Case(
            testDescription: "503 and 429, the longest counts",
            answers: [Answer(status: 503, retryAfter: "70"), Answer(status: 429, retryAfter: "90")], wait: 90),
        Case(testDescription: "429 without a time", answers: [Answer(status: 429), Answer()]),
        Case(testDescription: "503 without a time", answers: [Answer(status: 503), Answer()]),
        Case(
            testDescription: "503 with words", answers: [Answer(status: 503, retryAfter: "soon"), Answer()]),
        Case(testDescription: "500 with a time", answers: [Answer(status: 500, retryAfter: "70"), Answer()]),
        Case(
            testDescription: "another answer is wrong too",
            answers: [Answer(status: 429, retryAfter: "70"), Answer(status: 404)]),
        Case(
            testDescription: "one case is of no action that there is",
            answers: [Answer(status: 429, retryAfter: "70"), Answer()], actions: ["GetA", "GetC"]),
        Case(
            testDescription: "only coverage is missing, and would not be",
            answers: [Answer(status: 429, retryAfter: "70"), Answer()], thresholds: [("coverage", "100%")], wait: 70),
        Case(
            testDescription: "coverage would be missing all the same",
            answers: [Answer(status: 429, retryAfter: "70"), Answer()], thresholds: [("coverage", "100%")],
            actions: ["GetA"]),
        Case(
            testDescription: "the others are too slow",
            answers: [Answer(status: 429, retryAfter: "70"), Answer()], thresholds: [("readP95", "0.000001ms")]),
        Case(
            testDescription: "more seconds than there are in a year",
            answers: [Answer(status: 429, retryAfter: "1e300"), Answer()]),
        Case(testDescription: "nothing is wrong", answers: [Answer(), Answer()]),
    ]

    private static let definition = """
        {"openapi":"3.0.3","info":{"title":"a","version":"1"},"paths":{
        "/a":{"get":{"operationId":"GetA","responses":{"200":{"description":"ok"}}}},
        "/b":{"get":{"operationId":"GetB","responses":{"200":{"description":"ok"}}}}}}
        """

    private func report(_ one: Case) async throws -> HarnessReport {
        let server = LoopbackServer { request, _ in
            let answer = one.answers[request.path == "/a" ? 0 : 1]
            return MockAnswer(
                status: answer.status, headers: answer.retryAfter.map { [("Retry-After", $0)] } ?? [])
        }
        let definition = try Definitions.text(Self.definition)
        var options = HarnessOptions()
        options.generate = .none
        options.throttleRetries = 0
        options.thresholds = try Thresholds(texts: one.thresholds)
        let prepared = options
        return try await server.serve { origin in
            try await HarnessRun(
                definition, cases: one.actions.map { TestCase(name: $0, action: $0) }, backend: .url(origin),
                options: prepared
            ).run()
        }
    }

    @Test(arguments: cases) func theWaitIsKnownWhereNothingElseIsWrong(_ one: Case) async throws {
        let report = try await report(one)
        #expect(report.passed == (one.testDescription == "nothing is wrong"))
        #expect(report.retryAfter == one.wait, "\(report.text)")
    }

    @Test func aDateIsATimeToo() async throws {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let date = formatter.string(from: Date().addingTimeInterval(7200))
        let report = try await report(
            Case(testDescription: "a date", answers: [Answer(status: 503, retryAfter: date), Answer()]))
        let wait = try #require(report.retryAfter)
        #expect((3600...7200).contains(wait))
        #expect(report.failures.first?.violations.first?.message.hasPrefix("throttled (503); Retry-After ") == true)
        #expect(report.notes.first?.hasPrefix("1 case was throttled (503); Retry-After ") == true)
    }
}
