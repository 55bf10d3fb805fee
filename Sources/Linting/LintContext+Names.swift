import Documents

extension LintContext {
    /// The opening words of a function's message: the property that is judged, or the document.
    func title(of target: Target) -> String {
        guard let name = property(of: target) else { return "The document " }
        return "\"\(name)\" property "
    }

    /// The last segment of a target's path; with what is missing behind it, where something is.
    func property(of target: Target) -> String? {
        let node = node(of: target)
        let last = key(of: node)
        if target.missing.isEmpty { return last }
        return ([last].compactMap { $0 } + target.missing).joined(separator: ".")
    }

    /// The node that a finding about a target points at.
    func node(of target: Target) -> Node {
        if target.name != nil || !target.missing.isEmpty { return target.site }
        return target.value ?? target.site
    }

    /// The target that a member of a value is, whether it exists or not.
    func target(below node: Node, _ path: [String]) -> Target {
        var current = node
        for (index, key) in path.enumerated() {
            guard let next = child(of: resolve(current), key) else {
                return Target(
                    value: nil, site: resolve(current), missing: Array(path[index...]), property: path.last)
            }
            current = next
        }
        return Target(value: resolve(current), site: current, property: path.last)
    }

    /// The names beside which the target of a reference would stand.
    func siblings(ofReference text: String) -> [String] {
        guard let slash = text.lastIndex(of: "/"), let holder = target(of: String(text[..<slash])) else { return [] }
        return resolve(holder).members.map(\.key)
    }

    /// A value as messages show it.
    static func printed(_ node: Node?) -> String {
        guard let node else { return "undefined" }
        switch node.kind {
        case .null: return "null"
        case .boolean: return node.boolean == true ? "true" : "false"
        case .number: return node.numberText ?? ScriptValue(node).text
        case .string: return "\"\(node.string ?? "")\""
        case .array: return "Array[]"
        case .object: return "Object{}"
        }
    }
}
