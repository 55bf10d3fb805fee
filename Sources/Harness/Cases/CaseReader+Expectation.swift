import Documents
import OrderedCollections

extension CaseReader {
    private static let expectationKeys = ["status", "body", "headers", "maxLatency"]

    mutating func expectation(_ node: Node) -> Expectation {
        var result = Expectation()
        if node.kind == .number {
            result.statuses = statuses(node)
            return result
        }
        guard node.kind == .object else {
            report("case/wrong-type", "'expect' is an object or a status", at: node)
            return result
        }
        refuseUnknownKeys(of: node, known: Self.expectationKeys, in: "'expect'")
        if let status = node["status"] { result.statuses = statuses(status) }
        if let body = node["body"] { result.body = bodyDemands(body) }
        if let headers = node["headers"] { result.headers = headerDemands(headers) }
        if let latency = node["maxLatency"] {
            result.maxLatency = latency.scalarText.flatMap(LatencyText.seconds)
            if result.maxLatency == nil {
                report("case/wrong-type", "'maxLatency' is a time such as 750ms or 1.5s", at: latency)
            }
        }
        return result
    }

    private mutating func statuses(_ node: Node) -> [StatusPattern] {
        let nodes = node.kind == .array ? Array(node.elements) : [node]
        return nodes.compactMap { element in
            if let pattern = element.scalarText.flatMap(StatusPattern.init) { return pattern }
            report("case/wrong-status", "a status is a number from 100 to 599 or a class such as 2xx", at: element)
            return nil
        }
    }

    private mutating func bodyDemands(_ node: Node) -> [Expectation.BodyDemand] {
        guard node.kind == .object else {
            report("case/wrong-type", "'body' maps paths such as items[0].id to what is expected there", at: node)
            return []
        }
        return node.members.compactMap { member in
            guard let path = ValuePath(member.key) else {
                report(
                    "case/wrong-path", "'\(member.key)' is no path such as items[0].id or /items/0/id",
                    at: member.keyNode)
                return nil
            }
            return Expectation.BodyDemand(path: path, matchers: matchers(member.value))
        }
    }

    private mutating func headerDemands(_ node: Node) -> [Expectation.HeaderDemand] {
        guard node.kind == .object else {
            report("case/wrong-type", "'headers' maps names to what is expected of them", at: node)
            return []
        }
        return node.members.map { Expectation.HeaderDemand(name: $0.key, matchers: matchers($0.value)) }
    }

    /// An object is a set of operators; anything else is the value itself.
    private mutating func matchers(_ node: Node) -> [Matcher] {
        guard node.kind == .object else { return [.equals(node.value)] }
        if node.count == 0 {
            report(
                "case/wrong-type", "an empty object demands nothing; write { equals: {} } for an empty object", at: node
            )
        }
        return node.members.compactMap { matcher($0) }
    }

    private mutating func matcher(_ member: Member) -> Matcher? {
        let node = member.value
        switch member.key {
        case "equals": return .equals(node.value)
        case "not": return .differs(node.value)
        case "contains": return .contains(node.value)
        case "matches":
            guard let pattern = node.string, TextPattern.matches("", pattern) != nil else {
                report("case/wrong-pattern", "'matches' is a regular expression that can be read", at: node)
                return nil
            }
            return .matches(pattern)
        case "exists", "notEmpty":
            guard let wanted = node.boolean else {
                report("case/wrong-type", "'\(member.key)' is true or false", at: node)
                return nil
            }
            return member.key == "exists" ? .exists(wanted) : .notEmpty(wanted)
        case "type":
            guard let name = node.string, Matcher.typeNames.contains(name) else {
                report(
                    "case/wrong-type", "'type' is one of \(Matcher.typeNames.joined(separator: ", "))", at: node,
                    help: suggestion(for: node.string ?? "", among: Matcher.typeNames).map { "did you mean '\($0)'?" })
                return nil
            }
            return .type(name)
        case "oneOf":
            guard node.kind == .array else {
                report("case/wrong-type", "'oneOf' is a list of values", at: node)
                return nil
            }
            return .oneOf(node.elements.map(\.value))
        case "min", "max":
            guard let limit = node.number else {
                report("case/wrong-type", "'\(member.key)' is a number", at: node)
                return nil
            }
            return member.key == "min" ? .atLeast(limit) : .atMost(limit)
        case "count": return count(node, "count").map(Matcher.count)
        case "minCount": return count(node, "minCount").map(Matcher.minCount)
        case "maxCount": return count(node, "maxCount").map(Matcher.maxCount)
        default:
            report(
                "case/unknown-matcher", "'\(member.key)' is no way to compare", at: member.keyNode,
                help: suggestion(for: member.key, among: Matcher.operators).map { "did you mean '\($0)'?" }
                    ?? "known are \(Matcher.operators.joined(separator: ", ")); a whole object is compared with 'equals'"
            )
            return nil
        }
    }
}
