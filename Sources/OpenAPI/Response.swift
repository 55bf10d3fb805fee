public import Documents

/// One answer of an operation.
public struct Response: Sendable {
    /// The status as written: `200`, `4XX`, `default`.
    public var status: String
    /// The explanation for people.
    public var description: String?
    /// The forms in which it is sent; empty where the answer has no content.
    public var media: [Media]
    /// The declared headers, references followed.
    public var headers: [(name: String, node: Node)]
    /// The response object, references followed.
    public var node: Node
    /// The status key.
    public var keyNode: Node

    /// Whether the status stands for success.
    public var isSuccess: Bool { status.hasPrefix("2") }
}
