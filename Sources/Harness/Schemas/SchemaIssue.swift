public import Documents

/// One way in which a value breaks its schema.
public struct SchemaIssue: Sendable, Hashable {
    /// Where in the value.
    public var pointer: Pointer
    /// Which keyword is broken, such as `required`.
    public var keyword: String
    /// The reason, lower case, without the place.
    public var reason: String

    /// The issue for people: the place, unless it is the whole value, and the reason.
    public var description: String {
        pointer.parts.isEmpty ? "the value \(reason)" : "\(pointer) \(reason)"
    }
}
