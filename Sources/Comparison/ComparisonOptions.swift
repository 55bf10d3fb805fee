/// How two definitions are compared.
public struct ComparisonOptions: Sendable {
    /// Who uses the API.
    public enum Profile: String, Sendable, Codable, CaseIterable {
        /// Flows and apps, which keep operationIds and parameter names and let the platform make the calls.
        case connector
        /// Programs that make the calls themselves.
        case http
    }

    /// Who uses the API; nil: a Swagger 2.0 revision is a connector, anything else is called over HTTP.
    public var profile: Profile?
    /// The day that dates of retirement are measured against.
    public var today: CalendarDay
    /// How many days a stable operation has to stay after it was announced to end; 0 asks for no date.
    public var stableGraceDays: Int
    /// The same for beta operations.
    public var betaGraceDays: Int
    /// Whether a breaking change without a raised `info.version` is a finding of its own.
    public var reportsVersionPolicy: Bool

    /// Options, each with its usual value.
    public init(
        profile: Profile? = nil, today: CalendarDay = .today, stableGraceDays: Int = 0, betaGraceDays: Int = 0,
        reportsVersionPolicy: Bool = false
    ) {
        self.profile = profile
        self.today = today
        self.stableGraceDays = stableGraceDays
        self.betaGraceDays = betaGraceDays
        self.reportsVersionPolicy = reportsVersionPolicy
    }
}
