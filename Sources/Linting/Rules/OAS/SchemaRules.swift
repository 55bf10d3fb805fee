import Documents

extension OASRules {
    static let referenceSiblings = Rule(
        "no-$ref-siblings", .error, [.oas2, .oas30], resolved: false, given: ["$..['$ref']"], [.init(siblings)],
        description: nil, message: "{{error}}",
        page: RulePage(
            "Nothing stands beside a reference.", why: "Readers of these versions ignore everything beside '$ref'.",
            fix: "move the other members to the referenced object, or put the reference into 'allOf'",
            example: "schema: {$ref: '#/definitions/Invoice'}"))

    static let arrayItems = Rule(
        "array-items", .error, resolved: false, given: ["$..type"], [.init(items)],
        description: "Schemas with \"type: array\", require a sibling \"items\" field",
        page: RulePage(
            "Each array says what it holds.",
            why: "Without 'items' no tool knows the elements, and connectors fail to import.",
            fix: "add 'items'", example: "type: array\nitems: {$ref: '#/definitions/Invoice'}"))

    static let typedEnum = Rule(
        "typed-enum", .warning, given: ["$..enum"], [.init(enumOfType)], description: nil, message: "{{error}}",
        page: RulePage(
            "The values of an enumeration have its type.",
            why: "A value of another type can never be sent or received.",
            fix: "change the value or the type", example: "type: integer\nenum: [1, 2, 3]"))

    static let duplicatedEnum = Rule(
        "duplicated-entry-in-enum", .warning, given: ["$..enum"], [.init(uniqueEnum)], description: nil,
        message: "{{error}}",
        page: RulePage(
            "No value of an enumeration is listed twice.", why: "Lists made from it show the entry twice.",
            fix: "remove the second one", example: "enum: [open, paid, overdue]"))

    static let discriminator = Rule(
        "oas2-discriminator", .error, [.oas2], given: ["$.definitions[*]"], [.init(discriminated)], description: nil,
        message: "{{error}}",
        page: RulePage(
            "The discriminator is a required property of its schema.",
            why: "Readers look at that property to know which schema a value has.",
            fix: "declare the property and list it in 'required'",
            example: "discriminator: kind\nrequired: [kind]\nproperties: {kind: {type: string}}"))

    static let anyOf = combination("oas2-anyOf", "anyOf")
    static let oneOf = combination("oas2-oneOf", "oneOf")

    private static func combination(_ code: String, _ keyword: String) -> Rule {
        Rule(
            code, .warning, [.oas2], given: ["$..\(keyword)"], [.init(.undefined)],
            description: "\"\(keyword)\" keyword must not be used in OpenAPI v2 document.",
            page: RulePage(
                "'\(keyword)' is not used in a Swagger 2.0 document.", why: "Swagger 2.0 does not know the keyword.",
                fix: "describe the common part with 'allOf', or leave the schema open",
                example: "allOf:\n  - {$ref: '#/definitions/Document'}"))
    }

    static let unusedDefinition = Rule(
        "oas2-unused-definition", .warning, [.oas2], resolved: false, given: ["$.definitions"],
        [.init(.unreferencedReusableObject(at: "#/definitions"))],
        description: "Potentially unused definition has been detected.",
        page: RulePage(
            "Each definition is used.", why: "What nothing refers to is read and maintained for nothing.",
            fix: "remove the definition, or refer to it", example: "schema: {$ref: '#/definitions/Invoice'}"))

    static let unusedComponent = Rule(
        "oas3-unused-component", .warning, [.oas3], resolved: false,
        given: ["$.components[schemas,responses,parameters,examples,requestBodies,headers,links,callbacks]"],
        [.init(.unreferencedReusableObject(at: "#/components"))],
        description: "Potentially unused component has been detected.",
        page: RulePage(
            "Each component is used.", why: "What nothing refers to is read and maintained for nothing.",
            fix: "remove the component, or refer to it", example: "schema: {$ref: '#/components/schemas/Invoice'}"))

    private static let siblings = RuleFunction("siblings") { target, context in
        guard let holder = context.parent(of: target.site), holder.kind == .object else { return [] }
        return holder.members.filter { $0.key != "$ref" }.map {
            Remark("$ref must not be placed next to any other properties", at: $0.value, keepsReference: true)
        }
    }

    private static let items = RuleFunction("items") { target, context in
        guard let type = target.value, let holder = context.parent(of: target.site), holder.kind == .object else {
            return []
        }
        let isArray =
            type.isString("array")
            || (context.formats.contains(.oas31) && type.elements.contains { $0.isString("array") })
        if !isArray || ScriptValue(holder["items"]).isTrue { return [] }
        return [Remark("'items' is missing", at: holder, keepsReference: true)]
    }

    private static let enumOfType = RuleFunction.typedEnum

    private static let uniqueEnum = RuleFunction("uniqueEnum") { target, context in
        guard let list = target.value, ScriptValue(list).isTrue, let holder = context.parent(of: target.site),
            context.key(of: holder) != "properties"
        else { return [] }
        if list.kind != .array { return [Remark("\"enum\" property type must be array")] }
        guard let (first, second) = SchemaValidator.duplicates(in: Array(list.elements)) else { return [] }
        return [
            Remark("\"enum\" property must not have duplicate items (items ## \(first) and \(second) are identical)")
        ]
    }

    private static let discriminated = RuleFunction("discriminated") { target, context in
        guard let schema = target.value, let name = schema["discriminator"]?.string, !name.isEmpty else { return [] }
        var remarks: [Remark] = []
        if context.member(schema, ["properties", name]) == nil {
            remarks.append(
                Remark("The discriminator property must be defined in this schema.", path: ["properties"]))
        }
        let required = schema["required"].map { $0.elements.compactMap(\.string) } ?? []
        if !required.contains(name) {
            remarks.append(
                Remark("The discriminator property must be in the required property list.", path: ["required"]))
        }
        return remarks
    }
}

extension RuleFunction {
    /// Wants the values of `enum` to have the type beside it.
    static let typedEnum = RuleFunction("typedEnum") { target, context in
        guard let value = target.value else { return [] }
        let schema: Node
        if value.kind == .array {
            guard let holder = context.parent(of: target.site) else { return [] }
            schema = holder
        } else {
            schema = value
        }
        guard let list = schema["enum"], list.kind == .array, let type = schema["type"] else { return [] }
        let names = type.kind == .array ? type.elements.compactMap(\.string) : [type.string].compactMap { $0 }
        if names.isEmpty { return [] }
        let nullable = context.formats.contains(.oas2) ? "x-nullable" : "nullable"
        let allowsNull = schema[nullable]?.boolean == true && !context.formats.contains(.oas31)
        return list.elements.compactMap { entry in
            if entry.isNull, allowsNull { return nil }
            if names.contains(where: { SchemaValidator.isOf(type: $0, entry) }) { return nil }
            let shown = LintContext.printed(entry)
            return Remark("Enum value \(shown) must be \"\(names.joined(separator: ","))\".", at: entry)
        }
    }
}
