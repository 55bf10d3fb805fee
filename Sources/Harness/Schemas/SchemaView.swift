import Documents
import OpenAPI

/// One schema, read the way its dialect means it: 2.0, 3.0 and 3.1 differ in nulls, bounds and examples.
struct SchemaView {
    let definition: APIDefinition
    /// The schema as written at the place of use, possibly a reference with keywords beside it.
    let written: Node
    /// The schema at the end of the references.
    let node: Node

    init(_ written: Node, in definition: APIDefinition) {
        self.definition = definition
        self.written = written
        self.node = definition.resolve(written)
    }

    subscript(_ key: String) -> Node? { node[key] }

    /// Whether keywords beside `$ref` count: they do from 3.1 on.
    var hasSiblings: Bool {
        definition.version == .openAPI31 && written != node && written.count > 1
    }

    /// The allowed types without `null`; empty where the schema names none.
    var types: [String] {
        guard let type = node["type"] else { return [] }
        if let name = type.string { return name == "null" ? [] : [name] }
        return type.elements.compactMap(\.string).filter { $0 != "null" }
    }

    /// The type that a value takes: the declared one, or the one that the other keywords are about.
    var leadingType: String? {
        if let first = types.first { return first }
        if node["properties"] != nil || node["additionalProperties"] != nil { return "object" }
        if node["items"] != nil || node["prefixItems"] != nil { return "array" }
        if node["pattern"] != nil || node["minLength"] != nil || node["maxLength"] != nil { return "string" }
        if node["minimum"] != nil || node["maximum"] != nil || node["multipleOf"] != nil { return "number" }
        return nil
    }

    /// Whether `null` is declared to be a value, here or beside the reference.
    var allowsNull: Bool {
        for schema in [written, node] {
            if schema["x-nullable"]?.boolean == true || schema["nullable"]?.boolean == true { return true }
            if let type = schema["type"] {
                if type.string == "null" || type.elements.contains(where: { $0.string == "null" }) { return true }
            }
            if let members = schema["enum"], members.elements.contains(where: \.isNull) { return true }
        }
        return false
    }

    /// The smallest number, and whether it is itself left out.
    var minimum: (value: Double, isExclusive: Bool)? { bound("minimum", "exclusiveMinimum", tighter: >) }

    /// The largest number, and whether it is itself left out.
    var maximum: (value: Double, isExclusive: Bool)? { bound("maximum", "exclusiveMaximum", tighter: <) }

    private func bound(
        _ key: String, _ exclusiveKey: String, tighter: (Double, Double) -> Bool
    ) -> (value: Double, isExclusive: Bool)? {
        let plain = node[key]?.number
        guard let exclusive = node[exclusiveKey] else { return plain.map { ($0, false) } }
        if let flag = exclusive.boolean { return plain.map { ($0, flag) } }
        guard let number = exclusive.number else { return plain.map { ($0, false) } }
        guard let plain else { return (number, true) }
        return tighter(plain, number) ? (plain, false) : (number, true)
    }

    /// The required property names.
    var required: [String] { node["required"]?.elements.compactMap(\.string) ?? [] }

    /// The declared properties in document order.
    var properties: [(name: String, schema: Node)] {
        node["properties"]?.members.map { ($0.key, $0.value) } ?? []
    }

    /// The values that the definition offers for this schema, the best first.
    var offeredValues: [Node] {
        var offers: [Node] = []
        for schema in written == node ? [node] : [written, node] {
            for key in ["example", "x-example", "x-ms-test-value", "const"] {
                if let value = schema[key] { offers.append(value) }
            }
            if definition.version == .openAPI31, let examples = schema["examples"] { offers += examples.elements }
            if let value = schema["default"] { offers.append(value) }
        }
        return offers
    }
}
