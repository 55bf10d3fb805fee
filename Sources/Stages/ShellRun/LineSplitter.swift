/// Cuts a stream of bytes into lines; a line that is too long is cut and says by how much.
struct LineSplitter {
    private let limit: Int
    private var line: [UInt8] = []
    private var leftOut = 0

    /// Lines of at most `limit` bytes.
    init(limit: Int) { self.limit = limit }

    /// Takes bytes and gives each line that they complete, without its line break.
    mutating func add(_ bytes: UnsafeRawBufferPointer, _ give: ([UInt8]) -> Void) {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.endIndex
            let room = max(0, limit - line.count)
            let part = bytes[start..<end]
            line.append(contentsOf: part.prefix(room))
            leftOut += max(0, part.count - room)
            guard end < bytes.endIndex else { return }
            give(take())
            start = end + 1
        }
    }

    /// The rest after the last line break, if there is any.
    mutating func finish(_ give: ([UInt8]) -> Void) {
        if !line.isEmpty || leftOut > 0 { give(take()) }
    }

    private mutating func take() -> [UInt8] {
        if leftOut == 0, line.last == 0x0D { line.removeLast() }
        if leftOut > 0 {
            leaveOutCutCharacter()
            line += " ... (\(leftOut) bytes of this line left out)".utf8
        }
        defer {
            line.removeAll(keepingCapacity: true)
            leftOut = 0
        }
        return line
    }

    /// Text that is cut stays text: the beginning of a character, whose end is left out, goes with that.
    private mutating func leaveOutCutCharacter() {
        guard let start = line.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return }
        let length =
            switch line[start] {
            case 0xF0...0xF7: 4
            case 0xE0...0xEF: 3
            case 0xC0...0xDF: 2
            default: 1
            }
        let found = line.count - start
        guard found < length else { return }
        line.removeLast(found)
        leftOut += found
    }
}
