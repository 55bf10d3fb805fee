import Documents

/// What one schema says, in the same words whatever its dialect.
struct SchemaView {
    /// The schema object, references followed.
    let node: Node
    /// The keywords as written; of a merged schema the first word on each subject.
    var keywords: [(key: String, value: Node)] = []
    /// The types without `null`; nil for any.
    var types: [String]?
    /// Whether the types come from a list of alternatives instead of a `type` keyword.
    var isTypeList = false
    /// Whether null is allowed.
    var isNullable = false
    /// Whether no value at all is allowed.
    var isForbidden = false
    var properties: [(name: String, node: Node)] = []
    var required: [String] = []
    var allOf: [Node] = []
    var anyOf: [Node] = []
    var oneOf: [Node] = []
    var lower: SchemaBound?
    var upper: SchemaBound?

    subscript(_ key: String) -> Node? { keywords.first { $0.key == key }?.value }

    var format: String? { self["format"]?.string }

    /// The types as people say them.
    var typeText: String {
        guard let types else { return "any" }
        let text = types.joined(separator: ", ")
        return format.map { "\(text)/\($0)" } ?? text
    }

    /// Whether nothing in it limits the values.
    var isAnnotationOnly: Bool {
        !isForbidden && types == nil && properties.isEmpty && required.isEmpty && allOf.isEmpty && anyOf.isEmpty
            && oneOf.isEmpty && lower == nil && upper == nil
            && keywords.allSatisfy { SchemaWords.annotations.contains($0.key) || $0.key.hasPrefix("x-") }
    }

    /// Whether all that it says is in this list of alternatives.
    func isNothingBut(_ list: WritableKeyPath<SchemaView, [Node]>) -> Bool {
        var rest = self
        rest[keyPath: list] = []
        rest.keywords.removeAll { ["oneOf", "anyOf", "discriminator"].contains($0.key) }
        return rest.isAnnotationOnly
    }

    func property(_ name: String) -> Node? { properties.first { $0.name == name }?.node }
}
