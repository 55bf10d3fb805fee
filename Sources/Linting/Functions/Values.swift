import Documents

extension RuleFunction {
    static func enumeration(_ options: FunctionOptions) throws(OptionsProblem) -> RuleFunction {
        let example = "{ \"values\": [\"Berlin\", \"London\", \"Paris\"] }, { \"values\": [2, 3, 5, 8, 13, 21] }"
        guard let map = try options.map(known: ["values"]) else { throw options.invalid(example: example) }
        guard let values = map["values"], values.kind == .array,
            values.elements.allSatisfy({ $0.kind != .array && $0.kind != .object })
        else {
            throw OptionsProblem(
                "\"enumeration\" and its \"values\" option support only arrays of primitive values, "
                    + "i.e. [\"Berlin\", \"London\", \"Paris\"]", at: ["values"])
        }
        let allowed = values.elements.map { ScriptValue($0) }
        let list = values.elements.map { LintContext.printed($0) }.joined(separator: ", ")
        return RuleFunction("enumeration") { target, _ in
            let value = target.script
            switch value {
            case .text, .number, .boolean, .null: break
            default: return []
            }
            if allowed.contains(where: { $0.isStrictlyEqual(to: value) }) { return [] }
            let printed = target.name.map { "\"\($0)\"" } ?? LintContext.printed(target.value)
            return [Remark("\(printed) must be equal to one of the allowed values: \(list)")]
        }
    }

    static func length(_ options: FunctionOptions) throws(OptionsProblem) -> RuleFunction {
        let example = "{ \"min\": 2 }, { \"max\": 5 }, { \"min\": 0, \"max\": 10 }"
        guard let map = try options.map(known: ["min", "max"]), map.count > 0 else {
            throw options.invalid(example: example)
        }
        for key in ["min", "max"] {
            if let limit = map[key], limit.number == nil {
                throw OptionsProblem(
                    "\"length\" function and its \"\(key)\" option accepts only the following types: number", at: [key])
            }
        }
        return .length(min: map["min"]?.number, max: map["max"]?.number)
    }

    /// Wants a text, list, map or number within bounds.
    static func length(min: Double?, max: Double?) -> RuleFunction {
        RuleFunction("length") { target, context in
            let size: Double
            if let text = target.text {
                size = Double(text.utf16.count)
            } else if let value = target.value {
                switch value.kind {
                case .array, .object: size = Double(value.count)
                case .number: size = value.number ?? 0
                default: return []
                }
            } else {
                return []
            }
            if let min, size < min {
                return [Remark("\(context.title(of: target))must be longer than \(ScriptValue.text(of: min))")]
            }
            if let max, size > max {
                return [Remark("\(context.title(of: target))must be shorter than \(ScriptValue.text(of: max))")]
            }
            return []
        }
    }

    static func pattern(_ options: FunctionOptions) throws(OptionsProblem) -> RuleFunction {
        let example =
            "{ \"match\": \"^Stoplight\" }, { \"notMatch\": \"Swagger\" }, "
            + "{ \"match\": \"Stoplight\", \"notMatch\": \"Swagger\" }"
        guard let map = try options.map(known: ["match", "notMatch"]), map.count > 0 else {
            throw options.invalid(example: example)
        }
        func read(_ key: String) throws(OptionsProblem) -> ScriptPattern? {
            guard let node = map[key] else { return nil }
            guard let text = node.string else {
                throw OptionsProblem(
                    "\"pattern\" function and its \"\(key)\" option must be string or RegExp instance", at: [key])
            }
            do { return try ScriptPattern(written: text) } catch { throw OptionsProblem(error.reason, at: [key]) }
        }
        return .pattern(match: try read("match"), notMatch: try read("notMatch"))
    }

    /// Wants a text to match one expression, or not to match another.
    static func pattern(match: ScriptPattern?, notMatch: ScriptPattern?) -> RuleFunction {
        RuleFunction("pattern") { target, _ in
            guard let text = target.text else { return [] }
            switch match?.outcome(on: text) {
            case .noMatch: return [Remark("\"\(text)\" must match the pattern \"\(match?.shown ?? "")\"")]
            case .tooSlow: return [Remark(match?.slowness ?? "")]
            case .match, nil: break
            }
            switch notMatch?.outcome(on: text) {
            case .match: return [Remark("\"\(text)\" must not match the pattern \"\(notMatch?.shown ?? "")\"")]
            case .tooSlow: return [Remark(notMatch?.slowness ?? "")]
            case .noMatch, nil: return []
            }
        }
    }

    /// A pattern that our own code holds and that is therefore known to be well formed.
    static func pattern(match: String? = nil, notMatch: String? = nil) -> RuleFunction {
        do {
            return .pattern(
                match: try match.map { (text) throws(ScriptPattern.Failure) in try ScriptPattern(text) },
                notMatch: try notMatch.map { (text) throws(ScriptPattern.Failure) in try ScriptPattern(text) })
        } catch {
            preconditionFailure(error.reason)
        }
    }
}
