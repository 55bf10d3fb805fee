import Documents

extension OASRules {
    static let schemaExample2 = Rule(
        "oas2-valid-schema-example", .error, [.oas2],
        given: [
            "$..definitions..[example,'x-example',default]", "$..parameters..[example,'x-example',default]",
            "$..responses..[example,'x-example',default]",
        ],
        [.init(schemaExample)], description: nil, message: "{{error}}", page: page)

    static let schemaExample3 = Rule(
        "oas3-valid-schema-example", .error, [.oas3],
        given: [
            "$.components.schemas..[example,default]", "$..content..[example,default]",
            "$..headers..[example,default]", "$..parameters..[example,default]",
        ],
        [.init(schemaExample)], description: nil, message: "{{error}}", page: page)

    static let mediaExample2 = Rule(
        "oas2-valid-media-example", .error, [.oas2], given: ["$..responses..schema"], [.init(mediaExample)],
        description: nil, message: "{{error}}", page: page)

    static let mediaExample3 = Rule(
        "oas3-valid-media-example", .error, [.oas3],
        given: ["$..content..schema", "$..headers..schema", "$..parameters..schema"], [.init(mediaExample)],
        description: nil, message: "{{error}}", page: page)

    static let examplesValue = Rule(
        "oas3-examples-value-or-externalValue", .warning, [.oas3],
        given: [
            "$.components.examples[*]", "$.components.parameters[*].examples[*]", "$.components.headers[*].examples[*]",
            "$.paths[*][*]..content[*].examples[*]", "$.paths[*][*]..parameters[*].examples[*]",
            "$.paths[*][*]..headers[*].examples[*]",
        ],
        [.init(.xor(["value", "externalValue"]))],
        description: "Examples must have either \"value\" or \"externalValue\" field.",
        page: RulePage(
            "Each example has a value, or names where it is.", why: "With both, tools show either; with none, nothing.",
            fix: "keep one of 'value' and 'externalValue'", example: "examples: {open: {value: {number: 7}}}"))

    private static let page = RulePage(
        "Examples and defaults are valid by their schema.",
        why: "Mocks answer with examples, tests compare with them, and people copy them.",
        fix: "correct the example, or the schema", example: "type: string\nexample: INV-0007")

    /// Judges `example`, `x-example` or `default` by the schema that it stands in.
    private static let schemaExample = RuleFunction("schemaExample") { target, context in
        guard let example = target.value, let schema = context.parent(of: target.site), schema.kind == .object,
            context.key(of: schema) != "properties",
            ["enum", "type", "format", "$ref", "properties", "items"].contains(where: { schema[$0] != nil })
        else { return [] }
        return problems(of: example, at: target.site, by: schema, context)
    }

    /// Judges the examples beside a media type's, header's or parameter's schema.
    private static let mediaExample = RuleFunction("mediaExample") { target, context in
        guard let schema = target.value, let holder = context.parent(of: target.site), holder.kind == .object,
            schema.kind == .object
        else { return [] }
        let isSwagger2 = context.formats.contains(.oas2)
        if holder["example"] == nil, holder["examples"] == nil { return [] }
        let forgiven = forgivenKeyword(context.path(of: holder), isSwagger2)
        if isSwagger2 {
            return (holder["examples"].map { Array($0.members) } ?? []).flatMap {
                problems(of: context.resolve($0.value), at: $0.value, by: schema, context, forgiven)
            }
        }
        if let example = holder["example"] {
            return problems(of: context.resolve(example), at: example, by: schema, context, forgiven)
        }
        return (holder["examples"].map { Array($0.members) } ?? []).flatMap { member -> [Remark] in
            let entry = context.resolve(member.value)
            guard entry.kind == .object, entry["externalValue"] == nil, let value = entry["value"] else { return [] }
            return problems(of: value, at: value, by: schema, context, forgiven)
        }
    }

    /// Requests need not repeat what is read only, responses not what is write only.
    private static func forgivenKeyword(_ path: [String], _ isSwagger2: Bool) -> String? {
        if path.contains("requestBody") || path.contains("requestBodies") { return "readOnly" }
        if path.contains("responses") { return "writeOnly" }
        return nil
    }

    private static func problems(
        of example: Node, at site: Node, by schema: Node, _ context: LintContext, _ forgiven: String? = nil
    ) -> [Remark] {
        let formats = context.formats
        var dialect = SchemaDialect.draft4
        if formats.contains(.oas31) {
            dialect = SchemaDialect(identifier: context.document.root["jsonSchemaDialect"]?.string) ?? .draft2020
        }
        var validator = SchemaValidator(dialect: dialect) { context.target(of: $0) }
        validator.nullableKeyword = formats.contains(.oas2) ? "x-nullable" : formats.contains(.oas30) ? "nullable" : nil
        validator.ignoresLostReferences = true
        validator.isOpenAPI = true
        validator.forgivenKeyword = forgiven
        do {
            let problems = try validator.validate(example, against: schema)
            return SchemaMessages.remarks(for: problems, of: example, named: context.key(of: site)).map { remark in
                Remark(remark.message, at: example, path: remark.path)
            }
        } catch {
            return [Remark(error.reason, at: example)]
        }
    }
}
