import Documents

extension RuleFunction {
    /// Wants a value that JavaScript counts as true.
    static let truthy = RuleFunction("truthy") { target, context in
        target.script.isTrue ? [] : [Remark("\(context.title(of: target))must be truthy")]
    }

    /// Wants a value that JavaScript counts as false.
    static let falsy = RuleFunction("falsy") { target, context in
        target.script.isTrue ? [Remark("\(context.title(of: target))must be falsy")] : []
    }

    /// Wants a value, whichever.
    static let defined = RuleFunction("defined") { target, context in
        target.value == nil && target.name == nil ? [Remark("\(context.title(of: target))must be defined")] : []
    }

    /// Wants no value.
    static let undefined = RuleFunction("undefined") { target, context in
        target.value == nil && target.name == nil ? [] : [Remark("\(context.title(of: target))must be undefined")]
    }

    static func xor(_ options: FunctionOptions) throws(OptionsProblem) -> RuleFunction {
        let example = "{ \"properties\": [\"id\", \"name\"] }, { \"properties\": [\"country\", \"street\"] }"
        return .xor(try properties(options, example: example))
    }

    /// Wants exactly one of some members.
    static func xor(_ properties: [String]) -> RuleFunction {
        RuleFunction("xor") { target, _ in
            guard let value = target.value, value.kind == .object else { return [] }
            if properties.filter({ value[$0] != nil }).count == 1 { return [] }
            let names = properties.map { "\"\($0)\"" }
            let list = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
            return [Remark("\(list) must not be both defined or both undefined")]
        }
    }

    static func or(_ options: FunctionOptions) throws(OptionsProblem) -> RuleFunction {
        let example = "{ \"properties\": [\"id\", \"name\"] }, { \"properties\": [\"country\", \"street\"] }"
        return .or(try properties(options, example: example))
    }

    /// Wants at least one of some members.
    static func or(_ properties: [String]) -> RuleFunction {
        RuleFunction("or") { target, _ in
            guard let value = target.value, value.kind == .object else { return [] }
            if properties.contains(where: { value[$0] != nil }) { return [] }
            let names = properties.map { "\"\($0)\"" }
            if names.count > 4 {
                let more = names.count - 3
                let list = names.prefix(3).joined(separator: ", ")
                return [
                    Remark("At least one of \(list) or \(more) other properties must be defined")
                ]
            }
            let list = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
            return [Remark("At least one of \(list) must be defined")]
        }
    }

    private static func properties(_ options: FunctionOptions, example: String) throws(OptionsProblem) -> [String] {
        guard let map = try options.map(known: ["properties"]) else { throw options.invalid(example: example) }
        let names = map["properties"]?.elements.compactMap(\.string) ?? []
        guard names.count >= 2, names.count == map["properties"]?.count else {
            throw OptionsProblem(
                "\"\(options.function)\" and its \"properties\" option require at least 2-item tuples, "
                    + "i.e. [\"id\", \"name\"]", at: ["properties"])
        }
        return names
    }
}
