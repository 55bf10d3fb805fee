import Documents

extension SchemaValidator {
    func checkArray(_ value: Node, _ schema: Node, _ run: inout Run) throws(SchemaFailure) {
        let start = run.problems.count
        func clean() -> Bool { reportsAll || run.problems.count == start }
        let elements = Array(value.elements)
        if let limit = schema["maxItems"]?.integer, elements.count > limit {
            run.fail("maxItems", "must NOT have more than \(limit) items", value)
        }
        if clean(), let limit = schema["minItems"]?.integer, elements.count < limit {
            run.fail("minItems", "must NOT have fewer than \(limit) items", value)
        }
        if clean(), schema["uniqueItems"]?.boolean == true, let pair = SchemaValidator.duplicates(in: elements) {
            run.fail(
                "uniqueItems", "must NOT have duplicate items (items ## \(pair.0) and \(pair.1) are identical)", value)
        }
        let tuple =
            dialect == .draft2020 ? schema["prefixItems"] : schema["items"].flatMap { $0.kind == .array ? $0 : nil }
        let fixed = tuple.map { Array($0.elements) } ?? []
        let rest = dialect == .draft2020 ? schema["items"] : tuple == nil ? schema["items"] : schema["additionalItems"]
        if clean(), tuple != nil, rest?.boolean == false, elements.count > fixed.count {
            run.fail("additionalItems", "must NOT have more than \(fixed.count) items", value)
        }
        for (index, element) in elements.enumerated() where clean() {
            guard let schema = index < fixed.count ? fixed[index] : rest, tuple == nil || schema.kind == .object else {
                continue
            }
            try within(String(index), element, schema, &run)
        }
        if clean(), dialect > .draft4, let contains = schema["contains"] {
            var found = 0
            for element in elements {
                var inner = Run(path: run.path, depth: run.depth, work: run.work)
                try check(element, contains, &inner)
                if inner.problems.isEmpty { found += 1 }
            }
            let least = dialect >= .draft2019 ? schema["minContains"]?.integer ?? 1 : 1
            if found < least { run.fail("contains", "must contain at least \(least) valid item(s)", value) }
        }
    }

    func checkObject(_ value: Node, _ schema: Node, _ run: inout Run) throws(SchemaFailure) {
        let start = run.problems.count
        func clean() -> Bool { reportsAll || run.problems.count == start }
        if let limit = schema["maxProperties"]?.integer, value.count > limit {
            run.fail("maxProperties", "must NOT have more than \(limit) properties", value)
        }
        if clean(), let limit = schema["minProperties"]?.integer, value.count < limit {
            run.fail("minProperties", "must NOT have fewer than \(limit) properties", value)
        }
        let properties = schema["properties"]
        if clean(), let required = schema["required"], required.kind == .array {
            for name in required.elements.compactMap(\.string) where clean() && value[name] == nil {
                if let forgivenKeyword, let property = properties?[name], isMarked(property, forgivenKeyword) {
                    continue
                }
                run.problems.append(
                    SchemaProblem(
                        keyword: "required", path: run.path, message: "must have required property \"\(name)\"",
                        value: value, property: name))
            }
        }
        let patterns = try patterned(schema)
        if clean(), let names = schema["propertyNames"], dialect > .draft4 { try checkNames(value, names, &run) }
        if clean(), let additional = schema["additionalProperties"] {
            for member in value.members where clean() {
                if properties?[member.key] != nil || patterns.contains(where: { $0.0.matches(member.key) }) { continue }
                if additional.boolean == false {
                    run.problems.append(
                        SchemaProblem(
                            keyword: "additionalProperties", path: run.path,
                            message: "must NOT have additional properties", value: value, property: member.key))
                } else if additional.kind == .object {
                    try within(member.key, member.value, additional, &run)
                }
            }
        }
        if clean() { try checkDependencies(value, schema, &run) }
        if clean(), let properties, properties.kind == .object {
            for member in properties.members where clean() {
                guard let property = value[member.key] else { continue }
                try within(member.key, property, member.value, &run)
            }
        }
        for (pattern, inner) in patterns where clean() {
            for member in value.members where clean() && pattern.matches(member.key) {
                try within(member.key, member.value, inner, &run)
            }
        }
    }

    /// The last two equal elements, the earlier one first.
    static func duplicates(in elements: [Node]) -> (Int, Int)? {
        if elements.allSatisfy({ $0.kind == .string }), Set(elements.compactMap(\.string)).count == elements.count {
            return nil
        }
        for later in elements.indices.reversed() {
            for earlier in elements.indices.prefix(later).reversed()
            where areEqual(elements[later], elements[earlier]) {
                return (earlier, later)
            }
        }
        return nil
    }

    private func within(_ key: String, _ value: Node, _ schema: Node, _ run: inout Run) throws(SchemaFailure) {
        run.path.append(key)
        defer { run.path.removeLast() }
        try check(value, schema, &run)
    }

    private func isMarked(_ schema: Node, _ keyword: String) -> Bool {
        let target = schema["$ref"]?.string.flatMap(reference) ?? schema
        return target[keyword]?.boolean == true
    }

    private func patterned(_ schema: Node) throws(SchemaFailure) -> [(ScriptPattern, Node)] {
        guard let map = schema["patternProperties"], map.kind == .object else { return [] }
        var result: [(ScriptPattern, Node)] = []
        for member in map.members { result.append((try pattern(member.key), member.value)) }
        return result
    }

    private func checkNames(_ value: Node, _ names: Node, _ run: inout Run) throws(SchemaFailure) {
        for member in value.members {
            var inner = Run(path: run.path, depth: run.depth, work: run.work)
            try check(member.keyNode, names, &inner)
            if inner.problems.isEmpty { continue }
            run.problems.append(contentsOf: inner.problems)
            run.fail("propertyNames", "property name must be valid", value)
            if !reportsAll { return }
        }
    }

    private func checkDependencies(_ value: Node, _ schema: Node, _ run: inout Run) throws(SchemaFailure) {
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            guard let map = schema[keyword], map.kind == .object else { continue }
            for member in map.members where value[member.key] != nil {
                if member.value.kind == .array {
                    let wanted = member.value.elements.compactMap(\.string)
                    if wanted.contains(where: { value[$0] == nil }) {
                        let word = wanted.count == 1 ? "property" : "properties"
                        let list = wanted.joined(separator: ", ")
                        run.fail(keyword, "must have \(word) \(list) when property \(member.key) is present", value)
                    }
                } else {
                    try check(value, member.value, &run)
                }
            }
        }
    }
}
