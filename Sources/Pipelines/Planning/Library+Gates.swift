import Documents
import OrderedCollections
import Signatures

/// What gates ask of roles and environments.
extension Library {
    /// Checks the gates of an environment against the roles and the other environments.
    func check(_ file: EnvironmentFile, _ document: Document) {
        guard let gates = document.root["gates"], gates.kind == .object else { return }
        // An approval that cannot be read has no policy, and its problem was reported.
        let nodes = gates["approvals"].map { Array($0.elements) } ?? []
        let readable = nodes.filter { $0["role"]?.string != nil }
        for (policy, node) in zip(file.gates.approvals, readable) {
            guard let role = node["role"] else { continue }
            check(policy, roleNode: role, countNode: node["count"])
            guard let excluded = node["distinctFrom"], excluded.kind == .array else { continue }
            let reader = ExcludedReader(problems: Problems(), what: "")
            for element in excluded.elements {
                guard case .approvers(let name)? = reader.excluded(element.value, at: element), name != file.name
                else { continue }
                _ = environment(name, at: element["approvers-of"] ?? element)
            }
        }
        guard let bypass = file.gates.bypass, let node = gates["bypass"] else { return }
        checkPeople(of: bypass.role, count: bypass.count, act: "bypass", roleNode: node["role"] ?? node, node)
    }

    /// Whether a role exists, has people enough, and keys enough where approvals must be signed.
    func check(_ policy: ApprovalPolicy, roleNode: Node, countNode: Node?) {
        let isThere = checkPeople(
            of: policy.role, count: policy.count, act: "approve", roleNode: roleNode, countNode ?? roleNode)
        guard isThere, policy.signed == .required, let people = roles.members[policy.role] else { return }
        let without = people.filter { $0.key == nil }.map(\.email)
        guard !without.isEmpty else { return }
        let isEnough = people.count - without.count >= policy.count
        problems.add(
            Diagnostic(
                "manifest/no-key", isEnough ? .warning : .error,
                "approvals by '\(policy.role)' must be signed, and these have no key: \(Problems.list(without))",
                at: roleNode.location,
                notes: isEnough
                    ? [] : [Diagnostic.Note("so nobody could open the gate: \(policy.count) must sign")],
                help: "add 'key: ssh-ed25519 AAAA...' in 'environments/roles.yaml'"))
    }

    @discardableResult
    private func checkPeople(of role: String, count: Int, act: String, roleNode: Node, _ countNode: Node) -> Bool {
        let roles = roles
        guard let people = roles.members[role] else {
            problems.unknown(
                "unknown-role", "there is no role '\(role)'", word: role, among: Array(roles.members.keys),
                at: roleNode.location,
                otherwise: roles.members.isEmpty ? "roles stand in 'environments/roles.yaml'" : nil)
            return false
        }
        guard people.count < count else { return true }
        let have = people.isEmpty ? "nobody" : people.count == 1 ? "one person" : "\(people.count) people"
        problems.report(
            "too-few-people", "\(count) people of role '\(role)' must \(act), and it has \(have)",
            at: countNode.location)
        return false
    }
}
