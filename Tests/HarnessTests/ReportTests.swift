import Documents
import Foundation
import Testing

@testable import Harness

struct ReportTests {
    private func report() -> HarnessReport {
        var passed = CaseResult(
            TestCase(name: "fine, \"quoted\"", action: "Get"), method: "GET", path: "/a", outcome: .passed)
        passed.status = 200
        passed.calls = 2
        passed.latency = 0.0123
        var failed = CaseResult(
            TestCase(name: "=bad", action: "Make", origin: .written(file: "cases/a.yaml", line: 3)), method: "POST",
            path: "/a", outcome: .failed, violations: [Violation(.status, "answered <500> & \u{1}")])
        failed.calls = 1
        failed.failedCalls = 1
        var skipped = CaseResult(TestCase(name: "later", action: "Get"), method: "GET", path: "/a", outcome: .skipped)
        skipped.reason = "not yet"
        return HarnessReport(
            title: "T & Co", version: "1.0.0", backend: "mock", startedAt: "2026-01-01T00:00:00Z", duration: 1.5,
            cases: [passed, failed, skipped], untested: [.init(action: "On", reason: "it is a trigger")], calls: 3,
            failedCalls: 1, success: 2.0 / 3, actions: 2, unexercised: ["Make"], coverage: 0.5,
            reads: LatencySummary(samples: 2, p50: 0.01, p95: 0.012, p99: 0.012, max: 0.0123), writes: nil,
            thresholds: [
                ThresholdResult(
                    metric: .success, limit: 0.99, measured: 2.0 / 3, samples: 3, verdict: .broken, isProven: false)
            ], notes: [])
    }

    @Test func csvIsQuotedAndRunsNothing() {
        let rows = report().csv.split(separator: "\r\n")
        #expect(rows.count == 4)
        #expect(rows[1] == "\"fine, \"\"quoted\"\"\",Get,GET,/a,generated,passed,200,2,0,0,0,12.3,")
        #expect(rows[2].hasPrefix("'=bad,Make,POST,/a,cases/a.yaml:3,failed,,1,1,0,0,,status: answered <500> & "))
        #expect(rows[3].hasSuffix(",not yet"))
    }

    @Test func junitCountsAgreeWithItsChildren() throws {
        let text = report().junit
        #expect(
            text.contains(#"<testsuites name="T &amp; Co" tests="4" failures="2" errors="0" skipped="1" time="1.500">"#)
        )
        #expect(text.components(separatedBy: "<testcase ").count - 1 == 4)
        #expect(text.components(separatedBy: "<failure ").count - 1 == 2)
        #expect(text.contains(#"file="cases/a.yaml" line="3""#))
        #expect(text.contains("answered &lt;500&gt; &amp; \u{FFFD}"))
    }

    @Test func jsonHoldsEverything() throws {
        let value = try Value(json: report().json())
        #expect(value["passed"] == false)
        #expect(value["cases"]?.list?.count == 3)
        #expect(value["thresholds"]?[0]?["measured"]?.double == 2.0 / 3)
    }

    @Test func textTellsFailuresFirst() {
        let text = report().text
        #expect(text.hasPrefix("FAILED  cases/a.yaml:3: =bad  (POST /a)\n        status: answered"))
        #expect(text.contains("BROKEN    success is 66.66 %, demanded is at least 99 % (3 calls)"))
        #expect(text.hasSuffix("not passed\n"))
    }
}
