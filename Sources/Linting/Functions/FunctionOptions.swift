import Documents

/// The options of a function in a ruleset, with the checks that all functions share.
struct FunctionOptions {
    var function: String
    var node: Node?

    /// Refuses any options.
    func none() throws(OptionsProblem) {
        guard let node, node.kind != .null else { return }
        throw OptionsProblem("\"\(function)\" function does not accept any options")
    }

    /// The options as a map whose keys are all known; nothing when they are absent.
    func map(known: [String]) throws(OptionsProblem) -> Node? {
        guard let node, node.kind != .null else { return nil }
        guard node.kind == .object else { return nil }
        for member in node.members where !known.contains(member.key) {
            throw OptionsProblem("\"\(function)\" function does not support \"\(member.key)\" option", at: [member.key])
        }
        return node
    }

    func invalid(example: String) -> OptionsProblem {
        OptionsProblem("\"\(function)\" function has invalid options specified. Example valid options: \(example)")
    }
}
