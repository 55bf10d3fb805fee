/// Cuts a stream of bytes into lines; a line that is too long is cut and says by how much.
struct LineSplitter {
    private let limit: Int
    private var line: [UInt8] = []
    private var leftOut = 0

    /// Lines of at most `limit` bytes.
    init(limit: Int) { self.limit = limit }

    /// Takes bytes and gives each line that they complete, without its line break.
    mutating func add(_ bytes: UnsafeRawBufferPointer, _ give: (String) -> Void) {
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
    mutating func finish(_ give: (String) -> Void) {
        if !line.isEmpty || leftOut > 0 { give(take()) }
    }

    private mutating func take() -> String {
        if leftOut == 0, line.last == 0x0D { line.removeLast() }
        var text = String(decoding: line, as: UTF8.self)
        if leftOut > 0 { text += " ... (\(leftOut) bytes of this line left out)" }
        line.removeAll(keepingCapacity: true)
        leftOut = 0
        return text
    }
}
