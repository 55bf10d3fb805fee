import Documents

extension Expansion {
    /// The condition of a `when`, and the outputs it looks at.
    func condition(_ node: Node, _ scope: Scope) -> (Condition, [Resolved.Use])? {
        let nodes: [Node]
        switch node.kind {
        case .object: nodes = [node]
        case .array: nodes = Array(node.elements)
        default:
            problems.report(
                "when", "'when' must be a map or a list of maps, not \(Problems.name(of: node))", at: node.location,
                help: "such as 'when: { stages.diff.level: major }': what is looked at, and what it must be")
            return nil
        }
        var alternatives: [[Condition.Entry]] = []
        var uses: [Resolved.Use] = []
        for node in nodes {
            guard node.kind == .object else {
                problems.report(
                    "when", "an entry of 'when' must be a map, not \(Problems.name(of: node))", at: node.location)
                return nil
            }
            if node.count == 0 { problems.report("when", "'when' looks at nothing", at: node.location) }
            var entries: [Condition.Entry] = []
            for member in node.members {
                guard let (entry, found) = entry(member, scope) else { continue }
                entries.append(entry)
                uses += found
            }
            alternatives.append(entries)
        }
        if nodes.isEmpty { problems.report("when", "'when' looks at nothing", at: node.location) }
        return (Condition(alternatives: alternatives), uses)
    }

    private func entry(_ member: Member, _ scope: Scope) -> (Condition.Entry, [Resolved.Use])? {
        let location = member.keyNode.location
        var subject = member.key
        // People write the braces out of habit; the path is meant either way.
        if case .path(let path, _)? = ReferenceText(subject).parts.first, ReferenceText(subject).parts.count == 1 {
            subject = path
        }
        guard ReferenceText.isPath(subject) else {
            problems.report(
                "when", "'\(member.key)' is no path", at: location,
                help: "'when' looks at paths such as 'stages.diff.level' or 'inputs.hotfix'")
            return nil
        }
        var scope = scope
        scope.noSecrets = "'when'"
        guard let value = resolve(subject, at: location, scope) else { return nil }
        guard value.type.isScalar, value.type != .secret else {
            problems.report(
                "when-type", "'when' cannot compare '\(subject)', which is \(value.type.phrase)", at: location)
            return nil
        }
        var expected: [Value] = []
        let nodes = member.value.kind == .array ? Array(member.value.elements) : [member.value]
        let what = "what '\(subject)' is compared with"
        for node in nodes {
            guard let wanted = evaluate(node, as: compared(value.type), scope.planned(what), what) else { continue }
            if let literal = wanted.literal { expected.append(literal) }
        }
        if nodes.isEmpty { problems.report("when", "'\(subject)' is compared with nothing", at: member.value.location) }
        return (Condition.Entry(subject: subject, argument: value.argument, expected: expected), value.uses)
    }

    /// Texts are compared as texts, whatever else is asked of their type.
    private func compared(_ type: ValueType) -> ValueType {
        switch type {
        case .path, .duration, .percentage: .string
        default: type
        }
    }

    /// Holds when both conditions do.
    func both(_ left: Condition, _ right: Condition) -> Condition {
        Condition(alternatives: left.alternatives.flatMap { one in right.alternatives.map { one + $0 } })
    }
}
