/// One way in which an answer is wrong.
public struct Violation: Sendable, Hashable, Codable {
    /// What is broken.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The case asks for something that cannot be sent.
        case request
        /// No answer came.
        case transport
        /// The backend kept answering 429.
        case throttled
        /// The status is not the expected one.
        case status
        /// The definition does not document the status.
        case undocumented
        /// The media type is not documented.
        case contentType = "content-type"
        /// The body cannot be read as what it claims to be.
        case body
        /// The body breaks its schema.
        case schema
        /// A header breaks its schema, or a needed one is missing.
        case header
        /// An error does not have the shape that the definition's errors have.
        case errorEnvelope = "error-envelope"
        /// The pages do not lead to an end.
        case paging
        /// A demand of the case is not met.
        case expectation
        /// The answer took too long.
        case latency
    }

    /// What is broken.
    public var kind: Kind
    /// The reason, lower case, without a full stop.
    public var message: String

    /// A violation of a kind.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
