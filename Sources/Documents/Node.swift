import OrderedCollections

/// A place in a document's tree; a cheap value.
public struct Node: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case null
        case boolean
        case number
        case string
        case array
        case object
    }

    public let document: Document
    let index: Int

    init(document: Document, index: Int) {
        self.document = document
        self.index = index
    }

    public static func == (left: Node, right: Node) -> Bool {
        left.index == right.index && left.document === right.document
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(document))
        hasher.combine(index)
    }

    public var kind: Kind {
        switch slot.kind {
        case .null: .null
        case .boolean: .boolean
        case .number: .number
        case .string: .string
        case .list: .array
        case .map: .object
        }
    }

    /// The bytes of the value in the file, quotes included.
    public var range: Range<Int> { slot.range }

    public var location: Location { Location(source: document.source, range: slot.range) }

    /// The path of this node in its document; costs a walk from the root.
    public var pointer: Pointer { document.pointer(to: self) }

    public var isNull: Bool { slot.kind == .null }

    /// The text of a string, nil for anything else.
    public var string: String? {
        let slot = slot
        return slot.kind == .string ? document.text(of: slot) : nil
    }

    /// Whether this is a string with this text.
    public func isString(_ text: String) -> Bool {
        let slot = slot
        guard slot.kind == .string else { return false }
        var text = text
        return text.withUTF8 { document.isText(of: slot, $0) }
    }

    /// The truth value of a boolean, nil for anything else.
    public var boolean: Bool? {
        let slot = slot
        guard slot.kind == .boolean else { return nil }
        return document.text(of: slot).lowercased() == "true"
    }

    /// A number written without fraction and exponent that fits, nil for anything else.
    public var integer: Int? {
        let slot = slot
        guard slot.kind == .number, slot.marks.contains(.integer) else { return nil }
        return CoreSchema.integer(document.text(of: slot))
    }

    /// Any number, nil for anything else.
    public var number: Double? {
        let slot = slot
        return slot.kind == .number ? CoreSchema.number(document.text(of: slot)) : nil
    }

    /// A number as written, nil for anything else.
    public var numberText: String? {
        let slot = slot
        return slot.kind == .number ? document.text(of: slot) : nil
    }

    /// Whether this is a YAML scalar without quotes.
    public var isPlainScalar: Bool { !slot.isContainer && slot.marks.contains(.plain) }

    /// The text of any scalar, strings decoded and everything else as written; nil for containers.
    public var scalarText: String? {
        let slot = slot
        return slot.isContainer ? nil : document.text(of: slot)
    }

    /// The number of members or elements.
    public var count: Int {
        let slot = slot
        guard slot.isContainer else { return 0 }
        if let count = slot.count { return count }
        return slot.kind == .map
            ? members.reduce(0) { count, _ in count + 1 } : elements.reduce(0) { count, _ in count + 1 }
    }

    /// The members of an object in the order of the file; empty for anything else.
    public var members: Members {
        slot.kind == .map
            ? Members(document: document, next: index + 1, end: endIndex) : Members(document: document, next: 0, end: 0)
    }

    /// The elements of an array; empty for anything else.
    public var elements: Elements {
        slot.kind == .list
            ? Elements(document: document, next: index + 1, end: endIndex)
            : Elements(document: document, next: 0, end: 0)
    }

    /// The value of the first member with a key.
    public subscript(_ key: String) -> Node? { member(key)?.value }

    /// The element at an index.
    public subscript(_ index: Int) -> Node? {
        guard index >= 0 else { return nil }
        var left = index
        for element in elements {
            if left == 0 { return element }
            left -= 1
        }
        return nil
    }

    /// The first member with a key.
    public func member(_ key: String) -> Member? {
        guard slot.kind == .map else { return nil }
        var key = key
        return key.withUTF8 { wanted in
            var at = index + 1
            let end = endIndex
            while at < end {
                if document.isText(of: document.tape[at], wanted) {
                    return Member(document: document, index: at)
                }
                at = Node(document: document, index: at + 1).endIndex
            }
            return nil
        }
    }

    /// The member's value or the element that one step of a pointer names.
    public func child(_ part: String) -> Node? {
        switch slot.kind {
        case .map: return self[part]
        case .list:
            guard let position = Int(part), String(position) == part else { return nil }
            return self[position]
        default: return nil
        }
    }

    /// A plain copy without places.
    public var value: Value {
        let slot = slot
        switch slot.kind {
        case .null: return .null
        case .boolean: return .boolean(boolean ?? false)
        case .number: return integer.map(Value.integer) ?? .number(number ?? 0)
        case .string: return .string(document.text(of: slot))
        case .list: return .list(elements.map(\.value))
        case .map:
            var map = Value.Map(minimumCapacity: slot.count ?? 0)
            for member in members where map[member.key] == nil { map[member.key] = member.value.value }
            return .map(map)
        }
    }

    var slot: Slot { document.tape[index] }

    /// The index just after this node and everything in it.
    var endIndex: Int {
        let slot = slot
        return slot.isContainer ? Int(slot.link) : index + 1
    }
}
