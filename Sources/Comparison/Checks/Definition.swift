import Documents
import OpenAPI

extension DefinitionCheck {
    /// Where the API is.
    static let addresses = DefinitionCheck { comparer, collector in
        let (old, new) = (comparer.base.root, comparer.revision.root)
        if comparer.base.version == .swagger2, comparer.revision.version == .swagger2 {
            let prefix = comparer.profile == .connector ? "cx" : "api"
            for (key, id, name) in [("host", "host-changed", "host"), ("basePath", "base-path-changed", "base path")] {
                let (from, to) = (text(old[key]), text(new[key]))
                guard from != to else { continue }
                collector.add(
                    "\(prefix)-\(id)", "the \(name) changed from '\(from)' to '\(to)'", in: nil, base: old[key] ?? old,
                    revision: new[key] ?? new)
            }
            let (before, after) = (schemes(old), schemes(new))
            for scheme in before where !after.contains(scheme) {
                collector.add(
                    "\(prefix)-scheme-removed", "the scheme '\(scheme)' was removed", in: nil,
                    base: old["schemes"] ?? old, revision: new["schemes"] ?? new)
            }
            for scheme in after where !before.contains(scheme) {
                collector.add(
                    "api-scheme-added", "the scheme '\(scheme)' is new", in: nil, base: old["schemes"] ?? old,
                    revision: new["schemes"] ?? new)
            }
            return
        }
        let (before, after) = (comparer.base.servers, comparer.revision.servers)
        for server in before where !after.contains(server) {
            collector.add(
                "api-server-removed", "the server '\(server)' was removed", in: nil, base: old["servers"] ?? old,
                revision: new["servers"] ?? new)
        }
        for server in after where !before.contains(server) {
            collector.add(
                "api-server-added", "the server '\(server)' is new", in: nil, base: old["servers"] ?? old,
                revision: new["servers"] ?? new)
        }
    }

    private static func text(_ node: Node?) -> String {
        let text = node?.scalarText ?? ""
        return text == "/" ? "" : text
    }

    private static func schemes(_ root: Node) -> [String] {
        root["schemes"]?.elements.compactMap(\.string) ?? ["https"]
    }

    /// Schemas that are gone; what uses them is compared where it is used.
    static let namedSchemas = DefinitionCheck { comparer, collector in
        let after = Set(comparer.revision.schemas.map(\.name))
        for (name, node) in comparer.base.schemas where !after.contains(name) {
            collector.add(
                "api-schema-removed", "the schema '\(name)' was removed", in: nil, base: node,
                revision: comparer.revision.root)
        }
    }

    /// What the connector can do beside its operations.
    static let capabilities = DefinitionCheck { comparer, collector in
        let key = "x-ms-capabilities"
        let (old, new) = (comparer.base.root[key], comparer.revision.root[key])
        guard !isSame(old, new) else { return }
        let verb = old == nil ? "are new" : new == nil ? "are gone" : "are different"
        collector.add(
            "cx-capabilities-changed", "the capabilities \(verb)", in: nil, base: old ?? comparer.base.root,
            revision: new ?? comparer.revision.root)
    }

    /// What the definition says about itself.
    static let metadata = DefinitionCheck { comparer, collector in
        let (old, new) = (comparer.base.root, comparer.revision.root)
        let key = "x-ms-connector-metadata"
        if !isSame(old[key], new[key]) {
            collector.add(
                "cx-metadata-changed", "'\(key)' is different", in: nil, base: old[key] ?? old,
                revision: new[key] ?? new)
        }
        for key in ["title", "description", "contact", "termsOfService", "license"] {
            let (from, to) = (old["info"]?[key], new["info"]?[key])
            guard !isSame(from, to) else { continue }
            collector.add(
                "api-text-changed", "'info.\(key)' is different", in: nil, base: from ?? old, revision: to ?? new)
        }
    }

    private static func isSame(_ left: Node?, _ right: Node?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return haveSameContent(left, right)
    }
}
