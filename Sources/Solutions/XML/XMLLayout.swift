import Documents

/// The white space of XML files: line ends, and moving elements to another depth without touching text.
enum XMLLayout {
    /// The line end that a file uses first; LF when it has none.
    static func lineEnd(of bytes: [UInt8]) -> [UInt8] {
        guard let first = bytes.firstIndex(of: 0x0A) else { return [0x0A] }
        return first > 0 && bytes[first - 1] == 0x0D ? [0x0D, 0x0A] : [0x0A]
    }

    /// The spaces and tabs between the beginning of the line and an offset; nil when something else stands there.
    static func indentation(before offset: Int, in bytes: [UInt8]) -> [UInt8]? {
        var start = offset
        while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
        guard start == 0 || bytes[start - 1] == 0x0A else { return nil }
        return Array(bytes[start..<offset])
    }

    /// The element's bytes with every line of markup moved by some spaces; text with content is left alone.
    static func moved(
        _ element: XMLElement, by spaces: Int, edits other: ByteEdits = ByteEdits(), lineEnd: [UInt8]? = nil
    ) -> [UInt8] {
        let bytes = element.file.source.bytes
        var edits = other
        for gap in gaps(in: element) {
            guard let newline = bytes[gap].lastIndex(of: 0x0A) else { continue }
            let start = newline + 1
            if spaces >= 0 {
                edits.insert([UInt8](repeating: 0x20, count: spaces), at: start)
            } else {
                let present = bytes[start..<gap.upperBound].prefix(-spaces).prefix { $0 == 0x20 }.count
                edits.replace(start..<start + present, with: [UInt8]())
            }
        }
        let moved = edits.applied(to: bytes, within: element.range)
        guard let lineEnd, bytes.contains(0x0A), self.lineEnd(of: bytes) != lineEnd else { return moved }
        return withLineEnds(lineEnd, moved)
    }

    /// The bytes with every LF and CRLF as this line end.
    static func withLineEnds(_ lineEnd: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { continue }
            if byte == 0x0A { result += lineEnd } else { result.append(byte) }
        }
        return result
    }

    /// White space between tags: not the only content of an element, and not beside text.
    private static func gaps(in element: XMLElement) -> [Range<Int>] {
        var gaps: [Range<Int>] = []
        var stack = [element]
        while let next = stack.popLast() {
            let record = next.file.records[next.index]
            stack += next.children
            guard !record.children.isEmpty, next.text.isEmpty else { continue }
            gaps += record.texts.filter { $0.kind == .text }.map(\.range)
        }
        return gaps
    }
}
