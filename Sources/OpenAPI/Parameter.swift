public import Documents

/// One value that a caller passes in the path, query, headers or cookies.
public struct Parameter: Sendable {
    /// Where the value travels.
    public enum Location: String, Sendable, Codable {
        case path, query, header, cookie
    }

    /// The name on the wire.
    public var name: String
    /// Where the value travels.
    public var location: Location
    /// Whether a call without it is refused; path parameters always are required.
    public var isRequired: Bool
    /// What values are allowed: for 2.0 the parameter object, for 3.x `schema` or the schema of `content`.
    public var schema: Node?
    /// The parameter object, references followed.
    public var node: Node
    /// The node as written at the place of use, possibly a reference.
    public var source: Node
    /// A sample value, if the definition gives one.
    public var example: Node?
    /// How lists and objects are written: a 3.x style name, `tabDelimited` included.
    public var style: String
    /// Whether each element is written on its own.
    public var explode: Bool
    /// Whether reserved characters stay unescaped.
    public var allowReserved: Bool
    /// Whether an empty value is allowed.
    public var allowEmptyValue: Bool
    /// The media type, where the value is described by `content`.
    public var contentType: String?
    /// Whether the parameter comes from the path item.
    public var isFromPath: Bool
}
