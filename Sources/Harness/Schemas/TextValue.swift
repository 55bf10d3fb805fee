import Documents

/// Texts of addresses and headers, read as what their schema says they are.
enum TextValue {
    /// The value that the text stands for; the text itself where it is not of the type.
    static func read(_ text: String, as view: SchemaView) -> Value {
        for type in view.types {
            switch type {
            case "integer":
                if let number = Int(text) { return .integer(number) }
            case "number":
                if let number = Int(text) { return .integer(number) }
                if let number = Double(text), number.isFinite { return .number(number) }
            case "boolean":
                if text.lowercased() == "true" { return .boolean(true) }
                if text.lowercased() == "false" { return .boolean(false) }
            case "array":
                return list(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init), view)
            default: continue
            }
        }
        return .string(text)
    }

    /// The elements, each read by the schema of the items.
    static func list(_ texts: [String], _ view: SchemaView) -> Value {
        guard let items = view["items"] else { return .list(texts.map(Value.string)) }
        let itemView = SchemaView(items, in: view.definition)
        return .list(texts.map { read($0, as: itemView) })
    }
}
