public import Documents

/// One form of a body: a media type and what it holds.
public struct Media: Sendable {
    /// The media type, as written.
    public var type: String
    /// The content's schema, as written: possibly a reference.
    public var schema: Node?
    /// The sample contents (values, not example objects).
    public var examples: [Node]
    /// The media type object; for 2.0 the body parameter or response.
    public var node: Node
}
