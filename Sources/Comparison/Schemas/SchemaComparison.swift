import Documents

/// Two schemas side by side, and what the checks found.
struct SchemaComparison {
    /// A pair of parts to compare further.
    struct Child {
        var base: Node
        var revision: Node
        var step: String
        var isReadOnly = false
        var isWriteOnly = false
    }

    let base: SchemaView
    let revision: SchemaView
    let graph: SchemaGraph
    var differences: [SchemaDifference] = []
    var children: [Child] = []

    /// Adds a finding whose id begins as its place asks.
    mutating func report(_ suffixes: String..., text: String, base: Node? = nil, revision: Node? = nil) {
        differences.append(
            SchemaDifference(
                kind: .suffixes(suffixes), text: text, base: base ?? self.base.node,
                revision: revision ?? self.revision.node))
    }

    /// Adds a finding with a whole id.
    mutating func report(id: String, text: String, base: Node? = nil, revision: Node? = nil) {
        differences.append(
            SchemaDifference(
                kind: .id(id), text: text, base: base ?? self.base.node, revision: revision ?? self.revision.node))
    }

    /// Adds the part under one keyword where both sides have it, and findings where only one has.
    mutating func compare(_ key: String, added: String, removed: String) {
        switch (base[key], revision[key]) {
        case (let base?, let revision?):
            children.append(Child(base: base, revision: revision, step: key))
        case (nil, let revision?):
            report(added, text: "'\(key)' was added", revision: revision)
        case (let base?, nil):
            report(removed, text: "'\(key)' was removed", base: base)
        case (nil, nil): break
        }
    }
}
