import Documents
import OpenAPI

/// Which members of two compositions belong together, whatever their order.
struct MemberMatching {
    private(set) var pairs: [(base: Node, revision: Node)] = []
    private(set) var removed: [Node]
    private(set) var added: [Node]

    init(_ base: [Node], _ revision: [Node], graph: SchemaGraph, isAlternative: Bool) {
        removed = base
        added = revision
        let (old, new) = (graph.base.definition, graph.revision.definition)
        match { left, right in
            guard let reference = old.reference(of: left) else { return false }
            return reference == new.reference(of: right)
        }
        match { left, right in
            old.reference(of: left) == nil && new.reference(of: right) == nil && haveSameContent(left, right)
        }
        match { left, right in
            guard old.reference(of: left) == nil, new.reference(of: right) == nil, let title = left["title"]?.string
            else { return false }
            return title == right["title"]?.string
        }
        // A member that was renamed, or moved behind a reference, is still the same member.
        match { left, right in
            let (before, after) = (old.reference(of: left), new.reference(of: right))
            if before == nil, after == nil { return false }
            return (isAlternative || (before != nil && after != nil)) && graph.areEquivalent(left, right)
        }
        if removed.count == 1, added.count == 1, old.reference(of: removed[0]) == nil,
            new.reference(of: added[0]) == nil
        {
            match { left, right in left["title"] == nil && right["title"] == nil }
        }
    }

    private mutating func match(_ belong: (Node, Node) -> Bool) {
        removed.removeAll { left in
            guard let index = added.firstIndex(where: { belong(left, $0) }) else { return false }
            pairs.append((left, added.remove(at: index)))
            return true
        }
    }
}

extension SchemaGraph {
    /// A member of a composition as people call it.
    func name(of node: Node) -> String { Self.name(of: node, base) }

    /// A member of a composition of the revision as people call it.
    func name(ofRevision node: Node) -> String { Self.name(of: node, revision) }

    private static func name(of node: Node, _ reader: SchemaReader) -> String {
        if let reference = reader.definition.reference(of: node) {
            return reference.split(separator: "/").last.map(String.init) ?? reference
        }
        if let title = node["title"]?.string { return title }
        if let type = node["type"]?.string { return "a schema of type \(type)" }
        return "a schema"
    }
}

extension SchemaReader {
    /// Whether a schema limits nothing.
    func isAnnotationOnly(_ node: Node) -> Bool { view(anchor(node)).isAnnotationOnly }
}
