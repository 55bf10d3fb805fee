/// Something about a stored run that is not as it was written.
public struct Discrepancy: Sendable, Hashable, Codable {
    /// `verify/kebab-case`.
    public var code: String
    /// Lower case, no full stop.
    public var message: String
    /// The event that it is about.
    public var event: Int?
    /// What else is known about it.
    public var notes: [String]

    public init(_ code: String, _ message: String, event: Int? = nil, notes: [String] = []) {
        self.code = code
        self.message = message
        self.event = event
        self.notes = notes
    }
}
