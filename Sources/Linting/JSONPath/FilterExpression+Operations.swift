import Documents

extension FilterExpression {
    static func combine(
        _ sign: String, _ left: FilterExpression, _ right: FilterExpression, _ subject: Subject
    ) throws(Failure) -> ScriptValue {
        let first = try left.evaluate(subject)
        if sign == "&&" { return first.isTrue ? try right.evaluate(subject) : first }
        if sign == "||" { return first.isTrue ? first : try right.evaluate(subject) }
        if sign == "??" { return first.isNullish ? try right.evaluate(subject) : first }
        let second = try right.evaluate(subject)
        switch sign {
        case "==": return .boolean(first.isLooselyEqual(to: second))
        case "!=": return .boolean(!first.isLooselyEqual(to: second))
        case "===": return .boolean(first.isStrictlyEqual(to: second))
        case "!==": return .boolean(!first.isStrictlyEqual(to: second))
        case "<", ">", "<=", ">=": return .boolean(isOrdered(sign, first, second))
        case "+":
            if case .text = first { return .text(first.text + second.text) }
            if case .text = second { return .text(first.text + second.text) }
            return .number(first.number + second.number)
        case "-": return .number(first.number - second.number)
        case "*": return .number(first.number * second.number)
        case "/": return .number(first.number / second.number)
        case "%": return .number(first.number.truncatingRemainder(dividingBy: second.number))
        case "~=":
            guard let pattern = ScriptPattern(anyOf: second) else { throw Failure() }
            return .boolean(pattern.matches(first.text))
        case "in":
            guard case .node(let node) = second else {
                if case .list(let values) = second {
                    return .boolean(values.contains { $0.isStrictlyEqual(to: first) })
                }
                throw Failure()
            }
            if node.kind == .object { return .boolean(node[first.text] != nil) }
            return .boolean(Int(first.text).map { $0 >= 0 && $0 < node.count } ?? false)
        default: throw Failure()
        }
    }

    private static func isOrdered(_ sign: String, _ left: ScriptValue, _ right: ScriptValue) -> Bool {
        if case .text(let first) = left, case .text(let second) = right {
            switch sign {
            case "<": return first < second
            case ">": return first > second
            case "<=": return first <= second
            default: return first >= second
            }
        }
        switch sign {
        case "<": return left.number < right.number
        case ">": return left.number > right.number
        case "<=": return left.number <= right.number
        default: return left.number >= right.number
        }
    }

    static func isKind(_ name: String, _ node: Node) -> Bool {
        switch name {
        case "string": node.kind == .string
        case "number": node.kind == .number
        case "integer": node.kind == .number && node.number.map { $0 == $0.rounded() } == true
        case "boolean": node.kind == .boolean
        case "scalar": node.kind != .array && node.kind != .object
        case "array": node.kind == .array
        case "object": node.kind == .object
        case "null": node.kind == .null
        default: false
        }
    }

    static func typeName(of value: ScriptValue) -> String {
        switch value {
        case .undefined: "undefined"
        case .boolean: "boolean"
        case .number: "number"
        case .text: "string"
        case .null, .node, .list, .pattern: "object"
        }
    }

    static func member(of base: ScriptValue, named name: ScriptValue, _ subject: Subject) throws(Failure) -> ScriptValue
    {
        let key = name.text
        switch base {
        case .undefined, .null: throw Failure()
        case .text(let text):
            if key == "length" { return .number(Double(text.utf16.count)) }
            if key == "constructor" { return .text("String") }
            if key == "name", text == "String" || text == "Array" || text == "Object" { return base }
            if let index = Int(key), index >= 0, index < text.count {
                return .text(String(text[text.index(text.startIndex, offsetBy: index)]))
            }
            return .undefined
        case .node(let node):
            if node.kind == .array {
                if key == "length" { return .number(Double(node.count)) }
                if key == "constructor" { return .text("Array") }
                guard let index = Int(key), index >= 0, index < node.count else { return .undefined }
                return ScriptValue(node[index].map(subject.context.resolve))
            }
            if let value = node[key] { return ScriptValue(subject.context.resolve(value)) }
            return key == "constructor" ? .text("Object") : .undefined
        case .list(let values):
            if key == "length" { return .number(Double(values.count)) }
            guard let index = Int(key), values.indices.contains(index) else { return .undefined }
            return values[index]
        case .boolean, .number, .pattern: return .undefined
        }
    }

    static func call(_ name: String, on base: ScriptValue, _ arguments: [ScriptValue]) throws(Failure) -> ScriptValue {
        let first = arguments.first ?? .undefined
        if case .pattern(let pattern) = base, name == "test" { return .boolean(pattern.matches(first.text)) }
        if case .text(let text) = base {
            switch name {
            case "match":
                guard let pattern = ScriptPattern(anyOf: first) else { throw Failure() }
                return pattern.matches(text) ? .text(text.isEmpty ? " " : text) : .null
            case "test": throw Failure()
            case "includes": return .boolean(first.text.isEmpty || text.contains(first.text))
            case "startsWith": return .boolean(text.hasPrefix(first.text))
            case "endsWith": return .boolean(text.hasSuffix(first.text))
            case "indexOf":
                guard let range = text.firstRange(of: first.text) else { return .number(-1) }
                return .number(Double(text.utf16.distance(from: text.startIndex, to: range.lowerBound)))
            case "toLowerCase": return .text(text.lowercased())
            case "toUpperCase": return .text(text.uppercased())
            case "toString": return base
            case "trim":
                return .text(String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()))
            default: throw Failure()
            }
        }
        let values: [ScriptValue]
        switch base {
        case .node(let node) where node.kind == .array: values = node.elements.map { ScriptValue($0) }
        case .list(let items): values = items
        case .node(let node) where name == "hasOwnProperty": return .boolean(node[first.text] != nil)
        case .number where name == "toString", .boolean where name == "toString": return .text(base.text)
        default: throw Failure()
        }
        switch name {
        case "includes": return .boolean(values.contains { $0.isStrictlyEqual(to: first) })
        case "indexOf": return .number(Double(values.firstIndex { $0.isStrictlyEqual(to: first) } ?? -1))
        case "join": return .text(values.map(\.text).joined(separator: arguments.isEmpty ? "," : first.text))
        default: throw Failure()
        }
    }
}
