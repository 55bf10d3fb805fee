import Documents

extension ConnectorRules {
    private static let dynamicPaths = [
        "$..['x-ms-dynamic-values','x-ms-dynamic-list','x-ms-dynamic-schema','x-ms-dynamic-properties']",
        "$..['x-ms-dynamic-tree'][open,browse]", "$..['x-ms-notification']",
        "$..['x-ms-operation-context'].simulate", "$['x-ms-capabilities'].testConnection",
        "$['x-ms-capabilities']['file-picker'][open,browse]",
    ]

    static let dynamicOperation = Rule(
        "connector-dynamic-operation", .error, [.oas2], given: dynamicPaths,
        [
            .init(
                RuleFunction("dynamicOperation") { target, context in
                    guard let id = target.value?["operationId"], let text = id.string,
                        !context.operations.contains(where: { $0.id == text })
                    else { return [] }
                    let near = suggestion(for: text, among: context.operations.compactMap(\.id))
                    let hint = near.map { "; did you mean '\($0)'?" } ?? ""
                    return [Remark("operation '\(text)' does not exist\(hint)", at: id)]
                })
        ], description: nil,
        page: RulePage(
            "Dynamic values, schemas and trees name operations that exist.",
            why: "The list stays empty in the designer, with no message that says why.",
            fix: "correct the operationId", example: "x-ms-dynamic-values: {operationId: ListCustomers, value-path: id}"
        ))

    static let dynamicParameters = Rule(
        "connector-dynamic-parameters", .warning, [.oas2], given: dynamicPaths,
        [
            .init(
                RuleFunction("dynamicParameters") { target, context in
                    guard let value = target.value, let id = value["operationId"]?.string,
                        let operation = context.operations.first(where: { $0.id == id })
                    else { return [] }
                    return unknownParameters(value, of: operation, context)
                        + missingParameters(value, of: operation, context)
                })
        ], description: nil,
        page: RulePage(
            "The parameters that a dynamic extension gives are those of the operation it calls.",
            why: "A value under an unknown name is not sent; a required parameter without value makes the call fail.",
            fix: "name the operation's own parameters, and all that it requires",
            example:
                "x-ms-dynamic-values:\n  operationId: ListInvoices\n  parameters: {customer: {parameter: customer}}"))

    private static func unknownParameters(
        _ value: Node, of operation: ConnectorOperation, _ context: LintContext
    ) -> [Remark] {
        guard let given = value["parameters"], given.kind == .object else { return [] }
        let names = Set(operation.parameters.map(\.name))
        let hasBody = operation.parameters.contains { $0.place == "body" }
        return given.members.compactMap { member in
            if names.contains(member.key) { return nil }
            // Properties of a body are addressed by their path, such as `body/filter/name`.
            if hasBody { return nil }
            return Remark(
                "operation '\(operation.title)' has no parameter '\(member.key)'", at: member.value, isAboutName: true)
        }
    }

    private static func missingParameters(
        _ value: Node, of operation: ConnectorOperation, _ context: LintContext
    ) -> [Remark] {
        let given = value["parameters"].map { Set($0.members.map(\.key)) } ?? []
        return operation.parameters.compactMap { parameter in
            guard parameter.isRequired, parameter.place != "body", parameter.node["default"] == nil,
                !given.contains(parameter.name)
            else { return nil }
            return Remark("operation '\(operation.title)' requires parameter '\(parameter.name)'", at: value)
        }
    }
}
