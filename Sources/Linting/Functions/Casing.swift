import Documents

extension RuleFunction {
    private static let casings = ["flat", "camel", "pascal", "kebab", "cobol", "snake", "macro"]

    static func casing(_ options: FunctionOptions) throws(OptionsProblem) -> RuleFunction {
        guard let map = try options.map(known: ["type", "disallowDigits", "separator"]) else {
            throw options.invalid(
                example: "{ \"type\": \"camel\" }, { \"type\": \"pascal\", \"disallowDigits\": true }")
        }
        guard let type = map["type"]?.string, casings.contains(type) else {
            let accepted = casings.joined(separator: ", ")
            throw OptionsProblem(
                "\"casing\" function and its \"type\" option accept the following values: \(accepted)", at: ["type"])
        }
        if let digits = map["disallowDigits"], digits.boolean == nil {
            throw OptionsProblem(
                "\"casing\" function and its \"disallowDigits\" option accepts only the following types: boolean",
                at: ["disallowDigits"])
        }
        var separator: (character: String, allowsLeading: Bool)?
        if let node = map["separator"] {
            for member in node.members where member.key != "char" && member.key != "allowLeading" {
                throw OptionsProblem(
                    "\"casing\" function does not support \"separator.\(member.key)\" option",
                    at: ["separator", member.key])
            }
            guard let character = node["char"] else {
                throw OptionsProblem(
                    "\"casing\" function is missing \"separator.char\" option", at: ["separator"])
            }
            guard let text = character.string, text.utf16.count == 1 else {
                throw OptionsProblem(
                    "\"casing\" function and its \"separator.char\" option accepts only char, i.e. \"I\" or \"/\"",
                    at: ["separator", "char"])
            }
            separator = (text, node["allowLeading"]?.boolean ?? false)
        }
        return try .casing(type, digits: map["disallowDigits"]?.boolean != true, separator: separator)
    }

    private static func casing(
        _ type: String, digits: Bool, separator: (character: String, allowsLeading: Bool)?
    ) throws(OptionsProblem) -> RuleFunction {
        let digit = digits ? "0-9" : ""
        let lower = "[a-z][a-z\(digit)]*"
        let upper = "[A-Z][A-Z\(digit)]*"
        let hump = "(?:[A-Z\(digit)](?:[a-z\(digit)]+|$))*"
        let base =
            switch type {
            case "camel": lower + hump
            case "pascal": "[A-Z][a-z\(digit)]*" + hump
            case "kebab": lower + "(?:-[a-z\(digit)]+)*"
            case "snake": lower + "(?:_[a-z\(digit)]+)*"
            case "cobol": upper + "(?:-[A-Z\(digit)]+)*"
            case "macro": upper + "(?:_[A-Z\(digit)]+)*"
            default: lower
            }
        var expression = "^\(base)$"
        if let separator {
            let mark = "[\\\(separator.character)]"
            expression = "^\(separator.allowsLeading ? mark + "?" : "")\(base)(?:\(mark)\(base))*$"
        }
        let pattern: ScriptPattern
        do { pattern = try ScriptPattern(expression) } catch { throw OptionsProblem(error.reason) }
        let lonely = separator?.allowsLeading == true ? separator?.character : nil
        return RuleFunction("casing") { target, _ in
            guard let text = target.text, !text.isEmpty, text != lonely else { return [] }
            return pattern.matches(text) ? [] : [Remark("must be \(type) case")]
        }
    }
}
