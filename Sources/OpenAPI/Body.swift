public import Documents

/// What a caller sends beside the parameters.
public struct Body: Sendable {
    /// Whether a call without it is refused.
    public var isRequired: Bool
    /// The 2.0 body parameter's name, which prefixes the keys in flows.
    public var name: String?
    /// The forms in which it may be sent; for 2.0 one for each consumed media type.
    public var media: [Media]
    /// The 2.0 `formData` parameters.
    public var formFields: [FormField]
    /// The body parameter, the request body object, or the first form field.
    public var node: Node
    /// The node as written at the place of use, possibly a reference.
    public var source: Node
}
