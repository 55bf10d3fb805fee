/// The elements of an array.
public struct Elements: Sequence, IteratorProtocol, Sendable {
    private let document: Document
    private var position: Int
    private let end: Int

    init(document: Document, next: Int, end: Int) {
        self.document = document
        position = next
        self.end = end
    }

    public mutating func next() -> Node? {
        guard position < end else { return nil }
        let node = Node(document: document, index: position)
        position = node.endIndex
        return node
    }

    public var isEmpty: Bool { position >= end }
    public var first: Node? { first { _ in true } }
}
