import Documents

/// Finds what a local `$ref` points at; the usual targets are indexed once, the others are walked to.
struct ReferenceTable: Sendable {
    private let document: Document
    private let targets: [String: Node]

    init(_ document: Document) {
        self.document = document
        var targets: [String: Node] = ["#": document.root]
        func index(_ holder: Node?, under prefix: String) {
            guard let holder else { return }
            for member in holder.members {
                let key = "\(prefix)/\(Self.escaped(member.key))"
                if targets[key] == nil { targets[key] = member.value }
            }
        }
        for name in ["definitions", "parameters", "responses"] { index(document.root[name], under: "#/\(name)") }
        if let components = document.root["components"] {
            for group in components.members { index(group.value, under: "#/components/\(group.key)") }
        }
        self.targets = targets
    }

    func reference(of node: Node) -> String? {
        guard node.kind == .object else { return nil }
        return node["$ref"]?.string
    }

    func resolve(_ node: Node) -> Node {
        guard var reference = reference(of: node) else { return node }
        var seen: Set<Node> = [node]
        while let target = target(of: reference), seen.insert(target).inserted {
            guard let next = self.reference(of: target) else { return target }
            reference = next
        }
        return node
    }

    func target(of reference: String) -> Node? {
        if let target = targets[reference] { return target }
        guard reference.hasPrefix("#/") else { return nil }
        let text = Self.percentDecoded(reference.dropFirst())
        return targets["#\(text)"] ?? document.node(at: Pointer(text))
    }

    private static func escaped(_ key: String) -> String {
        guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return key }
        return key.reduce(into: "") { text, character in
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.append(character)
            }
        }
    }

    private static func percentDecoded(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
