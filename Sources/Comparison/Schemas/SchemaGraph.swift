import Documents
import OpenAPI

/// The pairs of schemas that were compared, each once, and how they hang together.
///
/// A schema that refers to itself leads back to a pair that is there already, so that cycles end by themselves.
final class SchemaGraph {
    struct Edge {
        var target: Int
        var step: String
        var isReadOnly: Bool
        var isWriteOnly: Bool
    }

    private struct Key: Hashable {
        var base: Node
        var revision: Node
    }

    private struct Entry {
        var key: Key
        var isProcessed = false
        var differences: [SchemaDifference] = []
        var edges: [Edge] = []
    }

    let base: SchemaReader
    let revision: SchemaReader
    private var indices: [Key: Int] = [:]
    private var entries: [Entry] = []
    private var marks: [Int] = []
    private var isSettled: [Bool] = []
    private var isDifferent: [Bool] = []
    private var mark = 0
    private var depth = 0
    private let oldNames: Set<String>
    private let newNames: Set<String>

    init(base: APIDefinition, revision: APIDefinition) {
        self.base = SchemaReader(definition: base)
        self.revision = SchemaReader(definition: revision)
        self.oldNames = Set(base.operations.compactMap(\.operationID))
        self.newNames = Set(revision.operations.compactMap(\.operationID))
    }

    /// Whether the revision has the operation.
    func hasOperation(_ name: String) -> Bool { newNames.contains(name) }

    /// Whether the base has the operation.
    func hadOperation(_ name: String) -> Bool { oldNames.contains(name) }

    /// The pair's number; nil where the two are written alike and refer to nothing.
    func pair(_ baseNode: Node, _ revisionNode: Node) -> Int? {
        let key = Key(base: base.anchor(baseNode), revision: revision.anchor(revisionNode))
        if let index = indices[key] { return index }
        if isWrittenAlike(key.base, key.revision) { return nil }
        indices[key] = entries.count
        entries.append(Entry(key: key))
        marks.append(0)
        isSettled.append(false)
        isDifferent.append(false)
        return entries.count - 1
    }

    /// What the pair itself says differently.
    func differences(of index: Int) -> [SchemaDifference] {
        process(index)
        return entries[index].differences
    }

    /// The pairs inside the pair.
    func edges(of index: Int) -> [Edge] {
        process(index)
        return entries[index].edges
    }

    /// Whether something differs in the pair or in anything that it leads to.
    func leadsToDifferences(_ start: Int) -> Bool {
        if !isSettled[start] { settle(start) }
        return isDifferent[start]
    }

    /// Looks at everything that a pair leads to, then carries the differences back along the edges.
    private func settle(_ start: Int) {
        var fresh: [Int] = []
        var stack = [start]
        while let index = stack.popLast() {
            guard !isSettled[index] else { continue }
            isSettled[index] = true
            process(index)
            fresh.append(index)
            for edge in entries[index].edges where !isSettled[edge.target] { stack.append(edge.target) }
        }
        var sources: [Int: [Int]] = [:]
        for index in fresh {
            var isOwn = !entries[index].differences.isEmpty
            for edge in entries[index].edges {
                sources[edge.target, default: []].append(index)
                isOwn = isOwn || isDifferent[edge.target]
            }
            if isOwn, !isDifferent[index] {
                isDifferent[index] = true
                stack.append(index)
            }
        }
        while let index = stack.popLast() {
            for source in sources[index] ?? [] where !isDifferent[source] {
                isDifferent[source] = true
                stack.append(source)
            }
        }
    }

    /// Begins a new walk: no pair counts as visited.
    func beginWalk() { mark += 1 }

    /// Whether this walk was there already.
    func isVisited(_ index: Int) -> Bool { marks[index] == mark }

    /// Marks a pair as visited in this walk; false where it was already.
    func visit(_ index: Int) -> Bool {
        guard marks[index] != mark else { return false }
        marks[index] = mark
        return true
    }

    /// Whether two schemas allow the same values, whatever way they are written.
    func areEquivalent(_ baseNode: Node, _ revisionNode: Node) -> Bool {
        guard let start = pair(baseNode, revisionNode) else { return true }
        guard depth < 48 else { return false }
        depth += 1
        defer { depth -= 1 }
        var seen: Set<Int> = [start]
        var stack = [start]
        while let index = stack.popLast() {
            process(index)
            if entries[index].differences.contains(where: { !Self.isAnnotation($0) }) { return false }
            for edge in entries[index].edges where seen.insert(edge.target).inserted { stack.append(edge.target) }
        }
        return true
    }

