import Documents

extension ConnectorRules {
    static let onlyDefaultResponse = rule(
        "connector-response-success", .warning,
        page: RulePage(
            "Each operation declares a successful response; 'default' alone is not enough.",
            why: "Only a response with a 2xx status gives outputs that a flow can use.",
            fix: "add a response for the status that the API gives",
            example: "responses:\n  '200': {description: The invoices, schema: {$ref: '#/definitions/InvoiceList'}}")
    ) { context in
        context.operations.compactMap { operation in
            guard let responses = operation.node["responses"], responses.kind == .object else {
                return Remark("operation '\(operation.title)' has no responses", at: operation.node, isAboutName: true)
            }
            if responses.members.contains(where: { Int($0.key).map { (200..<400).contains($0) } == true }) {
                return nil
            }
            return Remark("operation '\(operation.title)' declares no successful response", at: responses)
        }
    }

    static let defaultResponseSchema = rule(
        "connector-default-response-schema", .warning,
        page: RulePage(
            "The 'default' response has no schema.",
            why: "The designer would take errors for outputs; schemas belong to the statuses that are expected.",
            fix: "move the schema to the response of its status",
            example: "responses:\n  default: {description: Operation failed.}")
    ) { context in
        context.operations.compactMap { operation in
            guard let schema = context.member(operation.node, ["responses", "default", "schema"]) else { return nil }
            return Remark("the 'default' response of '\(operation.title)' has a schema", at: schema)
        }
    }

    static let responseSchema = rule(
        "connector-response-schema", .warning,
        page: RulePage(
            "Responses with content have a schema.",
            why: "Without one the outputs of an action cannot be used in later steps.",
            fix: "describe the answer in 'schema'; use 204 where there is none",
            example: "'200': {description: The invoice, schema: {$ref: '#/definitions/Invoice'}}")
    ) { context in
        context.operations.filter { !["head", "options"].contains($0.method) }.flatMap { operation in
            operation.successes(context).compactMap { status, response -> Remark? in
                guard status == "200" || status == "201" else { return nil }
                guard let schema = response["schema"] else {
                    if operation.method == "delete" || operation.isTrigger { return nil }
                    return Remark("response \(status) of '\(operation.title)' has no schema", at: response)
                }
                return schema.kind == .object && schema.count == 0
                    ? Remark("the schema of response \(status) of '\(operation.title)' is empty", at: schema) : nil
            }
        }
    }

    static let missingExample = rule(
        "connector-missing-example", .hint,
        page: RulePage(
            "Successful responses have an example.",
            why: "Mocks answer with it, tests compare with it, and people understand it faster than a schema.",
            fix: "add 'examples' to the response, or 'example' to its schema",
            example:
                "'200':\n  schema: {$ref: '#/definitions/Invoice'}\n  examples: {application/json: {number: INV-0007}}")
    ) { context in
        context.operations.filter { !$0.isInternal }.flatMap { operation in
            operation.successes(context).compactMap { status, response -> Remark? in
                guard let schema = context.member(response, "schema"), response["examples"] == nil,
                    schema["example"] == nil, !hasPropertyExamples(schema, context)
                else { return nil }
                return Remark("response \(status) of '\(operation.title)' has no example", at: response)
            }
        }
    }

    private static func hasPropertyExamples(_ schema: Node, _ context: LintContext) -> Bool {
        let subject = context.member(schema, "items") ?? schema
        if subject["example"] != nil { return true }
        return (subject["properties"].map { Array($0.members) } ?? []).contains {
            context.resolve($0.value)["example"] != nil
        }
    }

    static let pathCase = rule(
        "connector-path-case", .error,
        page: RulePage(
            "No two paths differ only in capitals.",
            why: "Paths are compared without regard to them, and the import fails.",
            fix: "make one item of both paths", example: "/invoices: {get: {...}, post: {...}}")
    ) { context in
        guard let paths = context.member(context.document.root, "paths"), paths.kind == .object else { return [] }
        var seen: [String: String] = [:]
        return paths.members.compactMap { member in
            guard let other = seen[member.key.lowercased()] else {
                seen[member.key.lowercased()] = member.key
                return nil
            }
            return Remark("path '\(member.key)' is defined as '\(other)' already", at: member.value, isAboutName: true)
        }
    }
}
