import Documents
import OpenAPI
import OrderedCollections

/// One judgement in progress: the issues found so far.
struct SchemaJudgement {
    let validator: SchemaValidator
    private(set) var issues: [SchemaIssue] = []

    private static let depthLimit = 96

    init(validator: SchemaValidator) { self.validator = validator }

    private mutating func report(_ keyword: String, _ reason: String, _ path: [String]) {
        guard issues.count < validator.issueLimit else { return }
        issues.append(SchemaIssue(pointer: Pointer(parts: path), keyword: keyword, reason: reason))
    }

    mutating func judge(_ value: Value, _ written: Node, at path: [String], depth: Int) {
        guard depth < Self.depthLimit, issues.count < validator.issueLimit else { return }
        let view = SchemaView(written, in: validator.definition)
        if view.node.kind == .boolean {
            if view.node.boolean == false { report("false", "is not allowed at all", path) }
            return
        }
        if view.hasSiblings { judgeKeywords(value, SchemaView(sibling: view), at: path, depth: depth) }
        judgeKeywords(value, view, at: path, depth: depth)
    }

    private mutating func judgeKeywords(_ value: Value, _ view: SchemaView, at path: [String], depth: Int) {
        if value.isNull {
            if view.allowsNull { return }
            if !view.types.isEmpty {
                report("type", "is null, which '\(view.types.joined(separator: " or "))' does not allow", path)
                return
            }
        }
        guard judgeType(value, view, path) else { return }
        judgeChoices(value, view, path)
        switch value {
        case .string(let text): judgeText(text, view, path)
        case .integer(let number): judgeNumber(Double(number), isInteger: true, view, path)
        case .number(let number): judgeNumber(number, isInteger: number == number.rounded(), view, path)
        case .list(let elements): judgeList(elements, view, path, depth)
        case .map: judgeMap(value, view, path, depth)
        case .null, .boolean: break
        }
        judgeCombinations(value, view, path, depth)
    }

    // MARK: - Type, enum, const

    private mutating func judgeType(_ value: Value, _ view: SchemaView, _ path: [String]) -> Bool {
        let types = view.types
        guard !types.isEmpty, !value.isNull else { return true }
        if types.contains(where: { Self.matches(value, type: $0) }) { return true }
        report("type", "is \(Self.name(of: value)), not \(types.map(Self.article).joined(separator: " or "))", path)
        return false
    }

    private static func matches(_ value: Value, type: String) -> Bool {
        switch (type, value) {
        case ("string", .string), ("boolean", .boolean), ("array", .list), ("object", .map): true
        case ("integer", .integer), ("number", .integer), ("number", .number): true
        case ("integer", .number(let number)): number == number.rounded()
        case ("file", _): true
        case ("string", _), ("boolean", _), ("array", _), ("object", _), ("integer", _), ("number", _): false
        default: true
        }
    }

    private static func name(of value: Value) -> String {
        switch value {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .list: "an array"
        case .map: "an object"
        }
    }

    private static func article(_ type: String) -> String {
        (type.first.map { "aeio".contains($0) } ?? false) ? "an \(type)" : "a \(type)"
    }

    private mutating func judgeChoices(_ value: Value, _ view: SchemaView, _ path: [String]) {
        if let choices = view["enum"], choices.kind == .array {
            guard !choices.elements.contains(where: { Self.same($0.value, value) }) else { return }
            let shown = choices.elements.prefix(6).map { $0.value.json() }.joined(separator: ", ")
            let more = choices.count > 6 ? ", ..." : ""
            report("enum", "is \(Self.excerpt(value)), not one of \(shown)\(more)", path)
        }
        if let constant = view["const"]?.value, !Self.same(constant, value) {
            report("const", "is \(Self.excerpt(value)), not \(Self.excerpt(constant))", path)
        }
    }

    static func same(_ left: Value, _ right: Value) -> Bool {
        if left == right { return true }
        guard let first = left.double, let second = right.double else { return false }
        return first == second
    }

    static func excerpt(_ value: Value) -> String {
        let text = value.json()
        return text.count > 60 ? text.prefix(57) + "..." : text
    }

    // MARK: - Strings and numbers

    private mutating func judgeText(_ text: String, _ view: SchemaView, _ path: [String]) {
        let length = text.unicodeScalars.count
        if let least = view["minLength"]?.integer, length < least {
            report("minLength", "has \(length) characters, fewer than \(least)", path)
        }
        if let most = view["maxLength"]?.integer, length > most {
            report("maxLength", "has \(length) characters, more than \(most)", path)
        }
        if let pattern = view["pattern"]?.string, length <= 10_000, TextPattern.matches(text, pattern) == false {
            report("pattern", "does not match the pattern \(pattern)", path)
        }
        if let format = view["format"]?.string, let reason = TextFormat.problem(with: text, format: format) {
            report("format", reason, path)
        }
    }

