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
            check(
                policy, in: file.name, roleNode: role, countNode: node["count"], excludedNode: node["distinctFrom"])
            guard let excluded = node["distinctFrom"], excluded.kind == .array else { continue }
            let reader = ExcludedReader(problems: Problems(), what: "")
            for element in excluded.elements {
                guard case .approvers(let name)? = reader.excluded(element.value, at: element) else { continue }
                let place = element[ApprovalPolicy.Excluded.approversKey] ?? element
                guard name != file.name else {
                    // Of several approvals, one may well ask for other people than the others do.
                    guard nodes.count == 1 else { continue }
                    problems.report(
                        "own-approvers",
                        "an approval of '\(name)' cannot leave out who approves for '\(name)': that is whom it asks",
                        at: place.location,
                        help: "name another environment; 'count: 2' asks two different people")
                    continue
                }
                _ = environment(name, at: place)
            }
        }
        checkRepeatedRoles(file, readable)
        if let index = file.gates.approvals.firstIndex(where: { $0.signed == .required }), index < readable.count {
            checkBypassKeys(file, gates["bypass"], readable[index])
        }
        warnOfBypass(file, gates["bypass"], readable)
        guard let bypass = file.gates.bypass, let node = gates["bypass"] else { return }
        checkPeople(of: bypass.role, count: bypass.count, act: "bypass", roleNode: node["role"] ?? node, node)
    }

    /// Warns where one person opens alone, by a bypass, what asks for somebody else; who asked for the run never does.
    private func warnOfBypass(_ file: EnvironmentFile, _ bypassNode: Node?, _ nodes: [Node]) {
        let rule = file.gates.bypass ?? BypassPolicy()
        // Where it is said, it is meant.
        guard bypassNode?["secondPerson"] == nil, roles.members[rule.role]?.isEmpty == false else { return }
        for (policy, node) in zip(file.gates.approvals, nodes) {
            let group = policy.distinctFrom.first { group in
                switch group {
                case .requester: false
                case .committers: true
                // One that is not there is reported as such.
                case .approvers(let name): environmentNames.contains(name)
                }
            }
            guard let group else { continue }
            problems.add(
                Diagnostic(
                    "manifest/bypass-alone", .warning,
                    "'distinctFrom' leaves out \(group.phrase), and one of them who has the role '\(rule.role)' may bypass "
                        + "the gate alone",
                    at: (bypassNode ?? node["distinctFrom"] ?? node).location,
                    help:
                        "'secondPerson: true' under 'bypass' asks two different people; 'secondPerson: false' says that "
                        + "one is meant"))
            return
        }
    }

    /// Warns where one person may open two approvals of an environment: each is a round of its own.
    private func checkRepeatedRoles(_ file: EnvironmentFile, _ nodes: [Node]) {
        let asked = Array(zip(file.gates.approvals, nodes))
        for (index, (policy, node)) in asked.enumerated() {
            let keepsOthers = policy.distinctFrom.contains {
                if case .approvers(file.name) = $0 { true } else { false }
            }
            guard !keepsOthers, let first = asked.prefix(index).first(where: { $0.0.role == policy.role }) else {
                continue
            }
            problems.add(
                Diagnostic(
                    "manifest/same-approvers", .warning,
                    "'\(policy.role)' is asked again, and the same person may open both: each entry of 'approvals' is a "
                        + "round of its own", at: (node["role"] ?? node).location,
                    notes: [.init("it is asked here first", at: (first.1["role"] ?? first.1).location)],
                    help: "'count: 2' in one entry asks two different people; so does 'distinctFrom: "
                        + "[\"approvers-of: \(file.name)\"]' here, which leaves out at a rollback who approved that package "
                        + "before: have more people with the role then, or a bypass"))
        }
    }

    /// Whether a role exists, has people enough, keys enough where approvals must be signed, and somebody left whatever
    /// `distinctFrom` takes away.
    ///
    /// - Parameter place: The environment whose gate it is; nil for a stage.
    func check(
        _ policy: ApprovalPolicy, in place: String? = nil, roleNode: Node, countNode: Node?, excludedNode: Node?
    ) {
        let isThere = checkPeople(
            of: policy.role, count: policy.count, act: "approve", roleNode: roleNode, countNode ?? roleNode)
        guard isThere, let people = roles.members[policy.role] else { return }
        let without = policy.signed == .required ? people.filter { $0.key == nil }.map(\.email) : []
        let isEnough = people.count - without.count >= policy.count
        if !without.isEmpty {
            problems.add(
                Diagnostic(
                    "manifest/no-key", isEnough ? .warning : .error,
                    "approvals by '\(policy.role)' must be signed, and these have no key: \(Problems.list(without))",
                    at: roleNode.location,
                    notes: isEnough
                        ? [] : [Diagnostic.Note("so nobody could open the gate: \(policy.count) must sign")],
                    help: "add 'key: ssh-ed25519 AAAA...' in 'environments/roles.yaml'"))
        }
        guard isEnough else { return }
        let deciders = Set(people.map { $0.email.lowercased() }).subtracting(without.map { $0.lowercased() })
        checkWhoIsLeft(deciders, policy, in: place, at: excludedNode ?? roleNode)
    }

    /// Warns where so many can be left out that nobody is left; who wrote what is released nobody can know before.
    private func checkWhoIsLeft(
        _ deciders: Set<String>, _ policy: ApprovalPolicy, in place: String?, at node: Node
    ) {
        var left = deciders.count
        var reasons: [String] = []
        for excluded in policy.distinctFrom {
            switch excluded {
            case .requester:
                // Who asks takes nobody away who is not one of them.
                if let requester, !deciders.contains(requester.lowercased()) { continue }
                left -= 1
                reasons.append("one asks for the run")
            case .committers: continue
            case .approvers(let name):
                let asked = environment(name, at: nil)?.gates.approvals ?? []
                // Who has no key approves nothing that must be signed.
                let able = asked.flatMap { earlier in
                    (roles.members[earlier.role] ?? []).filter { earlier.signed == .optional || $0.key != nil }
                }
                let both = Set(able.map { $0.email.lowercased() }).intersection(deciders)
                let most = min(both.count, asked.map(\.count).reduce(0, +))
                guard most > 0 else { continue }
                left -= most
                reasons.append("\(most == 1 ? "one approves" : "\(most) approve") for '\(name)'")
            }
        }
        // Where some are left, it depends on who asks and who approves; where nobody is, on nothing.
        guard !reasons.isEmpty, left <= 0 else { return }
        // What is approved at the gate itself counts only when the package comes there again.
        let isOwn = left == 0 && place.map { policy.distinctFrom.contains(.approvers(of: $0)) } == true
        let later = isOwn ? "; a first release goes through, a rollback or another run of the same package waits" : ""
        problems.add(
            Diagnostic(
                "manifest/nobody-left", .warning,
                "nobody is left of the \(deciders.count) with the role '\(policy.role)' who could approve, once "
                    + "\(reasons.joined(separator: " and ")); the gate asks for \(policy.count)\(later)",
                at: node.location, help: "give the role to more people in 'environments/roles.yaml'"))
    }

    /// Whoever bypasses an approval that must be signed must sign too.
    private func checkBypassKeys(_ file: EnvironmentFile, _ bypassNode: Node?, _ approvalNode: Node) {
        let rule = file.gates.bypass ?? BypassPolicy()
        // A role that is not there, or has too few people, is reported as such; without the default one nobody bypasses.
        guard let people = roles.members[rule.role], people.count >= max(1, rule.count) else { return }
        let keys = people.count { $0.key != nil }
        guard keys < rule.count else { return }
        let have = keys == 0 ? "nobody" : "only one"
        let node = bypassNode?["role"] ?? bypassNode ?? approvalNode["signed"] ?? approvalNode
        problems.add(
            Diagnostic(
                "manifest/no-bypass-key", bypassNode == nil ? .warning : .error,
                "a bypass of an approval with 'signed: required' must be signed by \(rule.count) of role "
                    + "'\(rule.role)', and \(have) of them has a key",
                at: node.location,
                notes: keysElsewhere(of: people, than: rule.role)
                    + (bypassNode == nil
                        ? [] : [Diagnostic.Note("this approval must be signed", at: approvalNode["signed"]?.location)]),
                help: "add 'key: ssh-ed25519 AAAA...' in 'environments/roles.yaml', or name another role under 'bypass'"
            ))
    }

    /// That people who have no key in a role have one in another: a key stands by a role's entry, and counts there alone.
    private func keysElsewhere(of people: [Roles.Person], than role: String) -> [Diagnostic.Note] {
        people.filter { $0.key == nil }.compactMap { person in
            let others = roles.members.filter { name, members in
                name != role
                    && members.contains { $0.key != nil && $0.email.lowercased() == person.email.lowercased() }
            }.keys.map { "'\($0)'" }
            guard !others.isEmpty else { return nil }
            return Diagnostic.Note(
                "\(person.email) has a key under \(others.joined(separator: " and ")), which counts for that role alone",
                at: nil)
        }
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
            "too-few-people",
            "\(count == 1 ? "one person" : "\(count) people") of role '\(role)' must \(act), and it has \(have)",
            at: countNode.location)
        return false
    }
}
