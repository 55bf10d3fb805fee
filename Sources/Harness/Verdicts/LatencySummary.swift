/// The latency of one kind of call, in seconds: the time that one caller waits, from sending to the answer's last byte.
public struct LatencySummary: Sendable, Hashable, Codable {
    /// How many calls.
    public var samples: Int
    /// The median.
    public var p50: Double
    /// What 95 of 100 calls stay within.
    public var p95: Double
    /// What 99 of 100 calls stay within.
    public var p99: Double
    /// The slowest call.
    public var max: Double
}
