/// Days in which an environment must not be changed.
public struct Freeze: Sendable, Hashable, Codable {
    /// The first day, `2026-12-18`.
    public var from: String
    /// The last day, inclusive.
    public var to: String
    public var reason: String
    /// The zone in which the days begin and end; UTC when absent.
    public var timeZone: String?

    public init(from: String, to: String, reason: String, timeZone: String? = nil) {
        self.from = from
        self.to = to
        self.reason = reason
        self.timeZone = timeZone
    }
}
