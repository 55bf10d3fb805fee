public import Documents

/// One entry of `inputs:` of a pipeline or template.
public struct InputDeclaration: Sendable {
    /// The types that an input can have, as written.
    static let typeNames = [
        "string", "integer", "boolean", "path", "duration", "list", "environment", "package", "secret", "choice",
    ]

    public var name: String
    public var type: ValueType
    public var summary: String?
    /// It has no default and is not `required: false`.
    public var isRequired: Bool
    /// The default as written.
    public var defaultNode: Node?
    /// The input's name in the file.
    public var keyNode: Node

    static func read(_ member: Member, _ problems: Problems) -> InputDeclaration? {
        let name = member.key
        let what = "input '\(name)'"
        guard problems.isName(name, member.keyNode, "an input"),
            let reader = MapReader(
                member.value, what, keys: ["type", "description", "default", "required", "values", "items"],
                at: member.keyNode.location, problems),
            let type = type(reader)
        else { return nil }
        let required = reader.boolean("required")
        let defaultNode = reader.node("default")
        if required == true, let defaultNode {
            problems.report(
                "required-default", "\(what) is required and has a default", at: defaultNode.location,
                help: "take one of them away")
        }
        return InputDeclaration(
            name: name, type: type, summary: reader.text("description"),
            isRequired: defaultNode == nil && (required ?? true), defaultNode: defaultNode, keyNode: member.keyNode)
    }

    private static func type(_ reader: MapReader) -> ValueType? {
        guard let node = reader.required("type"), let text = reader.problems.text(node, "'type' of \(reader.what)")
        else {
            return nil
        }
        if let values = reader.member("values"), text != "choice" {
            reader.problems.report("values", "only a choice has 'values'", at: values.keyNode.location)
        }
        if let items = reader.member("items"), text != "list" {
            reader.problems.report("items", "only a list has 'items'", at: items.keyNode.location)
        }
        switch text {
        case "choice":
            guard reader.required("values") != nil else { return nil }
            let words = reader.elements("values").compactMap { reader.problems.text($0, "a value of \(reader.what)") }
            return words.isEmpty ? nil : .choice(words)
        case "list":
            guard let items = reader.node("items") else { return .list(.string) }
            return reader.text("items").flatMap { simpleType($0, items, reader) }.map { .list($0) }
        default: return simpleType(text, node, reader)
        }
    }

    private static func simpleType(_ text: String, _ node: Node, _ reader: MapReader) -> ValueType? {
        switch text {
        case "string": return .string
        case "integer": return .integer
        case "boolean": return .boolean
        case "path": return .path
        case "duration": return .duration
        case "environment": return .environment
        case "package": return .package
        case "secret": return .secret
        default:
            reader.problems.unknown(
                "unknown-type", "there is no type '\(text)'", word: text, among: typeNames, at: node.location)
            return nil
        }
    }
}
