/// One JSON or YAML document: its bytes and a flat tape of nodes; it never changes.
///
/// JSON is read strictly by RFC 8259, YAML by version 1.2's core schema. Reading refuses duplicate keys, deep nesting,
/// alias bombs and broken UTF-8, each with its place.
public final class Document: Sendable {
    public enum Syntax: String, Sendable, Hashable {
        case json
        case yaml
    }

    /// How much is read before a reader refuses.
    public struct Limits: Sendable, Hashable {
        /// The largest number of bytes, at most 1 GiB.
        public var size: Int { didSet { size = min(max(size, 0), 1 << 30) } }
        /// The deepest nesting, at most 1,000.
        public var depth: Int { didSet { depth = min(max(depth, 1), 1000) } }
        /// The largest number of nodes that YAML aliases may add to a document.
        public var aliasedNodes: Int
        /// The number of problems after which reading stops.
        public var problems: Int

        public init(
            size: Int = 64 << 20, depth: Int = 1000, aliasedNodes: Int = 200_000, problems: Int = 50
        ) {
            self.size = min(max(size, 0), 1 << 30)
            self.depth = min(max(depth, 1), 1000)
            self.aliasedNodes = aliasedNodes
            self.problems = problems
        }
    }

    public let source: Source
    public let syntax: Syntax
    let tape: [Slot]
    let pool: [UInt8]

    /// The whole document's value.
    public var root: Node { Node(document: self, index: 0) }

    /// Reads bytes strictly: throws every error found.
    ///
    /// Without a syntax the file's ending says it (`.json`, `.yaml`, `.yml`), or else the first byte.
    public init(bytes: [UInt8], file: String, syntax: Syntax? = nil, limits: Limits = .init()) throws(Rejected) {
        let reading = Reading(bytes: bytes, file: file, syntax: syntax, limits: limits)
        if reading.hasErrors { throw Rejected(reading.diagnostics) }
        source = reading.source
        self.syntax = reading.syntax
        tape = reading.tape
        pool = reading.pool
    }

    /// Reads text strictly.
    public convenience init(text: String, file: String, syntax: Syntax? = nil) throws(Rejected) {
        try self.init(bytes: Array(text.utf8), file: file, syntax: syntax)
    }

    /// Reads a file from disk strictly; `file` is the name shown.
    ///
    /// A file that is missing, unreadable, too large, a folder or a device is refused before anything is read.
    public convenience init(path: String, file: String? = nil, limits: Limits = .init()) throws(Rejected) {
        let bytes = try FileContents.read(path, shownAs: file ?? path, limit: limits.size)
        try self.init(bytes: bytes, file: file ?? path, limits: limits)
    }

    private init(_ reading: Reading) {
        source = reading.source
        syntax = reading.syntax
        tape = reading.tape
        pool = reading.pool
    }

    /// Reads leniently: the document if one could be made, and everything that is wrong with it.
    public static func read(
        bytes: [UInt8], file: String, syntax: Syntax? = nil, limits: Limits = .init()
    ) -> (document: Document?, diagnostics: [Diagnostic]) {
        let reading = Reading(bytes: bytes, file: file, syntax: syntax, limits: limits)
        return (reading.tape.isEmpty ? nil : Document(reading), reading.diagnostics)
    }

    /// Reads text leniently.
    public static func read(
        text: String, file: String, syntax: Syntax? = nil
    ) -> (document: Document?, diagnostics: [Diagnostic]) {
        read(bytes: Array(text.utf8), file: file, syntax: syntax)
    }

    /// Reads a file from disk leniently.
    public static func read(
        path: String, file: String? = nil, limits: Limits = .init()
    ) -> (document: Document?, diagnostics: [Diagnostic]) {
        do throws(Rejected) {
            let bytes = try FileContents.read(path, shownAs: file ?? path, limit: limits.size)
            return read(bytes: bytes, file: file ?? path, limits: limits)
        } catch {
            return (nil, error.diagnostics)
        }
    }

    /// The node at a path, nil when there is none.
    public func node(at pointer: Pointer) -> Node? {
        var node = root
        for part in pointer.parts {
            guard let next = node.child(part) else { return nil }
            node = next
        }
        return node
    }

    /// The path of a node of this document; a key has its member's path.
    public func pointer(to node: Node) -> Pointer {
        var parts: [String] = []
        var container = root
        descent: while container.index < node.index {
            if container.kind == .object {
                for member in container.members where node.index < member.value.endIndex {
                    parts.append(member.key)
                    if node.index <= member.value.index { break descent }
                    container = member.value
                    continue descent
                }
            } else {
                for (position, element) in container.elements.enumerated() where node.index < element.endIndex {
                    parts.append(String(position))
                    container = element
                    continue descent
                }
            }
            break
        }
        return Pointer(parts: parts)
    }

    /// The text of a scalar.
    func text(of slot: Slot) -> String {
        if slot.marks.contains(.pooled) {
            return String(decoding: pool[pooledRange(slot)], as: UTF8.self)
        }
        let range = verbatimRange(slot)
        if slot.marks.contains(.escaped) {
            return String(decoding: JSONEscapes.decode(source.bytes[range]), as: UTF8.self)
        }
        return String(decoding: source.bytes[range], as: UTF8.self)
    }

    /// Whether a scalar's text is this, without making a string of it.
    func isText(of slot: Slot, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        if slot.marks.contains(.escaped) {
            return JSONEscapes.decode(source.bytes[verbatimRange(slot)]).elementsEqual(other)
        }
        let isPooled = slot.marks.contains(.pooled)
        let range = isPooled ? pooledRange(slot) : verbatimRange(slot)
        guard range.count == other.count else { return false }
        return (isPooled ? pool : source.bytes)[range].elementsEqual(other)
    }

    private func verbatimRange(_ slot: Slot) -> Range<Int> {
        slot.marks.contains(.quoted) ? slot.range.lowerBound + 1..<slot.range.upperBound - 1 : slot.range
    }

    private func pooledRange(_ slot: Slot) -> Range<Int> {
        let start = Int(slot.link)
        var count = 0
        for byte in pool[start..<start + 4] { count = count << 8 | Int(byte) }
        return start + 4..<start + 4 + count
    }
}
