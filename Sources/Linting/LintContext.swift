import Documents
import OpenAPI

/// One document under inspection, with what the rules look up again and again. Lives as long as one lint run.
final class LintContext {
    struct Entry {
        var parent: Node?
        var name: Node?
        var key: String
    }

    let document: Document
    let formats: Set<DocumentFormat>
    let connector: ConnectorFiles?
    private let entries: [Node: Entry]
    /// Every reference object of the document with its text, in document order.
    let references: [(node: Node, text: String)]
    private var resolved: [String: Node?] = [:]
    /// The nodes that references lead to.
    private(set) lazy var referencedTargets: Set<Node> = Set(references.compactMap { target(of: $0.text) })
    /// The operations of a connector, in document order.
    private(set) lazy var operations: [ConnectorOperation] = ConnectorOperation.all(in: self)
    private(set) lazy var definition: APIDefinition? = { () -> APIDefinition? in
        do throws(Rejected) { return try APIDefinition(document) } catch { return nil }
    }()

    init(_ document: Document, connector: ConnectorFiles? = nil) {
        self.document = document
        self.connector = connector
        formats = LintContext.formats(of: document.root)
        var entries: [Node: Entry] = [:]
        entries.reserveCapacity(document.source.bytes.count / 16)
        var references: [(node: Node, text: String)] = []
        var pending = [document.root]
        if let properties = connector?.properties { pending.insert(properties.root, at: 0) }
        while let node = pending.popLast() {
            var children: [Node] = []
            switch node.kind {
            case .object:
                for member in node.members {
                    entries[member.value] = Entry(parent: node, name: member.keyNode, key: member.key)
                    if member.key == "$ref", node.document === document, let text = member.value.string {
                        references.append((node, text))
                    }
                    if member.value.kind == .object || member.value.kind == .array { children.append(member.value) }
                }
            case .array:
                for (index, element) in node.elements.enumerated() {
                    entries[element] = Entry(parent: node, name: nil, key: String(index))
                    if element.kind == .object || element.kind == .array { children.append(element) }
                }
            default: break
            }
            pending.append(contentsOf: children.reversed())
        }
        self.entries = entries
        self.references = references
    }

    func parent(of node: Node) -> Node? { entries[node]?.parent }

    func key(of node: Node) -> String? { entries[node]?.key }

    func path(of node: Node) -> [String] {
        var parts: [String] = []
        var current = node
        while let entry = entries[current], let parent = entry.parent {
            parts.append(entry.key)
            current = parent
        }
        return parts.reversed()
    }

    /// Where people look for a node: its value, or the name above it where the value goes over several lines.
    func location(of node: Node, isAboutName: Bool = false) -> Location {
        let entry = entries[node]
        if let name = entry?.name, isAboutName || node.kind == .object || node.kind == .array { return name.location }
        let range = node.range
        if node.kind == .object || node.kind == .array {
            let end = min(range.lowerBound + 1, range.upperBound)
            return Location(source: node.document.source, range: range.lowerBound..<end)
        }
        return Location(source: node.document.source, range: range)
    }

    /// The node that a chain of local references ends at; the node itself when it is none, or leads nowhere.
    func resolve(_ node: Node) -> Node {
        var current = node
        var steps = 0
        while current.kind == .object, let text = current["$ref"]?.string {
            guard steps < 64, let target = target(of: text) else { return steps == 0 ? node : current }
            current = target
            steps += 1
        }
        return current
    }

    /// The node that the text of a local reference names.
    func target(of reference: String) -> Node? {
        if let known = resolved[reference] { return known }
        // A reference that needs itself to be found leads nowhere.
        resolved[reference] = .some(nil)
        let found = find(reference)
        resolved[reference] = found
        return found
    }

    private func find(_ reference: String) -> Node? {
        guard reference.hasPrefix("#") else { return nil }
        if reference == "#" || reference == "#/" { return document.root }
        guard reference.hasPrefix("#/") else { return nil }
        var node = document.root
        for part in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let key = ReferenceText.decoded(part)
            guard let next = child(of: node, key) ?? child(of: resolve(node), key) else { return nil }
            node = next
        }
        return node
    }

    /// The member or element with a name, not followed further.
    func child(of node: Node, _ key: String) -> Node? {
        switch node.kind {
        case .object: return node[key]
        case .array:
            guard let index = Int(key), index >= 0, index < node.count else { return nil }
            return node[index]
        default: return nil
        }
    }

    /// The value under a name, references followed before and after.
    func member(_ node: Node?, _ key: String) -> Node? {
        guard let node else { return nil }
        return child(of: resolve(node), key).map(resolve)
    }

    /// The value at the end of some names, references followed on the way.
    func member(_ node: Node?, _ path: [String]) -> Node? {
        path.reduce(node) { member($0, $1) }
    }

    private static func formats(of root: Node) -> Set<DocumentFormat> {
        guard root.kind == .object else { return [] }
        if let text = root["swagger"]?.scalarText, text == "2" || text.hasPrefix("2.") { return [.oas2] }
        guard let text = root["openapi"]?.scalarText, text == "3" || text.hasPrefix("3.") else { return [] }
        var formats: Set<DocumentFormat> = [.oas3]
        if text == "3.0" || text.hasPrefix("3.0.") { formats.insert(.oas30) }
        if text == "3.1" || text.hasPrefix("3.1.") { formats.insert(.oas31) }
        return formats
    }
}
