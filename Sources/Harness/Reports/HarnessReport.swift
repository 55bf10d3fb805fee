/// Everything a run found out; every figure can be computed again from it.
public struct HarnessReport: Sendable, Hashable, Codable {
    /// The definition's title.
    public var title: String
    /// The definition's version.
    public var version: String?
    /// `mock`, or the backend's address without secrets.
    public var backend: String
    /// When the run started, ISO 8601 in UTC.
    public var startedAt: String
    /// How long it took, in seconds.
    public var duration: Double
    /// Every case in order: the written ones by file, then the generated ones.
    public var cases: [CaseResult]
    /// Actions for which no case was made, and why.
    public var untested: [CaseGenerator.Skipped]
    /// Calls made, pages and retries not counted.
    public var calls: Int
    /// Calls that were wrong in some way.
    public var failedCalls: Int
    /// The share of right calls; nil without calls.
    public var success: Double?
    /// How many actions there are, triggers left out.
    public var actions: Int
    /// The actions that gave no documented success.
    public var unexercised: [String]
    /// The share of actions that gave one; nil without actions.
    public var coverage: Double?
    /// The latency of successful GET, HEAD and OPTIONS calls.
    public var reads: LatencySummary?
    /// The latency of all other successful calls.
    public var writes: LatencySummary?
    /// How the run stands to each threshold.
    public var thresholds: [ThresholdResult]
    /// Facts that explain the figures.
    public var notes: [String]
    /// The seconds after which the backend asked to be called again, where that alone kept the run from passing.
    public var retryAfter: Double?

    /// Whether something was tested and no threshold is broken.
    public var passed: Bool { calls > 0 && brokenThresholds.isEmpty }

    /// The thresholds that are broken.
    public var brokenThresholds: [ThresholdResult] { thresholds.filter { $0.verdict == .broken } }

    /// The cases that failed.
    public var failures: [CaseResult] { cases.filter { $0.outcome == .failed } }

    /// The number of cases with an outcome.
    public func count(_ outcome: CaseResult.Outcome) -> Int { cases.count { $0.outcome == outcome } }
}