    private mutating func judgeNumber(_ number: Double, isInteger: Bool, _ view: SchemaView, _ path: [String]) {
        if let (limit, exclusive) = view.minimum, exclusive ? number <= limit : number < limit {
            report("minimum", "is \(Self.text(number)), \(exclusive ? "not above" : "below") \(Self.text(limit))", path)
        }
        if let (limit, exclusive) = view.maximum, exclusive ? number >= limit : number > limit {
            report("maximum", "is \(Self.text(number)), \(exclusive ? "not below" : "above") \(Self.text(limit))", path)
        }
        if let step = view["multipleOf"]?.number, step > 0 {
            let quotient = number / step
            if abs(quotient - quotient.rounded()) > 1e-9 * max(1, abs(quotient)) {
                report("multipleOf", "is \(Self.text(number)), no multiple of \(Self.text(step))", path)
            }
        }
        if isInteger, view["format"]?.string == "int32", number < -2_147_483_648 || number > 2_147_483_647 {
            report("format", "is \(Self.text(number)), beyond 32 bits", path)
        }
    }

    static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }

    // MARK: - Lists and objects

    private mutating func judgeList(_ elements: [Value], _ view: SchemaView, _ path: [String], _ depth: Int) {
        if let least = view["minItems"]?.integer, elements.count < least {
            report("minItems", "has \(elements.count) items, fewer than \(least)", path)
        }
        if let most = view["maxItems"]?.integer, elements.count > most {
            report("maxItems", "has \(elements.count) items, more than \(most)", path)
        }
        if view["uniqueItems"]?.boolean == true, Set(elements).count < elements.count {
            report("uniqueItems", "has the same item twice", path)
        }
        let leading = view["prefixItems"].map { Array($0.elements) } ?? []
        for (index, element) in elements.enumerated() {
            let schema = index < leading.count ? leading[index] : view["items"]
            guard let schema, schema.kind != .array else { continue }
            judge(element, schema, at: path + [String(index)], depth: depth + 1)
            if issues.count >= validator.issueLimit { return }
        }
    }

    private mutating func judgeMap(_ value: Value, _ view: SchemaView, _ path: [String], _ depth: Int) {
        guard let map = value.map else { return }
        let properties = view.properties
        for name in view.required where map[name] == nil {
            guard !isLeftOut(properties.first { $0.name == name }?.schema) else { continue }
            report("required", "lacks the property '\(name)'", path)
        }
        if let least = view["minProperties"]?.integer, map.count < least {
            report("minProperties", "has \(map.count) properties, fewer than \(least)", path)
        }
        if let most = view["maxProperties"]?.integer, map.count > most {
            report("maxProperties", "has \(map.count) properties, more than \(most)", path)
        }
        let patterns = view["patternProperties"].map { Array($0.members) } ?? []
        let declared = Dictionary(properties.map { ($0.name, $0.schema) }, uniquingKeysWith: { first, _ in first })
        for (name, member) in map {
            var isKnown = false
            if let schema = declared[name] {
                isKnown = true
                judge(member, schema, at: path + [name], depth: depth + 1)
            }
            for pattern in patterns where TextPattern.matches(name, pattern.key) == true {
                isKnown = true
                judge(member, pattern.value, at: path + [name], depth: depth + 1)
            }
            guard !isKnown, let additional = view["additionalProperties"] else { continue }
            if additional.boolean == false {
                report("additionalProperties", "has the property '\(name)', which is not declared", path)
            } else if additional.kind == .object {
                judge(member, additional, at: path + [name], depth: depth + 1)
            }
        }
    }

    private func isLeftOut(_ property: Node?) -> Bool {
        guard let property else { return false }
        let view = SchemaView(property, in: validator.definition)
        return view[validator.direction == .request ? "readOnly" : "writeOnly"]?.boolean == true
    }

    // MARK: - Combinations

    private mutating func judgeCombinations(_ value: Value, _ view: SchemaView, _ path: [String], _ depth: Int) {
        for part in view["allOf"].map({ Array($0.elements) }) ?? [] {
            judge(value, part, at: path, depth: depth + 1)
        }
        for (keyword, atMostOne) in [("oneOf", true), ("anyOf", false)] {
            guard let choices = view[keyword], choices.count > 0, choices.kind == .array else { continue }
            let results = choices.elements.map { trial(value, $0, at: path, depth: depth + 1) }
            let fitting = results.filter(\.isEmpty).count
            if fitting == 0 {
                // The branch that came closest says most about what went wrong.
                let nearest = results.min { $0.count < $1.count }?.first
                let hint = nearest.map { " (\($0.description))" } ?? ""
                report(keyword, "fits none of the \(choices.count) alternatives\(hint)", path)
            } else if atMostOne, fitting > 1 {
                report(keyword, "fits \(fitting) alternatives of which only one may fit", path)
            }
        }
        if let forbidden = view["not"], trial(value, forbidden, at: path, depth: depth + 1).isEmpty {
            report("not", "has a shape that is ruled out", path)
        }
        if let condition = view["if"] {
            let branch = trial(value, condition, at: path, depth: depth + 1).isEmpty ? view["then"] : view["else"]
            if let branch { judge(value, branch, at: path, depth: depth + 1) }
        }
    }

    private func trial(_ value: Value, _ schema: Node, at path: [String], depth: Int) -> [SchemaIssue] {
        var judgement = SchemaJudgement(validator: validator)
        judgement.judge(value, schema, at: path, depth: depth)
        return judgement.issues
    }
}

extension SchemaView {
    /// The keywords beside a reference, as a schema of their own.
    init(sibling view: SchemaView) {
        self.init(unresolved: view.written, in: view.definition)
    }

    private init(unresolved node: Node, in definition: APIDefinition) {
        self.definition = definition
        self.written = node
        self.node = node
    }
}
