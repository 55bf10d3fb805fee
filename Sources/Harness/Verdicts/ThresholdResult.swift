/// How a run stands to one threshold.
public struct ThresholdResult: Sendable, Hashable, Codable {
    /// Kept, broken, or nothing to measure.
    public enum Verdict: String, Sendable, Hashable, Codable {
        /// The measured figure keeps the limit.
        case kept
        /// The measured figure breaks the limit.
        case broken
        /// Nothing was measured.
        case unmeasured
    }

    /// Which figure.
    public var metric: Metric
    /// A share from 0 to 1, or seconds.
    public var limit: Double
    /// A share from 0 to 1, or seconds; nil where nothing was measured.
    public var measured: Double?
    /// How many calls the figure stands on.
    public var samples: Int
    /// Kept, broken or unmeasured.
    public var verdict: Verdict
    /// Whether so many calls prove with 95 % confidence that the limit is kept; a small run can keep it by luck.
    public var isProven: Bool

    /// One line: `readP95 812 ms, allowed 750 ms (n = 120)`.
    public var description: String {
        let shown = measured.map(text) ?? "not measured"
        let bound = metric.isShare ? "at least" : "at most"
        let unit = metric == .coverage ? "actions" : "calls"
        let luck = verdict == .kept && !isProven ? ", too few to prove it" : ""
        return "\(metric.rawValue) is \(shown), demanded is \(bound) \(text(limit)) (\(samples) \(unit)\(luck))"
    }

    private func text(_ value: Double) -> String {
        metric.isShare ? PercentText.text(value) : LatencyText.text(value)
    }
}
