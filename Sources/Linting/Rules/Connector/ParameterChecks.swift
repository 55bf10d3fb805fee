import Documents

extension ConnectorRules {
    static let parameterSummary = rule(
        "connector-parameter-summary", .warning,
        page: RulePage(
            "Each parameter that people fill in has 'x-ms-summary'.",
            why: "It is the field's label; without it the technical name is shown.",
            fix: "add 'x-ms-summary' in title case",
            example: "{name: cust_id, in: query, type: string, x-ms-summary: Customer Number}")
    ) { context in
        visibleParameters(context).filter { ($0.node["x-ms-summary"]?.string ?? "").isEmpty }.map {
            Remark("parameter '\($0.name)' has no 'x-ms-summary'", at: $0.node)
        }
    }

    static let parameterDescription = rule(
        "connector-parameter-description", .warning,
        page: RulePage(
            "Each parameter that people fill in is described.", why: "The description is the hint in the empty field.",
            fix: "add 'description'", example: "{name: top, in: query, type: integer, description: How many to give.}")
    ) { context in
        visibleParameters(context).filter { ($0.node["description"]?.string ?? "").isEmpty }.map {
            Remark("parameter '\($0.name)' has no description", at: $0.node)
        }
    }

    static let duplicateSummary = rule(
        "connector-parameter-label-unique", .information,
        page: RulePage(
            "No two parameters of an operation have the same label.", why: "Makers cannot tell the fields apart.",
            fix: "make one 'x-ms-summary' more exact", example: "x-ms-summary: Customer Number")
    ) { context in
        context.operations.flatMap { operation -> [Remark] in
            var seen: Set<String> = []
            return operation.parameters.filter { !$0.isInternal && $0.place != "body" }.compactMap { parameter in
                guard let label = parameter.node["x-ms-summary"]?.string, !label.isEmpty else { return nil }
                if seen.insert(label.lowercased()).inserted { return nil }
                return Remark(
                    "operation '\(operation.title)' has another parameter labelled '\(label)'", at: parameter.site,
                    keepsReference: true)
            }
        }
    }

    static let internalDefault = rule(
        "connector-internal-default", .warning,
        page: RulePage(
            "A required parameter that is internal has a default.",
            why: "Nobody can fill in a hidden field, so that the call fails.", fix: "add 'default'",
            example:
                "{name: api-version, in: query, type: string, required: true, x-ms-visibility: internal, default: '1.0'}"
        )
    ) { context in
        context.operations.flatMap(\.parameters).filter {
            $0.isInternal && $0.isRequired && $0.place != "body" && $0.node["default"] == nil
        }.map { Remark("parameter '\($0.name)' is required and hidden, and has no default", at: $0.node) }
    }

    static let reservedParameter = rule(
        "connector-reserved-parameter", .error,
        page: RulePage(
            "No parameter is called 'connectionId'.", why: "The platform uses that name in every address itself.",
            fix: "rename the parameter", example: "{name: linkId, in: path, required: true, type: string}")
    ) { context in
        context.operations.flatMap(\.parameters).filter { $0.name.lowercased() == "connectionid" }.map {
            Remark("parameter name '\($0.name)' is reserved", at: $0.node)
        }
    }

    static let urlEncoding = rule(
        "connector-url-encoding", .hint,
        page: RulePage(
            "Path parameters say how they are encoded.",
            why: "A value with a slash is taken for two segments unless it is encoded twice.",
            fix: "add 'x-ms-url-encoding: double', or 'single' where a value never holds a slash",
            example: "{name: file, in: path, required: true, type: string, x-ms-url-encoding: double}")
    ) { context in
        context.operations.flatMap(\.parameters).filter {
            $0.place == "path" && $0.node["type"]?.string == "string" && $0.node["x-ms-url-encoding"] == nil
                && $0.node["enum"] == nil && !$0.isInternal
        }.map { Remark("path parameter '\($0.name)' has no 'x-ms-url-encoding'", at: $0.node) }
    }

    static let collectionFormat = rule(
        "connector-collection-format", .warning,
        page: RulePage(
            "Lists in the address are not sent as repeated parameters.",
            why: "'collectionFormat: multi' is not supported.",
            fix: "use 'csv', or take a text",
            example: "{name: ids, in: query, type: array, items: {type: string}, collectionFormat: csv}")
    ) { context in
        context.operations.flatMap(\.parameters).compactMap { parameter in
            guard let node = parameter.node["collectionFormat"], node.isString("multi") else { return nil }
            return Remark("'collectionFormat: multi' of parameter '\(parameter.name)' is not supported", at: node)
        }
    }

    static let enumValues = Rule(
        "connector-enum-values", .warning, [.oas2], given: ["$..['x-ms-enum-values']"],
        [
            .init(
                RuleFunction("enumValues") { target, context in
                    guard let list = target.value, list.kind == .array, let holder = context.parent(of: target.site)
                    else { return [] }
                    let allowed = holder["enum"].map { Array($0.elements) }
                    return list.elements.compactMap { entry in
                        guard let value = entry["value"] else { return Remark("an entry has no 'value'", at: entry) }
                        if entry["displayName"] == nil {
                            return Remark("value '\(value.scalarText ?? "")' has no 'displayName'", at: entry)
                        }
                        if let allowed, !allowed.contains(where: { SchemaValidator.areEqual($0, value) }) {
                            return Remark("value '\(value.scalarText ?? "")' is not in 'enum'", at: value)
                        }
                        return nil
                    }
                })
        ], description: nil,
        page: RulePage(
            "'x-ms-enum-values' gives a name to values that 'enum' has.",
            why: "A name for a value that is not allowed can be chosen and then fails.",
            fix: "make the values of both lists the same",
            example: "enum: [1, 2]\nx-ms-enum-values: [{value: 1, displayName: Open}, {value: 2, displayName: Paid}]"))

    private static func visibleParameters(_ context: LintContext) -> [ConnectorOperation.Parameter] {
        var seen: Set<Node> = []
        return context.operations.filter { !$0.isInternal }.flatMap(\.parameters).filter {
            !$0.isInternal && $0.place != "body" && seen.insert($0.node).inserted
        }
    }
}
