public import Documents

/// One 2.0 `formData` parameter.
public struct FormField: Sendable {
    /// The field's name.
    public var name: String
    /// Whether the form must carry it.
    public var isRequired: Bool
    /// Whether it is an uploaded file.
    public var isFile: Bool
    /// The parameter object, which is also the field's schema.
    public var node: Node
}
