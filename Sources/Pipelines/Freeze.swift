/// Days in which an environment must not be changed.
public struct Freeze: Sendable, Hashable, Codable {
    /// The first day, `2026-12-18`.
    public var from: String
    /// The last day, inclusive.
    public var to: String
    public var reason: String
    /// The zone in which the days begin and end; UTC when absent.
    ///
    /// In an environment's file a freeze without one takes the zone of the windows beside it, where these have one zone.
    public var timeZone: String?

    public init(from: String, to: String, reason: String, timeZone: String? = nil) {
        self.from = from
        self.to = to
        self.reason = reason
        self.timeZone = timeZone
    }

    /// The name of the zone that counts.
    public var zone: String { timeZone ?? "UTC" }

    /// Its days in words, such as `2026-12-18 to 2027-01-06 Europe/Oslo`.
    public var days: String { "\(from) to \(to) \(zone)" }
}
