import Documents

/// The functions that rulesets can name.
enum FunctionTable {
    typealias Maker = @Sendable (FunctionOptions) throws(OptionsProblem) -> RuleFunction

    static let makers: [String: Maker] = [
        "alphabetical": { (options) throws(OptionsProblem) in try .alphabetical(options) },
        "casing": { (options) throws(OptionsProblem) in try .casing(options) },
        "defined": { (options) throws(OptionsProblem) in
            try options.none()
            return .defined
        },
        "enumeration": { (options) throws(OptionsProblem) in try .enumeration(options) },
        "falsy": { (options) throws(OptionsProblem) in
            try options.none()
            return .falsy
        },
        "length": { (options) throws(OptionsProblem) in try .length(options) },
        "or": { (options) throws(OptionsProblem) in try .or(options) },
        "pattern": { (options) throws(OptionsProblem) in try .pattern(options) },
        "schema": { (options) throws(OptionsProblem) in try .schema(options) },
        "truthy": { (options) throws(OptionsProblem) in
            try options.none()
            return .truthy
        },
        "typedEnum": { (options) throws(OptionsProblem) in
            try options.none()
            return .typedEnum
        },
        "undefined": { (options) throws(OptionsProblem) in
            try options.none()
            return .undefined
        },
        "unreferencedReusableObject": { (options) throws(OptionsProblem) in try .unreferencedReusableObject(options) },
        "unresolvedReferences": { (options) throws(OptionsProblem) in
            try options.none()
            return .unresolvedReferences
        },
        "xor": { (options) throws(OptionsProblem) in try .xor(options) },
    ]

    static func make(_ name: String, options: Node?) throws(OptionsProblem) -> RuleFunction? {
        guard let maker = makers[name] else { return nil }
        return try maker(FunctionOptions(function: name, node: options))
    }
}
