import Reporting
import Testing

@Suite struct JUnitReportTests {
    @Test func everyVerdictHasItsElementAndItsCount() {
        let report = JUnitReport(
            suite: "release",
            cases: [
                .init(name: "lint", className: "release", seconds: 0.25, verdict: .passed),
                .init(
                    name: "a<b", className: "release", seconds: 1, verdict: .failed("no & never", details: "line\u{1}")),
                .init(name: "c", className: "release", verdict: .error("broken", details: "")),
                .init(name: "d", className: "release", verdict: .skipped("when")),
            ])
        #expect(
            report.xml == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites tests="4" failures="1" errors="1" skipped="1" time="1.250">
                  <testsuite name="release" tests="4" failures="1" errors="1" skipped="1" time="1.250">
                    <testcase name="lint" classname="release" time="0.250"/>
                    <testcase name="a&lt;b" classname="release" time="1.000">
                      <failure message="no &amp; never">line\u{FFFD}</failure>
                    </testcase>
                    <testcase name="c" classname="release" time="0.000">
                      <error message="broken"></error>
                    </testcase>
                    <testcase name="d" classname="release" time="0.000">
                      <skipped message="when"/>
                    </testcase>
                  </testsuite>
                </testsuites>

                """)
    }
}
