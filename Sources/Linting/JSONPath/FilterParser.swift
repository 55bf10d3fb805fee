/// Reads the condition of a filter by precedence climbing.
struct FilterParser {
    private enum Token: Equatable {
        case name(String)
        case text(String)
        case number(Double)
        case pattern(String, String)
        case sign(String)
    }

    private let source: String
    private var tokens: [Token] = []
    private var position = 0

    private static let precedence: [String: Int] = [
        "||": 1, "??": 1, "&&": 2, "==": 3, "!=": 3, "===": 3, "!==": 3, "~=": 3,
        "<": 4, ">": 4, "<=": 4, ">=": 4, "in": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
    ]
    private static let signs = [
        "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "??", "~=", "<", ">", "!", "+", "-", "*", "/", "%", "?",
        ":", "(", ")", "[", "]", ",", ".", "@", "$",
    ]

    init(_ source: String) { self.source = source }

    mutating func whole() throws(JSONPathError) -> FilterExpression {
        try tokenize()
        let expression = try choice()
        if position < tokens.count { throw error("the filter goes on after its end") }
        return expression
    }

    private mutating func choice() throws(JSONPathError) -> FilterExpression {
        let condition = try binary(1)
        guard take("?") else { return condition }
        let yes = try choice()
        guard take(":") else { throw error("':' is missing in the filter") }
        return .choice(condition, yes, try choice())
    }

    private mutating func binary(_ level: Int) throws(JSONPathError) -> FilterExpression {
        var left = try unary()
        while let sign = peekSign(), let strength = FilterParser.precedence[sign], strength >= level {
            position += 1
            left = .binary(sign, left, try binary(strength + 1))
        }
        return left
    }

    private func peekSign() -> String? {
        guard position < tokens.count else { return nil }
        switch tokens[position] {
        case .sign(let sign): return sign
        case .name("in"): return "in"
        default: return nil
        }
    }

    private mutating func unary() throws(JSONPathError) -> FilterExpression {
        if take("!") { return .not(try unary()) }
        if take("-") { return .negative(try unary()) }
        if position < tokens.count, case .name(let word) = tokens[position] {
            if word == "typeof" {
                position += 1
                return .typeName(try unary())
            }
            if word == "void" {
                position += 1
                return .void(try unary())
            }
        }
        return try postfix(try primary())
    }

    private mutating func postfix(_ base: FilterExpression) throws(JSONPathError) -> FilterExpression {
        var expression = base
        while true {
            if take(".") {
                guard position < tokens.count, case .name(let name) = tokens[position] else {
                    throw error("a name is missing after '.' in the filter")
                }
                position += 1
                if take("(") {
                    expression = .call(expression, name, try arguments(until: ")"))
                } else {
                    expression = .member(expression, .literal(.text(name)))
                }
            } else if take("[") {
                let index = try choice()
                guard take("]") else { throw error("']' is missing in the filter") }
                expression = .member(expression, index)
            } else {
                return expression
            }
        }
    }

    private mutating func arguments(until close: String) throws(JSONPathError) -> [FilterExpression] {
        var arguments: [FilterExpression] = []
        if take(close) { return arguments }
        while true {
            arguments.append(try choice())
            if take(close) { return arguments }
            guard take(",") else { throw error("',' is missing in the filter") }
        }
    }

    private mutating func primary() throws(JSONPathError) -> FilterExpression {
        guard position < tokens.count else { throw error("the filter ends too early") }
        let token = tokens[position]
        position += 1
        switch token {
        case .text(let text): return .literal(.text(text))
        case .number(let number): return .literal(.number(number))
        case .pattern(let pattern, let flags):
            do {
                return .literal(.pattern(try ScriptPattern(pattern, flags: flags)))
            } catch {
                throw self.error(error.reason)
            }
        case .name("true"): return .literal(.boolean(true))
        case .name("false"): return .literal(.boolean(false))
        case .name("null"): return .literal(.null)
        case .name("undefined"): return .literal(.undefined)
        case .name(let name): throw error("'\(name)' is not known in a filter")
        case .sign("("):
            let inner = try choice()
            guard take(")") else { throw error("')' is missing in the filter") }
            return inner
        case .sign("["): return .list(try arguments(until: "]"))
        case .sign("$"): return .root
        case .sign("@"): return try at()
        case .sign(let sign): throw error("unexpected '\(sign)' in the filter")
        }
    }

    private mutating func at() throws(JSONPathError) -> FilterExpression {
        guard position < tokens.count, case .name(let name) = tokens[position] else { return .current }
        position += 1
        switch name {
        case "property": return .property
        case "parent": return .parent
        case "parentProperty": return .parentProperty
        case "path": return .path
        case "root": return .root
        case "string", "number", "boolean", "integer", "scalar", "array", "object", "null":
            guard take("("), take(")") else { throw error("'()' is missing after '@\(name)'") }
            return .shorthand(name)
        case "in":
            position -= 1
            return .current
        default: throw error("'@\(name)' is not known in a filter")
        }
    }

    private mutating func take(_ sign: String) -> Bool {
        guard position < tokens.count, tokens[position] == .sign(sign) else { return false }
        position += 1
        return true
    }

    private func error(_ reason: String) -> JSONPathError { JSONPathError(reason: reason, offset: 0) }

    private mutating func tokenize() throws(JSONPathError) {
        var rest = Substring(source)
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first.isLetter || first == "_" {
                // `@.x-y` names a member with a dash; elsewhere a dash is a minus.
                let isMember = tokens.last == .sign(".")
                let name = rest.prefix {
                    $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" || (isMember && $0 == "-")
                }
                tokens.append(.name(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first == "$", tokens.last == .sign(".") {
                let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
                tokens.append(.name(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first.isNumber {
                let digits = rest.prefix { $0.isNumber || $0 == "." }
                guard let number = Double(digits) else { throw error("'\(digits)' is no number") }
                tokens.append(.number(number))
                rest = rest.dropFirst(digits.count)
            } else if first == "'" || first == "\"" {
                rest.removeFirst()
                tokens.append(.text(try quoted(&rest, until: first, keepsEscapes: false)))
            } else if first == "/", startsPattern {
                rest.removeFirst()
                let pattern = try quoted(&rest, until: "/", keepsEscapes: true)
                let flags = rest.prefix { $0.isLetter }
                rest = rest.dropFirst(flags.count)
                tokens.append(.pattern(pattern, String(flags)))
            } else if let sign = FilterParser.signs.first(where: { rest.hasPrefix($0) }) {
                tokens.append(.sign(sign))
                rest = rest.dropFirst(sign.count)
            } else {
                throw error("unexpected '\(first)' in the filter")
            }
        }
    }

    private var startsPattern: Bool {
        switch tokens.last {
        case nil: true
        case .sign(let sign): ![")", "]", "@"].contains(sign)
        default: false
        }
    }

    private func quoted(_ rest: inout Substring, until mark: Character, keepsEscapes: Bool) throws(JSONPathError)
        -> String
    {
        var content = ""
        var isInClass = false
        while let next = rest.popFirst() {
            if next == "\\", let escaped = rest.popFirst() {
                if keepsEscapes { content.append("\\") }
                content.append(escaped)
            } else if keepsEscapes, next == "[" || next == "]" {
                isInClass = next == "["
                content.append(next)
            } else if next == mark, !isInClass {
                return content
            } else {
                content.append(next)
            }
        }
        throw error("a closing \(mark) is missing in the filter")
    }
}
