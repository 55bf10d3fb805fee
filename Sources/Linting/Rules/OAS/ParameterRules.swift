import Documents

extension OASRules {
    static let parameterDescription2 = Rule(
        "oas2-parameter-description", .warning, recommended: false, [.oas2], given: ["$..parameters[*]"],
        [.init(described)], description: "Parameter objects must have \"description\".", page: page)

    static let parameterDescription3 = Rule(
        "oas3-parameter-description", .warning, recommended: false, [.oas3],
        given: ["$.paths[*].parameters[*]", "\(operation).parameters[*]", "$.components.parameters[*]"],
        [.init(described)], description: "Parameter objects must have \"description\".", page: page)

    private static let page = RulePage(
        "Each parameter is described.", why: "The name of a parameter rarely says what to fill in.",
        fix: "add 'description' to the parameter",
        example: "{name: status, in: query, description: Gives only invoices in this state., type: string}")

    private static let described = RuleFunction("described") { target, context in
        guard let parameter = target.value, parameter.kind == .object, ScriptValue(parameter["in"]).isTrue else {
            return []
        }
        if ScriptValue(parameter["description"]).isTrue { return [] }
        return [Remark("a description is missing", path: ["description"])]
    }
}
