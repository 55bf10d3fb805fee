import Documents

extension RuleFunction {
    private static let dialects = ["auto", "draft4", "draft6", "draft7", "draft2019-09", "draft2020-12"]

    static func schema(_ options: FunctionOptions) throws(OptionsProblem) -> RuleFunction {
        guard let map = try options.map(known: ["schema", "dialect", "allErrors", "prepareResults"]) else {
            throw options.invalid(
                example: "{ \"schema\": { /* any JSON Schema can be defined here */ } , "
                    + "{ \"schema\": { \"type\": \"object\" }, \"dialect\": \"auto\" }")
        }
        if let dialect = map["dialect"], !dialects.contains(dialect.string ?? "") {
            let accepted = dialects.map { "\"\($0)\"" }.joined(separator: ", ")
            throw OptionsProblem(
                "\"schema\" function and its \"dialect\" option accepts only the following values: \(accepted)",
                at: ["dialect"])
        }
        guard let schema = map["schema"], schema.kind == .object else {
            throw OptionsProblem(
                "\"schema\" function and its \"schema\" option accepts only the following types: object", at: ["schema"]
            )
        }
        let dialect = SchemaDialect(named: map["dialect"]?.string, schema: schema)
        let allErrors = map["allErrors"]?.boolean ?? false
        return RuleFunction("schema") { target, context in
            guard let value = target.value else { return [Remark("\(context.title(of: target))must exist")] }
            let validator = SchemaValidator(dialect: dialect, reportsAll: allErrors) { reference in
                SchemaValidator.find(reference, in: schema)
            }
            do throws(SchemaFailure) {
                try validator.checkPatterns(of: schema)
                let problems = try validator.validate(value, against: schema)
                return SchemaMessages.remarks(for: problems, of: value, named: context.property(of: target))
            } catch {
                return [Remark(error.reason)]
            }
        }
    }
}
