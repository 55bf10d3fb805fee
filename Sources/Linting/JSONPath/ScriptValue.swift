import Documents

/// A value inside a filter, with JavaScript's notions of truth, equality and order.
enum ScriptValue: Sendable {
    case undefined
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case node(Node)
    case list([ScriptValue])
    case pattern(ScriptPattern)

    init(_ node: Node?) {
        guard let node else {
            self = .undefined
            return
        }
        switch node.kind {
        case .null: self = .null
        case .boolean: self = .boolean(node.boolean ?? false)
        case .number: self = .number(node.number ?? .nan)
        case .string: self = .text(node.string ?? "")
        case .array, .object: self = .node(node)
        }
    }

    var isTrue: Bool {
        switch self {
        case .undefined, .null: false
        case .boolean(let value): value
        case .number(let value): value != 0 && !value.isNaN
        case .text(let value): !value.isEmpty
        case .node, .list, .pattern: true
        }
    }

    var isNullish: Bool {
        switch self {
        case .undefined, .null: true
        default: false
        }
    }

    var number: Double {
        switch self {
        case .undefined, .node, .list, .pattern: .nan
        case .null: 0
        case .boolean(let value): value ? 1 : 0
        case .number(let value): value
        case .text(let value): value.isEmpty ? 0 : Double(value) ?? .nan
        }
    }

    /// The text that JavaScript's `String()` gives.
    var text: String {
        switch self {
        case .undefined: "undefined"
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let value): ScriptValue.text(of: value)
        case .text(let value): value
        case .node(let node):
            node.kind == .array
                ? node.elements.map { ScriptValue($0).isNullish ? "" : ScriptValue($0).text }.joined(separator: ",")
                : "[object Object]"
        case .list(let values): values.map(\.text).joined(separator: ",")
        case .pattern(let pattern): pattern.description
        }
    }

    static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
        return String(number)
    }

    func isStrictlyEqual(to other: ScriptValue) -> Bool {
        switch (self, other) {
        case (.undefined, .undefined), (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.text(let left), .text(let right)): left == right
        case (.node(let left), .node(let right)): left == right
        default: false
        }
    }

    func isLooselyEqual(to other: ScriptValue) -> Bool {
        if isNullish || other.isNullish { return isNullish && other.isNullish }
        switch (self, other) {
        case (.node(let left), .node(let right)): return left == right
        case (.text, .text), (.node, .text), (.text, .node), (.list, .text), (.text, .list): return text == other.text
        case (.number, _), (_, .number), (.boolean, _), (_, .boolean): return number == other.number
        default: return isStrictlyEqual(to: other)
        }
    }
}
