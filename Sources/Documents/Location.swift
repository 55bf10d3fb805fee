/// A range of bytes in a source.
public struct Location: Sendable, Hashable {
    public var source: Source
    public var range: Range<Int>

    public init(source: Source, range: Range<Int>) {
        self.source = source
        self.range = range
    }

    /// Where the range begins, columns in code points.
    public var start: Place { source.place(at: range.lowerBound) }
    /// Where the range ends (just after its last character), columns in code points.
    public var end: Place { source.place(at: range.upperBound) }
    /// Where the range begins, columns in UTF-16 units.
    public var utf16Start: Place { source.utf16Place(at: range.lowerBound) }
    /// Where the range ends (just after its last character), columns in UTF-16 units.
    public var utf16End: Place { source.utf16Place(at: range.upperBound) }
    /// The text of the range.
    public var text: String { String(decoding: source.bytes[range.clamped(to: 0..<source.bytes.count)], as: UTF8.self) }
}
