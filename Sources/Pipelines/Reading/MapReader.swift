import Documents

/// Reads the members of one map: what is no map, keys that mean nothing and keys that are missing are reported.
struct MapReader {
    /// Keys of other tools, and what they are called here.
    private static let otherNames = [
        "dependsOn": "needs", "depends_on": "needs", "runAfter": "needs", "if": "when", "condition": "when",
        "timeoutInMinutes": "timeout", "timeout-minutes": "timeout", "parameters": "inputs", "params": "with",
        "inputs": "with", "steps": "stages", "jobs": "stages", "tasks": "stages", "strategy": "forEach",
        "matrix": "forEach", "foreach": "forEach", "for_each": "forEach", "max-parallel": "maxParallel",
        "retryCountOnTaskFailure": "retry", "taskRef": "uses", "type": "uses", "name": "description",
        "summary": "description", "env": "environment", "timezone": "timeZone", "tz": "timeZone",
    ]

    let node: Node
    let what: String
    /// Where a missing key is reported.
    let anchor: Location
    let problems: Problems
    private var members: [String: Member] = [:]

    /// Nil when the node is no map.
    init?(_ node: Node, _ what: String, keys: [String], at anchor: Location? = nil, _ problems: Problems) {
        guard node.kind == .object else {
            problems.report("type", "\(what) must be a map, not \(Problems.name(of: node))", at: node.location)
            return nil
        }
        self.node = node
        self.what = what
        self.anchor = anchor ?? node.members.first?.keyNode.location ?? node.location
        self.problems = problems
        for member in node.members {
            let key = member.key
            if keys.contains(key) {
                members[key] = member
            } else if let other = Self.otherNames[key], keys.contains(other), node.member(other) == nil {
                let location = member.keyNode.location
                problems.report(
                    "unknown-key", "unknown key '\(key)' in \(what)", at: location,
                    fixIts: [FixIt("write '\(other)'", at: location, replacement: other)],
                    help: "did you mean '\(other)'?")
            } else {
                problems.unknown(
                    "unknown-key", "unknown key '\(key)' in \(what)", word: key,
                    among: keys.filter { node.member($0) == nil }, at: member.keyNode.location)
            }
        }
    }

    func member(_ key: String) -> Member? { members[key] }

    func node(_ key: String) -> Node? { members[key]?.value }

    /// The value of a key that must be there.
    func required(_ key: String) -> Node? {
        if let node = node(key) { return node }
        problems.report("missing-key", "\(what) has no '\(key)'", at: anchor)
        return nil
    }

    func text(_ key: String) -> String? { node(key).flatMap { problems.text($0, "'\(key)' of \(what)") } }
    func integer(_ key: String) -> Int? { node(key).flatMap { problems.integer($0, "'\(key)' of \(what)") } }
    func boolean(_ key: String) -> Bool? { node(key).flatMap { problems.boolean($0, "'\(key)' of \(what)") } }
    func duration(_ key: String) -> Double? { node(key).flatMap { problems.duration($0, "'\(key)' of \(what)") } }
    func requiredText(_ key: String) -> String? { required(key).flatMap { problems.text($0, "'\(key)' of \(what)") } }

    func elements(_ key: String) -> [Node] {
        node(key).flatMap { problems.elements($0, "'\(key)' of \(what)") } ?? []
    }

    /// The members of a map under a key.
    func members(_ key: String) -> [Member] {
        guard let node = node(key) else { return [] }
        guard node.kind == .object else {
            problems.report(
                "type", "'\(key)' of \(what) must be a map, not \(Problems.name(of: node))", at: node.location)
            return []
        }
        return Array(node.members)
    }
}
