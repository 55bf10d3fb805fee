import Documents

/// Judges a value by a JSON Schema, keyword by keyword in a fixed order, and stops at the first problem unless told otherwise.
struct SchemaValidator {
    var dialect: SchemaDialect
    var reportsAll: Bool
    /// The keyword that lets null pass: `nullable` in OpenAPI 3.0, `x-nullable` in Swagger 2.0.
    var nullableKeyword: String? = "nullable"
    /// Skips references that lead nowhere instead of refusing the schema.
    var ignoresLostReferences = false
    /// Reads `required` as a list only; Swagger 2.0 parameters have a boolean of that name.
    var isOpenAPI = false
    /// Properties whose absence is forgiven: `readOnly` in requests, `writeOnly` in responses.
    var forgivenKeyword: String?
    var reference: (String) -> Node?

    init(dialect: SchemaDialect, reportsAll: Bool = false, reference: @escaping (String) -> Node?) {
        self.dialect = dialect
        self.reportsAll = reportsAll
        self.reference = reference
    }

    func validate(_ value: Node, against schema: Node) throws(SchemaFailure) -> [SchemaProblem] {
        var run = Run(path: [], depth: 0, work: SchemaWork())
        try check(value, schema, &run)
        return run.problems
    }

    /// The node that a reference inside a schema names.
    static func find(_ reference: String, in schema: Node) -> Node? {
        if reference == "#" { return schema }
        guard reference.hasPrefix("#/") else { return nil }
        var node = schema
        for part in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let key = ReferenceText.decoded(part)
            if node.kind == .array, let index = Int(key), index >= 0, index < node.count, let next = node[index] {
                node = next
            } else if let next = node[key] {
                node = next
            } else {
                return nil
            }
        }
        return node
    }

    /// Refuses a schema with an expression that cannot be read, wherever in it.
    func checkPatterns(of schema: Node) throws(SchemaFailure) {
        for member in schema.members {
            if member.key == "pattern", let text = member.value.string { _ = try pattern(text) }
            try checkPatterns(of: member.value)
        }
        for element in schema.elements { try checkPatterns(of: element) }
    }

    struct Run {
        var path: [String]
        var depth: Int
        let work: SchemaWork
        var problems: [SchemaProblem] = []

        mutating func fail(_ keyword: String, _ message: String, _ value: Node) {
            problems.append(SchemaProblem(keyword: keyword, path: path, message: message, value: value))
        }
    }

    /// False once a problem was found and no more are wanted.
    @discardableResult
    func check(_ value: Node, _ schema: Node, _ run: inout Run) throws(SchemaFailure) -> Bool {
        if schema.kind == .boolean {
            if schema.boolean == true { return true }
            run.fail("false schema", "boolean schema is false", value)
            return false
        }
        guard schema.kind == .object, run.depth < 128, run.work.begin(value, schema) else { return true }
        run.depth += 1
        defer {
            run.depth -= 1
            run.work.end(value, schema)
        }
        let start = run.problems.count
        if let text = schema["$ref"]?.string, dialect < .draft2019 || schema.count == 1 {
            return try follow(text, value, &run)
        }
        if let type = schema["type"], !(try checkType(value, type, schema, &run)) { return false }
        switch value.kind {
        case .number: try checkNumber(value, schema, &run)
        case .string: try checkString(value, schema, &run)
        default: break
        }
        if run.problems.count > start, !reportsAll { return false }
        if !(try checkAny(value, schema, &run)), !reportsAll { return false }
        switch value.kind {
        case .array: try checkArray(value, schema, &run)
        case .object: try checkObject(value, schema, &run)
        default: break
        }
        return run.problems.count == start
    }

    private func follow(_ text: String, _ value: Node, _ run: inout Run) throws(SchemaFailure) -> Bool {
        guard let target = reference(text) else {
            if ignoresLostReferences { return true }
            throw SchemaFailure(reason: "can't resolve reference \(text) from id #")
        }
        return try check(value, target, &run)
    }

    // MARK: Any kind of value

    private func checkType(
        _ value: Node, _ type: Node, _ schema: Node, _ run: inout Run
    ) throws(SchemaFailure) -> Bool {
        var names = type.kind == .array ? type.elements.compactMap(\.string) : [type.string].compactMap { $0 }
        if names.isEmpty || names.contains(where: { !SchemaValidator.types.contains($0) }) {
            if isOpenAPI { return true }
            throw SchemaFailure(
                reason: "schema is invalid: data/type must be equal to one of the allowed values, "
                    + "data/type must be array, data/type must match a schema in anyOf")
        }
        if let nullableKeyword, schema[nullableKeyword]?.boolean == true, !names.contains("null") {
            names.append("null")
        }
        if names.contains(where: { SchemaValidator.isOf(type: $0, value) }) { return true }
        run.fail("type", "must be \(names.joined(separator: ","))", value)
        return false
    }

    private static let types: Set = ["string", "number", "integer", "boolean", "array", "object", "null"]

    static func isOf(type: String, _ value: Node) -> Bool {
        switch type {
        case "string": value.kind == .string
        case "number": value.kind == .number
        case "integer": value.kind == .number && value.number.map { $0 == $0.rounded() } == true
        case "boolean": value.kind == .boolean
        case "array": value.kind == .array
        case "object": value.kind == .object
        case "null": value.kind == .null
        default: false
        }
    }

    /// References beside other keywords, constants, and combinations.
    private func checkAny(_ value: Node, _ schema: Node, _ run: inout Run) throws(SchemaFailure) -> Bool {
        let start = run.problems.count
        func mayGoOn() -> Bool { reportsAll || run.problems.count == start }
        if let text = schema["$ref"]?.string { _ = try follow(text, value, &run) }
        if mayGoOn(), let constant = schema["const"], dialect > .draft4,
            !SchemaValidator.areEqual(value, constant)
        {
            run.fail("const", "must be equal to constant", value)
        }
        if mayGoOn(), let list = schema["enum"], list.kind == .array,
            !list.elements.contains(where: { SchemaValidator.areEqual(value, $0) })
        {
            run.problems.append(
                SchemaProblem(
                    keyword: "enum", path: run.path, message: "must be equal to one of the allowed values",
                    value: value,
                    allowed: Array(list.elements)))
        }
        if mayGoOn(), let not = schema["not"] {
            var inner = Run(path: run.path, depth: run.depth, work: run.work)
            try check(value, not, &inner)
            if inner.problems.isEmpty { run.fail("not", "must NOT be valid", value) }
        }
        if mayGoOn(), let branches = schema["anyOf"], branches.kind == .array, branches.count > 0 {
            var all: [SchemaProblem] = []
            var passes = false
            for branch in branches.elements {
                var inner = Run(path: run.path, depth: run.depth, work: run.work)
                try check(value, branch, &inner)
                if inner.problems.isEmpty {
                    passes = true
                    break
                }
                all.append(contentsOf: inner.problems)
            }
            if !passes {
                run.problems.append(contentsOf: all)
                run.fail("anyOf", "must match a schema in anyOf", value)
            }
        }
        if mayGoOn(), let branches = schema["oneOf"], branches.kind == .array, branches.count > 0 {
            try checkOneOf(value, branches, &run)
        }
        if mayGoOn(), let branches = schema["allOf"], branches.kind == .array {
            for branch in branches.elements where mayGoOn() { try check(value, branch, &run) }
        }
        if mayGoOn(), dialect >= .draft7, let condition = schema["if"] {
            var inner = Run(path: run.path, depth: run.depth, work: run.work)
            try check(value, condition, &inner)
            let keyword = inner.problems.isEmpty ? "then" : "else"
            if let branch = schema[keyword] {
                let before = run.problems.count
                try check(value, branch, &run)
                if run.problems.count > before { run.fail("if", "must match \"\(keyword)\" schema", value) }
            }
        }
        return run.problems.count == start
    }

    private func checkOneOf(_ value: Node, _ branches: Node, _ run: inout Run) throws(SchemaFailure) {
        var all: [SchemaProblem] = []
        var passing = 0
        for branch in branches.elements {
            var inner = Run(path: run.path, depth: run.depth, work: run.work)
            try check(value, branch, &inner)
            if inner.problems.isEmpty { passing += 1 }
            all.append(contentsOf: inner.problems)
        }
        if passing == 1 { return }
        if passing == 0 { run.problems.append(contentsOf: all) }
        run.fail("oneOf", "must match exactly one schema in oneOf", value)
    }

    /// Deep equality; the order of members does not matter.
    static func areEqual(_ left: Node, _ right: Node) -> Bool {
        guard left.kind == right.kind else { return false }
        switch left.kind {
        case .null: return true
        case .boolean: return left.boolean == right.boolean
        case .number: return left.number == right.number
        case .string: return left.string == right.string
        case .array:
            return left.count == right.count && zip(left.elements, right.elements).allSatisfy { areEqual($0, $1) }
        case .object:
            return left.count == right.count
                && left.members.allSatisfy { member in right[member.key].map { areEqual(member.value, $0) } ?? false }
        }
    }
}
