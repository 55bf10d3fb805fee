internal import Synchronization

/// A file's name and its bytes; lines are found when somebody asks for one.
///
/// A line ends with LF, CRLF or CR. A byte order mark at the beginning counts as no column. Bytes that are no UTF-8 are
/// shown as U+FFFD.
public final class Source: Sendable, Hashable {
    /// The name as shown to people, relative to the repository root.
    public let name: String
    /// The content, byte order mark included.
    public let bytes: [UInt8]
    private let lines = Mutex<[UInt32]?>(nil)

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    public static func == (left: Source, right: Source) -> Bool { left === right }

    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

    /// The line and column of a byte offset, columns in code points.
    public func place(at offset: Int) -> Place {
        place(at: offset) { _ in 1 }
    }

    /// The line and column of a byte offset, columns in UTF-16 units as editors and SARIF count them.
    public func utf16Place(at offset: Int) -> Place {
        place(at: offset) { $0 >= 0xF0 ? 2 : 1 }
    }

    /// The text of a line without its line break, empty for a line that does not exist.
    public func line(_ number: Int) -> String {
        String(decoding: bytes[lineRange(number)], as: UTF8.self)
    }

    /// How many lines there are; an empty file has one.
    public var lineCount: Int { starts { $0.count } }

    /// The bytes of a line without its line break and byte order mark.
    public func lineRange(_ number: Int) -> Range<Int> {
        let (start, next) = starts { starts -> (Int, Int) in
            guard number >= 1, number <= starts.count else { return (bytes.count, bytes.count) }
            return (Int(starts[number - 1]), number < starts.count ? Int(starts[number]) : bytes.count)
        }
        var end = next
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        let first = start == 0 ? min(markLength, end) : start
        return first..<end
    }

    /// The byte offset of a place, columns in UTF-16 units; beyond the end of a line it is the line's end.
    public func offset(ofUTF16 place: Place) -> Int {
        let range = lineRange(place.line)
        var offset = range.lowerBound
        var column = 1
        while offset < range.upperBound, column < place.column {
            column += bytes[offset] >= 0xF0 ? 2 : 1
            offset += 1
            while offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        return offset
    }

    /// The length of the byte order mark, if the file begins with one.
    var markLength: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    private func place(at offset: Int, width: (UInt8) -> Int) -> Place {
        let offset = min(max(offset, 0), bytes.count)
        let (index, start) = starts { starts -> (Int, Int) in
            var low = 0
            var high = starts.count
            while high - low > 1 {
                let middle = (low + high) / 2
                if Int(starts[middle]) <= offset { low = middle } else { high = middle }
            }
            return (low, Int(starts[low]))
        }
        let first = start == 0 ? min(markLength, offset) : start
        var column = 1
        for byte in bytes[first..<offset] where byte & 0xC0 != 0x80 { column += width(byte) }
        return Place(line: index + 1, column: column)
    }

    private func starts<Result: Sendable>(_ body: ([UInt32]) -> Result) -> Result {
        lines.withLock { known in
            if let known { return body(known) }
            let found = Self.lineStarts(bytes)
            known = found
            return body(found)
        }
    }

    private static func lineStarts(_ bytes: [UInt8]) -> [UInt32] {
        var starts: [UInt32] = [0]
        bytes.withUnsafeBufferPointer { text in
            var at = 0
            while at < text.count {
                let byte = text[at]
                at += 1
                if byte == 0x0A || (byte == 0x0D && !(at < text.count && text[at] == 0x0A)) {
                    starts.append(UInt32(truncatingIfNeeded: at))
                }
            }
        }
        return starts
    }
}
