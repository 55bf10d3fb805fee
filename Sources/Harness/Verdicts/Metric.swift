/// A figure of a run on which a threshold can be set.
public enum Metric: String, Sendable, Hashable, Codable, CaseIterable {
    /// The share of calls that were as they should be.
    case success
    /// The share of actions that gave a documented success.
    case coverage
    /// Percentiles of the latency of reads.
    case readP50, readP95, readP99
    /// Percentiles of the latency of writes.
    case writeP50, writeP95, writeP99

    /// Whether the figure is a share and not a time.
    public var isShare: Bool { self == .success || self == .coverage }

    /// Whether the figure is about reads, writes, or neither.
    var isRead: Bool? {
        switch self {
        case .readP50, .readP95, .readP99: true
        case .writeP50, .writeP95, .writeP99: false
        case .success, .coverage: nil
        }
    }

    /// The percentile of a latency.
    var percentile: Double? {
        switch self {
        case .readP50, .writeP50: 50
        case .readP95, .writeP95: 95
        case .readP99, .writeP99: 99
        case .success, .coverage: nil
        }
    }
}
