/// Reads a JSONPath expression from left to right.
struct JSONPathParser {
    private let text: String
    private let characters: [Character]
    private var position = 0

    init(_ text: String) {
        self.text = text
        characters = Array(text)
    }

    mutating func path() throws(JSONPathError) -> JSONPath {
        guard take("$") else { throw error("a path starts with '$'") }
        var segments: [JSONPath.Segment] = []
        var modifiers: [JSONPath.Modifier] = []
        while let next = peek() {
            switch next {
            case "~", "^":
                position += 1
                modifiers.append(next == "~" ? .key : .parent)
            case ".", "[":
                for modifier in modifiers {
                    guard case .parent = modifier else { throw error("'~' stands only at the end of a path") }
                    segments.append(.init(selector: .parent, isDeep: false))
                }
                modifiers = []
                segments.append(try segment())
            default:
                throw error("unexpected '\(next)'")
            }
        }
        return JSONPath(text: text, segments: segments, modifiers: modifiers)
    }

    private mutating func segment() throws(JSONPathError) -> JSONPath.Segment {
        var isDeep = false
        if take(".") {
            if take(".") {
                isDeep = true
                guard let next = peek(), next != "^", next != "~" else {
                    return .init(selector: .wildcard, isDeep: true)
                }
            } else if peek() == "[" {
                // A dot before a bracket descends to every depth in Spectral's engine; published rulesets rely on it.
                isDeep = true
            }
        }
        guard let next = peek() else { throw error("a name is missing after '.'") }
        if next == "[" { return .init(selector: try bracket(), isDeep: isDeep) }
        if next == "*" {
            position += 1
            return .init(selector: .wildcard, isDeep: isDeep)
        }
        return .init(selector: .names([try name()]), isDeep: isDeep)
    }

    private mutating func name() throws(JSONPathError) -> String {
        var name = ""
        while let next = peek(), !".[]()~^*,'\" ".contains(next) {
            name.append(next)
            position += 1
        }
        if name.isEmpty { throw error("a name is missing") }
        return name
    }

    private mutating func bracket() throws(JSONPathError) -> JSONPath.Selector {
        position += 1
        skipSpaces()
        if peek() == "?" {
            position += 1
            let source = try balanced()
            skipSpaces()
            guard take("]") else { throw error("']' is missing after the filter") }
            return .filter(try FilterExpression(source))
        }
        if peek() == "(" {
            let source = try balanced().filter { !$0.isWhitespace }
            guard take("]") else { throw error("']' is missing") }
            guard source.hasPrefix("@.length-"), let back = Int(source.dropFirst(9)), back > 0 else {
                throw error("only '(@.length-N)' is known as an index expression")
            }
            return .slice(start: -back, end: back == 1 ? nil : -back + 1, step: 1)
        }
        if peek() == "*" {
            position += 1
            skipSpaces()
            guard take("]") else { throw error("']' is missing") }
            return .wildcard
        }
        var names: [String] = []
        while true {
            skipSpaces()
            guard let next = peek() else { throw error("']' is missing") }
            if next == "'" || next == "\"" {
                names.append(try quoted())
            } else if next == "-" || next == ":" || next.isNumber, let slice = try sliceOrNil() {
                guard names.isEmpty, take("]") else { throw error("a slice stands alone between brackets") }
                return slice
            } else {
                names.append(try name())
            }
            skipSpaces()
            if take("]") { return .names(names) }
            guard take(",") else { throw error("',' or ']' is missing") }
        }
    }

    /// A slice such as `1:3` or the index `-1`; nothing when what follows is a plain name or number.
    private mutating func sliceOrNil() throws(JSONPathError) -> JSONPath.Selector? {
        let start = position
        var parts: [Int?] = []
        var digits = ""
        while let next = peek(), next == ":" || next == "-" || next.isNumber {
            position += 1
            if next == ":" {
                parts.append(Int(digits))
                digits = ""
            } else {
                digits.append(next)
            }
        }
        parts.append(Int(digits))
        if parts.count == 1 {
            if let index = parts[0], index < 0, peek() == "]" {
                return .slice(start: index, end: index == -1 ? nil : index + 1, step: 1)
            }
            position = start
            return nil
        }
        if parts.count > 3 { throw error("a slice has at most three parts") }
        let step = parts.count == 3 ? parts[2] ?? 1 : 1
        if step <= 0 { throw error("the step of a slice must be positive") }
        return .slice(start: parts[0], end: parts[1], step: step)
    }

    private mutating func quoted() throws(JSONPathError) -> String {
        let quote = characters[position]
        position += 1
        var content = ""
        while let next = peek() {
            position += 1
            if next == quote { return content }
            if next == "\\", let escaped = peek() {
                content.append(escaped)
                position += 1
            } else {
                content.append(next)
            }
        }
        throw error("a quotation mark is missing")
    }

    /// The text between the parenthesis here and the one that closes it.
    private mutating func balanced() throws(JSONPathError) -> String {
        guard take("(") else { throw error("'(' is missing") }
        let start = position
        var depth = 1
        var previous: Character = "("
        while let next = peek() {
            switch next {
            case "(": depth += 1
            case ")": depth -= 1
            case "'", "\"": skip(until: next)
            case "/" where "(,=!&|?:~".contains(previous): skip(until: "/")
            default: break
            }
            if depth == 0 {
                let content = String(characters[start..<position])
                position += 1
                return content
            }
            if !next.isWhitespace { previous = next }
            position += 1
        }
        throw error("')' is missing")
    }

    /// Leaves the position on the closing mark.
    private mutating func skip(until mark: Character) {
        position += 1
        var isInClass = false
        while let next = peek() {
            if next == "\\" {
                position += 1
            } else if mark == "/", next == "[" {
                isInClass = true
            } else if mark == "/", next == "]" {
                isInClass = false
            } else if next == mark, !isInClass {
                return
            }
            position += 1
        }
    }

    private func peek() -> Character? { position < characters.count ? characters[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard peek() == character else { return false }
        position += 1
        return true
    }

    private mutating func skipSpaces() {
        while peek()?.isWhitespace == true { position += 1 }
    }

    private func error(_ reason: String) -> JSONPathError { JSONPathError(reason: reason, offset: position) }
}
