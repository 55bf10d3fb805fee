import Foundation
import Testing

@testable import Harness

struct ThresholdTests {
    @Test func textsAreRead() throws {
        let limits = try Thresholds(texts: [
            ("success", "99.5%"), ("readP95", "750ms"), ("writeP95", "1.5s"), ("coverage", "0.95"), ("readP99", "900"),
        ]).limits
        #expect(limits == [.success: 0.995, .readP95: 0.75, .writeP95: 1.5, .coverage: 0.95, .readP99: 0.9])
        #expect(Thresholds().limits == [.success: 0.99])
    }

    @Test(arguments: [
        (
            "sucess", "99%",
            "there is no threshold 'sucess'; there are success, coverage, readP50, readP95, readP99, writeP50, writeP95, writeP99"
        ),
        ("success", "most", "the threshold 'success' is 'most', not a share such as 99%"),
        ("success", "750ms", "the threshold 'success' is '750ms', not a share such as 99%"),
        ("success", "101%", "the threshold 'success' is '101%', not a share such as 99%"),
        ("readP95", "fast", "the threshold 'readP95' is 'fast', not a time such as 750ms"),
        ("readP95", "-1s", "the threshold 'readP95' is '-1s', not a time such as 750ms"),
    ])
    func wrongTexts(_ name: String, _ text: String, _ message: String) {
        let problem = #expect(throws: Thresholds.Problem.self) { try Thresholds(texts: [(name, text)]) }
        #expect(problem?.message == message)
    }

    /// How many slower calls still prove a P95 with 95 % confidence.
    @Test(arguments: [(58, -1), (59, 0), (93, 1), (124, 2), (200, 4), (500, 16), (1000, 38)])
    func whatProvesAPercentile(_ samples: Int, _ allowed: Int) {
        #expect(Binomial.proves(share: 0.05, misses: allowed, of: samples) == (allowed >= 0))
        #expect(!Binomial.proves(share: 0.05, misses: allowed + 1, of: samples))
    }

    @Test(arguments: [(298, 0, false), (299, 0, true), (473, 1, true), (472, 1, false), (628, 2, true)])
    func whatProvesASuccessRate(_ calls: Int, _ failures: Int, _ proven: Bool) {
        #expect(Binomial.proves(share: 0.01, misses: failures, of: calls) == proven)
    }

    @Test func latenciesAreCounted() {
        var latencies = Latencies()
        #expect(latencies.summary == nil)
        for index in 1...100 { latencies.record(Double(index) / 1000) }
        #expect(abs((latencies.percentile(50) ?? 0) - 0.050) < 0.0005)
        #expect(abs((latencies.percentile(95) ?? 0) - 0.095) < 0.0005)
        #expect(abs((latencies.maximum ?? 0) - 0.1) < 0.0005)
        #expect(latencies.slower(than: 0.090) == 10)
        #expect(latencies.count == 100)
    }

    @Test func figuresAreShownHonestly() {
        #expect(PercentText.text(0.98999) == "98.99 %")
        #expect(PercentText.text(0.999999) == "99.99 %")
        #expect(PercentText.text(1) == "100 %")
        #expect(LatencyText.text(0.75) == "750 ms")
        #expect(LatencyText.text(0.00123) == "1.2 ms")
    }

    @Test(arguments: [
        ("5", 5.0), ("0", 0.0), ("1.5", 1.5), ("Sun, 06 Nov 1994 08:49:40 GMT", 3.0),
        ("Sun, 06 Nov 1994 08:49:30 GMT", 0.0),
    ])
    func retryTimes(_ text: String, _ seconds: Double) throws {
        let now = try #require(RetryAfter.httpDate("Sun, 06 Nov 1994 08:49:37 GMT"))
        #expect(now.timeIntervalSince1970 == 784_111_777)
        #expect(RetryAfter.seconds(text, now: now) == seconds)
    }

    @Test(arguments: ["", "soon", "-1", "nan", "Sun, 99 Nov 1994 08:49:37 GMT", "06 Nov 1994"])
    func wrongRetryTimes(_ text: String) { #expect(RetryAfter.seconds(text, now: Date()) == nil) }
}
