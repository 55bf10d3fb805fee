/// How the mock behaves beside serving the definition.
public struct MockOptions: Sendable {
    /// The address to listen at; the mock is not meant for anything but loopback.
    public var host = "127.0.0.1"
    /// The port; 0 for a free one.
    public var port = 0
    /// Seconds by which each answer is held back.
    public var latency = 0.0
    /// Every so many calls one is answered 429; nil for never.
    public var throttleEvery: Int?
    /// The seconds in `Retry-After` of a 429.
    public var retryAfter = 1
    /// Every so many calls one is answered 500; nil for never.
    public var failEvery: Int?
    /// How many pages a pageable action has.
    public var pages = 2
    /// Whether a call without the declared credentials is answered 401.
    public var demandsCredentials = true
    /// Hears of every call.
    public var log: (@Sendable (MockExchange) -> Void)?

    /// The defaults: loopback, a free port, no fault.
    public init() {}
}
