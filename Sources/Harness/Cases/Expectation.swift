/// What a case demands of the answer, beyond what the definition documents.
public struct Expectation: Sendable, Hashable {
    /// Demands on the value or values at one path of the body.
    public struct BodyDemand: Sendable, Hashable {
        /// Where.
        public var path: ValuePath
        /// What.
        public var matchers: [Matcher]
    }

    /// Demands on one header.
    public struct HeaderDemand: Sendable, Hashable {
        /// The header's name.
        public var name: String
        /// What.
        public var matchers: [Matcher]
    }

    /// The statuses of which one is expected; empty for any success.
    public var statuses: [StatusPattern] = []
    /// Demands on the body.
    public var body: [BodyDemand] = []
    /// Demands on headers.
    public var headers: [HeaderDemand] = []
    /// The longest time an answer may take, in seconds.
    public var maxLatency: Double?

    /// Demands; without any, a documented success is expected.
    public init(
        statuses: [StatusPattern] = [], body: [BodyDemand] = [], headers: [HeaderDemand] = [], maxLatency: Double? = nil
    ) {
        self.statuses = statuses
        self.body = body
        self.headers = headers
        self.maxLatency = maxLatency
    }

    /// Whether the status is one of those expected.
    public func allows(_ status: Int) -> Bool {
        statuses.isEmpty ? (200..<300).contains(status) : statuses.contains { $0.matches(status) }
    }

    /// Whether a success is expected: then the call counts for latency and coverage.
    public var isPositive: Bool {
        statuses.isEmpty
            || statuses.contains { pattern in
                switch pattern {
                case .exact(let status): status < 300
                case .hundred(let hundred): hundred == 2
                }
            }
    }

    /// The expected statuses for people.
    public var statusText: String {
        statuses.isEmpty ? "a success" : statuses.map(\.description).joined(separator: " or ")
    }
}
