import Documents
import OpenAPI

extension OperationCheck {
    /// What an operation itself asks of the caller's identity.
    static let operationSecurity = OperationCheck { pair in
        let (old, new) = (pair.base.node["security"], pair.revision.node["security"])
        guard old != nil || new != nil else { return }
        // An operation that asks for nothing itself asks for what the definition asks.
        let before = Requirements(old ?? pair.baseDefinition.root["security"])
        let after = Requirements(new ?? pair.revisionDefinition.root["security"])
        for change in before.changes(to: after) {
            pair.report(
                "api-security-\(change.word)", change.text, base: old ?? pair.base.keyNode,
                revision: new ?? pair.revision.keyNode)
        }
    }
}

extension DefinitionCheck {
    /// What the whole definition asks of the caller's identity.
    static let globalSecurity = DefinitionCheck { comparer, collector in
        let (old, new) = (comparer.base.root["security"], comparer.revision.root["security"])
        for change in Requirements(old).changes(to: Requirements(new)) {
            collector.add(
                "api-global-security-\(change.word)", change.text, in: nil, base: old ?? comparer.base.root,
                revision: new ?? comparer.revision.root)
        }
    }

    /// The described ways to authenticate.
    static let securitySchemes = DefinitionCheck { comparer, collector in
        let after = Dictionary(comparer.revision.securitySchemes.map { ($0.name, $0.node) }) { first, _ in first }
        let before = Set(comparer.base.securitySchemes.map(\.name))
        for (name, old) in comparer.base.securitySchemes {
            if let new = after[name] {
                SchemeComparison(name: name, base: old, revision: new).run(into: &collector)
            } else {
                collector.add(
                    "api-security-component-removed", "the security scheme '\(name)' was removed", in: nil, base: old,
                    revision: nil)
            }
        }
        for (name, new) in comparer.revision.securitySchemes where !before.contains(name) {
            collector.add(
                "api-security-component-added", "the security scheme '\(name)' is new", in: nil, base: nil,
                revision: new)
        }
    }
}

/// Security alternatives, each a set of schemes with their scopes.
private struct Requirements {
    private var alternatives: [(schemes: [String], scopes: [String: [String]])] = []

    init(_ node: Node?) {
        for element in node?.elements.map({ $0 }) ?? [] {
            let scopes = element.members.reduce(into: [String: [String]]()) { scopes, member in
                scopes[member.key] = member.value.elements.compactMap(\.string)
            }
            alternatives.append((scopes.keys.sorted(), scopes))
        }
    }

    func changes(to other: Requirements) -> [(word: String, text: String)] {
        var result: [(String, String)] = []
        for old in alternatives {
            guard let new = other.alternatives.first(where: { $0.schemes == old.schemes }) else {
                result.append(("removed", "the security requirement \(Self.name(old.schemes)) is gone"))
                continue
            }
            for scheme in old.schemes {
                let (before, after) = (old.scopes[scheme] ?? [], new.scopes[scheme] ?? [])
                for scope in after where !before.contains(scope) {
                    result.append(("scope-added", "the scope '\(scope)' of '\(scheme)' is now needed"))
                }
                for scope in before where !after.contains(scope) {
                    result.append(("scope-removed", "the scope '\(scope)' of '\(scheme)' is no longer needed"))
                }
            }
        }
        for new in other.alternatives where !alternatives.contains(where: { $0.schemes == new.schemes }) {
            result.append(("added", "the security requirement \(Self.name(new.schemes)) is new"))
        }
        return result
    }

    private static func name(_ schemes: [String]) -> String {
        schemes.isEmpty ? "'none'" : schemes.map { "'\($0)'" }.joined(separator: " and ")
    }
}

/// One way to authenticate before and after.
private struct SchemeComparison {
    let name: String
    let base: Node
    let revision: Node

    func run(into collector: inout ChangeCollector) {
        func add(_ id: String, _ text: String, _ old: Node? = nil, _ new: Node? = nil) {
            collector.add(
                "api-security-component-\(id)", "security scheme '\(name)': \(text)", in: nil, base: old ?? base,
                revision: new ?? revision)
        }
        func text(_ node: Node, _ key: String) -> String { node[key]?.scalarText ?? "" }
        func differ(_ key: String) -> Bool { text(base, key) != text(revision, key) }
        if differ("type") {
            add("type-changed", "the type changed from '\(text(base, "type"))' to '\(text(revision, "type"))'")
            return
        }
        if differ("in") || differ("name") {
            let (old, new) = (
                "\(text(base, "in")) '\(text(base, "name"))'", "\(text(revision, "in")) '\(text(revision, "name"))'"
            )
            add("key-changed", "the key moved from \(old) to \(new)")
        }
        if text(base, "scheme").lowercased() != text(revision, "scheme").lowercased() {
            add("scheme-changed", "the scheme changed from '\(text(base, "scheme"))' to '\(text(revision, "scheme"))'")
        }
        if differ("openIdConnectUrl") {
            add("discovery-url-changed", "OpenID Connect is described at '\(text(revision, "openIdConnectUrl"))'")
        }
        if differ("bearerFormat") {
            add(
                "bearer-format-changed",
                "the token's format changed from '\(text(base, "bearerFormat"))' to '\(text(revision, "bearerFormat"))'"
            )
        }
        let (old, new) = (flows(base), flows(revision))
        // 2.0 has one flow whose kind is a word; 3.x has one object for each kind.
        for flow in old where !new.contains(where: { $0.kind == flow.kind }) {
            add("flow-removed", "the OAuth flow '\(flow.kind)' was removed", flow.node)
        }
        for flow in new {
            guard let other = old.first(where: { $0.kind == flow.kind }) else {
                add("flow-added", "the OAuth flow '\(flow.kind)' is new", nil, flow.node)
                continue
            }
            compare(other.node, flow.node, add)
        }
    }

    private func flows(_ node: Node) -> [(kind: String, node: Node)] {
        if let flows = node["flows"] {
            return flows.members.filter { !$0.key.hasPrefix("x-") }.map { ($0.key, $0.value) }
        }
        guard let kind = node["flow"]?.string else { return [] }
        let names = ["accessCode": "authorizationCode", "application": "clientCredentials"]
        return [(names[kind] ?? kind, node)]
    }

    private func compare(_ old: Node, _ new: Node, _ add: (String, String, Node?, Node?) -> Void) {
        for (key, id) in [
            ("authorizationUrl", "oauth-url-changed"), ("tokenUrl", "oauth-token-url-changed"),
            ("refreshUrl", "oauth-refresh-url-changed"),
        ] {
            let (from, to) = (old[key]?.scalarText ?? "", new[key]?.scalarText ?? "")
            guard from != to else { continue }
            add(id, "'\(key)' changed from '\(from)' to '\(to)'", old[key] ?? old, new[key] ?? new)
        }
        let (before, after) = (old["scopes"], new["scopes"])
        for scope in before?.members.map({ $0 }) ?? [] {
            guard let other = after?[scope.key] else {
                add("oauth-scope-removed", "the scope '\(scope.key)' was removed", scope.keyNode, new)
                continue
            }
            guard other.scalarText != scope.value.scalarText else { continue }
            add("oauth-scope-changed", "the scope '\(scope.key)' is explained differently", scope.value, other)
        }
        for scope in after?.members.map({ $0 }) ?? [] where before?[scope.key] == nil {
            add("oauth-scope-added", "the scope '\(scope.key)' is new", old, scope.keyNode)
        }
    }
}
