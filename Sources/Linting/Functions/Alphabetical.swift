import Documents

extension RuleFunction {
    static func alphabetical(_ options: FunctionOptions) throws(OptionsProblem) -> RuleFunction {
        let example = "null (no options), { \"keyedBy\": \"my-key\" }"
        let map = try options.map(known: ["keyedBy"])
        if map == nil, let node = options.node, node.kind != .null { throw options.invalid(example: example) }
        if let keyedBy = map?["keyedBy"], keyedBy.string == nil {
            throw OptionsProblem(
                "\"alphabetical\" function and its \"keyedBy\" option accepts only the following types: string",
                at: ["keyedBy"])
        }
        return .alphabetical(keyedBy: map?["keyedBy"]?.string)
    }

    /// Wants elements, or a map's names, in order; reports the first pair that is not.
    static func alphabetical(keyedBy: String?) -> RuleFunction {
        RuleFunction("alphabetical") { target, context in
            guard let value = target.value, value.kind == .array || value.kind == .object else { return [] }
            if value.kind == .object {
                let keys = value.members.map(\.key)
                guard let index = firstUnordered(keys.map { .text($0) }) else { return [] }
                return [Remark("\"\(keys[index])\" must be placed after \"\(keys[index + 1])\"", path: [keys[index]])]
            }
            let elements = value.elements.map(context.resolve)
            if let keyedBy {
                var values: [ScriptValue] = []
                for element in elements {
                    guard element.kind == .object else {
                        return [Remark("\(context.title(of: target))must be an object")]
                    }
                    values.append(ScriptValue(element[keyedBy]))
                }
                return firstUnordered(values) == nil ? [] : [Remark("properties must follow the alphabetical order")]
            }
            let values = elements.map { ScriptValue($0) }
            for value in values {
                switch value {
                case .text, .number: continue
                default:
                    return [Remark("\(context.title(of: target))must be one of the allowed types: number, string")]
                }
            }
            guard let index = firstUnordered(values) else { return [] }
            let first = LintContext.printed(elements[index])
            let second = LintContext.printed(elements[index + 1])
            return [Remark("\(first) must be placed after \(second)", path: [String(index)])]
        }
    }

    private static func firstUnordered(_ values: [ScriptValue]) -> Int? {
        values.indices.dropLast().first { isAfter(values[$0], values[$0 + 1]) }
    }

    /// Numbers by size; texts as a dictionary orders them, small letters before capitals.
    private static func isAfter(_ left: ScriptValue, _ right: ScriptValue) -> Bool {
        if case .number(let first) = left, case .number(let second) = right { return first > second }
        if left.isNullish || right.isNullish { return false }
        let (first, second) = (left.text, right.text)
        let (lowerFirst, lowerSecond) = (first.lowercased(), second.lowercased())
        if lowerFirst != lowerSecond { return lowerFirst > lowerSecond }
        return first < second
    }
}
