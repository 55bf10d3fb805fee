public import OpenAPI

/// Names an operation without holding on to its document.
public struct OperationReference: Sendable, Hashable, Codable {
    /// The verb in lower case.
    public var method: String
    /// The path template.
    public var path: String
    /// The stable name.
    public var operationID: String?
    /// The short title.
    public var summary: String?

    /// The reference to an operation.
    public init(_ operation: Operation) {
        self.method = operation.method
        self.path = operation.path
        self.operationID = operation.operationID
        self.summary = operation.summary
    }

    /// Verb and path for people.
    public var label: String { "\(method.uppercased()) \(path)" }
}
