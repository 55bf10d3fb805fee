/// The members of an object in the order of the file.
public struct Members: Sequence, IteratorProtocol, Sendable {
    private let document: Document
    private var position: Int
    private let end: Int

    init(document: Document, next: Int, end: Int) {
        self.document = document
        position = next
        self.end = end
    }

    public mutating func next() -> Member? {
        guard position < end else { return nil }
        let member = Member(document: document, index: position)
        position = member.value.endIndex
        return member
    }

    public var isEmpty: Bool { position >= end }
    public var first: Member? { first { _ in true } }
    /// The keys in order.
    public var keys: [String] { map(\.key) }
}

/// One member of an object.
public struct Member: Sendable, Hashable {
    /// The key's place; a node of kind string.
    public let keyNode: Node
    public let value: Node

    init(document: Document, index: Int) {
        keyNode = Node(document: document, index: index)
        value = Node(document: document, index: index + 1)
    }

    public var key: String { keyNode.document.text(of: keyNode.slot) }
}
