/// When and how often a step that failed for a passing reason is tried again.
public struct RetryPolicy: Sendable, Hashable, Codable {
    /// Which failures are tried again.
    public enum Trigger: String, Sendable, Hashable, Codable, CaseIterable {
        case transient
        /// Also `broken`; never `rejected`.
        case any
    }

    /// How many attempts a pipeline may ask for: more is a slip of the finger, and would keep a run for years.
    static let mostAttempts = 1000

    /// All attempts, the first included; at least 1.
    public var attempts: Int
    /// Seconds before the second attempt.
    public var delay: Double
    /// Each further delay is the one before times this.
    public var factor: Double
    /// Seconds that no delay exceeds.
    public var longest: Double
    public var on: Trigger

    public init(attempts: Int, delay: Double = 1, factor: Double = 2, longest: Double = 300, on: Trigger = .transient) {
        self.attempts = attempts
        self.delay = delay
        self.factor = factor
        self.longest = longest
        self.on = on
    }
}