    /// Whether two names of schemas, as a discriminator maps to them, mean schemas that allow the same.
    func doReferToTheSame(_ old: Node, _ new: Node) -> Bool {
        guard let from = old.string, let to = new.string, from != to else { return old.string == new.string }
        guard let left = base.definition.target(of: from), let right = revision.definition.target(of: to) else {
            return false
        }
        return areEquivalent(left, right)
    }

    private func process(_ index: Int) {
        guard !entries[index].isProcessed else { return }
        // While its parts are looked at, the pair counts as equal.
        entries[index].isProcessed = true
        let key = entries[index].key
        var views = (base.view(key.base), revision.view(key.revision))
        align(&views.0, &views.1)
        var comparison = SchemaComparison(base: views.0, revision: views.1, graph: self)
        let checks = reportWrapping(&comparison) ? SchemaCheck.aroundAlternatives : SchemaCheck.all
        for check in checks { check.run(&comparison) }
        entries[index].differences = comparison.differences
        entries[index].edges = comparison.children.compactMap { child in
            pair(child.base, child.revision).map {
                Edge(target: $0, step: child.step, isReadOnly: child.isReadOnly, isWriteOnly: child.isWriteOnly)
            }
        }
    }

    /// Reports one schema that became several alternatives or the reverse; false where that is not so.
    private func reportWrapping(_ comparison: inout SchemaComparison) -> Bool {
        for (list, word) in [(\SchemaView.oneOf, "one-of"), (\SchemaView.anyOf, "any-of")] {
            let (old, new) = (comparison.base[keyPath: list], comparison.revision[keyPath: list])
            if old.isEmpty, new.count > 1, comparison.revision.isNothingBut(list), !comparison.base.isAnnotationOnly {
                guard let same = new.first(where: { areEquivalent(comparison.base.node, $0) }) else {
                    comparison.report(
                        "wrapped-in-one-of", "\(word)-added",
                        text: "became one of \(new.count) forms, none of which is the old one")
                    return true
                }
                for branch in new where branch != same {
                    comparison.report(
                        "\(word)-added", text: "may now also be '\(name(ofRevision: branch))'", revision: branch)
                }
                return true
            }
            if new.isEmpty, old.count > 1, comparison.base.isNothingBut(list),
                let same = old.first(where: { areEquivalent($0, comparison.revision.node) })
            {
                for branch in old where branch != same {
                    comparison.report("\(word)-removed", text: "may no longer be '\(name(of: branch))'", base: branch)
                }
                return true
            }
        }
        return false
    }

    /// Gives both views the same form where one is written flat and the other as a composition of one.
    private func align(_ base: inout SchemaView, _ revision: inout SchemaView) {
        let members = base.allOf.map(self.base.isAnnotationOnly) + revision.allOf.map(self.revision.isAnnotationOnly)
        if base.allOf.isEmpty != revision.allOf.isEmpty, members.contains(false) {
            flatten(&base, self.base, \.allOf)
            flatten(&revision, self.revision, \.allOf)
        }
        for list in [\SchemaView.oneOf, \SchemaView.anyOf] {
            if base[keyPath: list].count == 1, revision[keyPath: list].isEmpty { flatten(&base, self.base, list) }
            if revision[keyPath: list].count == 1, base[keyPath: list].isEmpty {
                flatten(&revision, self.revision, list)
            }
        }
    }

    private func flatten(
        _ view: inout SchemaView, _ reader: SchemaReader, _ list: WritableKeyPath<SchemaView, [Node]>
    ) {
        let members = view[keyPath: list]
        view[keyPath: list] = []
        view = reader.merged(view, with: members, seen: [view.node])
    }

    private static func isAnnotation(_ difference: SchemaDifference) -> Bool {
        if case .id(let id) = difference.kind { return id == "api-text-changed" || id == "cx-visibility-changed" }
        return false
    }

    /// Whether two JSON values have the same bytes and refer to nothing.
    private func isWrittenAlike(_ base: Node, _ revision: Node) -> Bool {
        guard base.document.syntax == .json, revision.document.syntax == .json,
            self.base.definition.version == self.revision.definition.version
        else { return false }
        let left = base.document.source.bytes[base.range]
        let right = revision.document.source.bytes[revision.range]
        return left.count == right.count && left.elementsEqual(right) && !Self.refers(left)
    }

    private static func refers(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            let word = Array("$ref".utf8)
            guard buffer.count > word.count else { return false }
            for index in 0..<(buffer.count - word.count) where buffer[index] == word[0] {
                if buffer[index + 1] == word[1], buffer[index + 2] == word[2], buffer[index + 3] == word[3] {
                    return true
                }
            }
            return false
        }
    }
}
