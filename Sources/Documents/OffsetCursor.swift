/// Turns libyaml's counts of code points into byte offsets, quickly for neighbouring places.
struct OffsetCursor {
    private let text: UnsafeBufferPointer<UInt8>
    private let isASCII: Bool
    private let first: Int
    private var scalars = 0
    private var bytes: Int

    /// A cursor over a text whose count begins at a byte offset.
    init(text: UnsafeBufferPointer<UInt8>, isASCII: Bool, first: Int) {
        self.text = text
        self.isASCII = isASCII
        self.first = first
        bytes = first
    }

    /// The byte offset of the code point with a number.
    mutating func offset(of index: Int) -> Int {
        if isASCII { return min(first + index, text.count) }
        while scalars < index, bytes < text.count {
            bytes += 1
            while bytes < text.count, text[bytes] & 0xC0 == 0x80 { bytes += 1 }
            scalars += 1
        }
        while scalars > index, bytes > first {
            bytes -= 1
            while bytes > first, text[bytes] & 0xC0 == 0x80 { bytes -= 1 }
            scalars -= 1
        }
        return bytes
    }
}
