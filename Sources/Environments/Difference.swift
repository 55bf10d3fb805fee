/// One thing that is not as a deployment left it.
public struct Difference: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What it is about, such as `environment variable contoso_SalesApiUrl`.
    public var subject: String
    public var expected: String
    public var found: String
    public var description: String { "\(subject) is \(found), expected \(expected)" }

    /// A subject with what it should be and what it is.
    public init(subject: String, expected: String, found: String) {
        self.subject = subject
        self.expected = expected
        self.found = found
    }
}
