/// How a run calls the backend.
public struct HarnessOptions: Sendable {
    /// Which cases are made from the definition.
    public var generate: CaseGenerator.Scope = .all
    /// How many calls may be under way at once.
    public var concurrency = 4
    /// Seconds after which a call counts as unanswered.
    public var timeout = 30.0
    /// Seconds after which a connection counts as impossible.
    public var connectTimeout = 5.0
    /// How often a case that must succeed is called, for latency.
    public var repeats = 1
    /// How often a throttled call is made again.
    public var throttleRetries = 3
    /// The longest wait, in seconds, that a throttling backend may ask for.
    public var longestRetryAfter = 30.0
    /// How many pages are followed before paging counts as endless.
    public var pageLimit = 50
    /// What is sent to prove who calls.
    public var credentials = Credentials()
    /// What the run must reach.
    public var thresholds = Thresholds()

    /// The defaults.
    public init() {}
}
