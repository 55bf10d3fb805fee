public import struct Foundation.Date

/// A lease on something that one step at a time may change, across runs and processes.
public struct Lock: Sendable, Hashable, Codable {
    /// Such as `environment prod` or `group contoso-sales`.
    public var name: String
    public var run: RunID
    /// The step that holds it; empty when the run as a whole does.
    public var step: String
    /// Goes up with every new holder; a result that comes with an old one is refused.
    public var fence: Int
    public var since: Date
    /// When it may be taken over; nil while it must be released.
    public var expires: Date?

    public init(name: String, run: RunID, step: String, fence: Int, since: Date, expires: Date?) {
        self.name = name
        self.run = run
        self.step = step
        self.fence = fence
        self.since = since
        self.expires = expires
    }

    /// The highest number that there can be: whatever reads JSON keeps it as it is.
    public static let lastFence = 1 << 53 - 1

    /// The lock of an environment.
    public static func environment(_ name: String) -> String { "environment \(name)" }

    /// The environment whose lock has a name; nil for another lock.
    static func environmentName(of lock: String) -> String? {
        lock.hasPrefix(environment("")) ? String(lock.dropFirst(environment("").count)) : nil
    }

    /// The lock of a concurrency group.
    public static func group(_ name: String) -> String { "group \(name)" }
}
