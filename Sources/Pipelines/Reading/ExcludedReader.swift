import Documents
import OrderedCollections

/// Reads an entry of `distinctFrom`: a word, `approvers-of: NAME` in quotes, or the same as a map.
struct ExcludedReader {
    let problems: Problems
    /// The entry in words, for diagnostics.
    let what: String

    /// Nil when it is no such thing; why is in the problems.
    func excluded(_ value: Value, at node: Node) -> ApprovalPolicy.Excluded? {
        var text = value.string
        if case .map(let members) = value {
            guard members.count == 1, let member = members.elements.first, let name = member.value.string else {
                return wrong("\(what) must be a word or 'approvers-of: ENVIRONMENT', not a map", at: node)
            }
            guard member.key == ApprovalPolicy.Excluded.approversKey else {
                return unknown(member.key, at: node.members.first?.keyNode ?? node)
            }
            text = "\(member.key): \(name)"
        }
        guard let text else {
            return wrong(
                "\(what) must be text, not \(node.kind == .array ? "a list" : Problems.name(of: node))", at: node)
        }
        if let excluded = ApprovalPolicy.Excluded(rawValue: text) { return excluded }
        if text.hasPrefix(ApprovalPolicy.Excluded.approversKey) {
            return wrong("\(what) names no environment: '\(text)'", at: node)
        }
        return unknown(text, at: node)
    }

    private func wrong(_ message: String, at node: Node) -> ApprovalPolicy.Excluded? {
        problems.report("value", message, at: node.location, help: "such as \"approvers-of: preprod\"")
        return nil
    }

    private func unknown(_ word: String, at node: Node) -> ApprovalPolicy.Excluded? {
        problems.unknown(
            "value", "\(what) cannot be '\(word)'", word: word,
            among: ["requester", "committers", ApprovalPolicy.Excluded.approversKey], at: node.location,
            otherwise: "known are \(Problems.list(ApprovalPolicy.Excluded.words))")
        return nil
    }
}
