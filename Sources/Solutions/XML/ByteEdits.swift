/// Changes at ranges of a file; every other byte stays as it is.
public struct ByteEdits: Sendable {
    private var edits: [(range: Range<Int>, replacement: [UInt8])] = []

    /// No change.
    public init() {}

    /// Whether nothing changes.
    public var isEmpty: Bool { edits.isEmpty }

    /// Puts other bytes in place of a range; ranges may touch and may not overlap.
    public mutating func replace(_ range: Range<Int>, with replacement: [UInt8]) {
        edits.append((range, replacement))
    }

    /// Puts text in place of a range.
    public mutating func replace(_ range: Range<Int>, with replacement: String) {
        replace(range, with: Array(replacement.utf8))
    }

    /// Puts bytes before an offset; several at one offset keep their order.
    public mutating func insert(_ bytes: [UInt8], at offset: Int) { edits.append((offset..<offset, bytes)) }

    /// The bytes with the changes made.
    public func applied(to bytes: [UInt8]) -> [UInt8] { applied(to: bytes, within: 0..<bytes.count) }

    /// A part of the bytes with the changes made; all of them lie in that part.
    public func applied(to bytes: [UInt8], within part: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(part.count)
        var at = part.lowerBound
        let ordered = edits.enumerated().sorted {
            ($0.element.range.lowerBound, $0.element.range.upperBound, $0.offset)
                < ($1.element.range.lowerBound, $1.element.range.upperBound, $1.offset)
        }
        for (_, edit) in ordered {
            precondition(edit.range.lowerBound >= at && edit.range.upperBound <= part.upperBound, "edits overlap")
            result += bytes[at..<edit.range.lowerBound]
            result += edit.replacement
            at = edit.range.upperBound
        }
        return result + bytes[at..<part.upperBound]
    }
}
