public import Documents
public import OrderedCollections

/// One call with what it is to give.
public struct TestCase: Sendable {
    /// Where a case comes from.
    public enum Origin: Sendable, Hashable {
        /// A file, and the line at which the case starts.
        case written(file: String, line: Int)
        /// Made from the definition.
        case generated
    }

    /// Stable and unique within a run: reports and history are keyed by it.
    public var name: String
    /// The action that is called.
    public var action: String
    /// Values by parameter name; the body under its own name or `body`, single properties under `body/property`.
    public var parameters: OrderedDictionary<String, Value>
    /// Headers of this call alone.
    public var headers: [(name: String, value: String)]
    /// Demands on the answer.
    public var expectation: Expectation
    /// Where the case comes from.
    public var origin: Origin
    /// How often it is called; nil for the run's own number.
    public var repeats: Int?
    /// Whether the call is made without credentials.
    public var isAnonymous: Bool
    /// Why the case is not run, where it is not.
    public var skipReason: String?

    /// A case; without an expectation a documented success is expected.
    public init(
        name: String, action: String, parameters: OrderedDictionary<String, Value> = [:],
        headers: [(name: String, value: String)] = [], expectation: Expectation = Expectation(),
        origin: Origin = .generated, repeats: Int? = nil, isAnonymous: Bool = false, skipReason: String? = nil
    ) {
        self.name = name
        self.action = action
        self.parameters = parameters
        self.headers = headers
        self.expectation = expectation
        self.origin = origin
        self.repeats = repeats
        self.isAnonymous = isAnonymous
        self.skipReason = skipReason
    }
}
