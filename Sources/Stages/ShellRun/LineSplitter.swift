/// Cuts a stream of bytes into lines.
struct LineSplitter {
    /// One line, without its line break.
    struct Line {
        var bytes: [UInt8]
        /// How many more it had.
        var leftOut = 0

        /// Its beginning; text that is cut stays text: the beginning of a character, whose end is left out, goes with that.
        func prefix(_ limit: Int) -> Line {
            guard bytes.count > limit || leftOut > 0 else { return self }
            var kept = bytes.prefix(limit)
            if let start = kept.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) {
                let length =
                    switch kept[start] {
                    case 0xF0...0xF7: 4
                    case 0xE0...0xEF: 3
                    case 0xC0...0xDF: 2
                    default: 1
                    }
                if kept.count - start < length { kept = kept[..<start] }
            }
            return Line(bytes: Array(kept), leftOut: leftOut + bytes.count - kept.count)
        }

        /// At most so many bytes of it, with by how much it was cut.
        func cut(to limit: Int) -> [UInt8] {
            let short = prefix(limit)
            return short.leftOut > 0
                ? short.bytes + " ... (\(short.leftOut) bytes of this line left out)".utf8 : short.bytes
        }
    }

    private let limit: Int
    private var line = Line(bytes: [])

    /// Keeps at most `limit` bytes of a line.
    init(limit: Int) { self.limit = limit }

    /// Takes bytes and gives each line that they complete.
    mutating func add(_ bytes: UnsafeRawBufferPointer, _ give: (Line) -> Void) {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.endIndex
            let room = max(0, limit - line.bytes.count)
            let part = bytes[start..<end]
            line.bytes.append(contentsOf: part.prefix(room))
            line.leftOut += max(0, part.count - room)
            guard end < bytes.endIndex else { return }
            give(take())
            start = end + 1
        }
    }

    /// The rest after the last line break, if there is any.
    mutating func finish(_ give: (Line) -> Void) {
        if !line.bytes.isEmpty || line.leftOut > 0 { give(take()) }
    }

    private mutating func take() -> Line {
        if line.leftOut == 0, line.bytes.last == 0x0D { line.bytes.removeLast() }
        defer { line = Line(bytes: []) }
        return line
    }
}
