/// Reads JSON into a tape, strictly by RFC 8259, in one pass without recursion.
///
/// After a small mistake (a trailing comma, a comment, a wrong escape) it reads on, so that several are found at once.
struct JSONReader {
    /// What may come next.
    enum Expectation {
        case value
        case elementOrEnd
        case element
        case keyOrEnd
        case key
        case colon
        case commaOrEnd
        case nothing
    }

    /// A list or map that is not closed yet.
    struct Frame {
        var slot: Int
        var count: Int
        var firstKey: Int
        var isMap: Bool
    }

    let text: UnsafeBufferPointer<UInt8>
    let depth: Int
    var problems: Problems
    var tape: [Slot] = []
    var frames: [Frame] = []
    var keys = KeyTable()
    var at = 0
    var expectation = Expectation.value
    /// Where the value that was read last ends.
    var valueEnd = 0

    static func read(_ source: Source, limits: Document.Limits) -> Reading {
        source.bytes.withUnsafeBufferPointer { text in
            var reader = JSONReader(text: text, source: source, limits: limits)
            reader.run()
            return Reading(
                source: source, syntax: .json, tape: reader.problems.isFatal ? [] : reader.tape, pool: [],
                diagnostics: reader.problems.diagnostics)
        }
    }

    private init(text: UnsafeBufferPointer<UInt8>, source: Source, limits: Document.Limits) {
        self.text = text
        depth = limits.depth
        problems = Problems(source: source, limit: limits.problems)
        // Untouched pages of a large reservation cost nothing; documents of people need 16 bytes for each 10 or more.
        tape.reserveCapacity(text.count / 12 + 16)
        frames.reserveCapacity(32)
    }

    private mutating func run() {
        if EncodingCheck.reportForeign(text, &problems) { return }
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { at = 3 }
        while problems.isOpen {
            skipSpace()
            guard at < text.count else {
                finish()
                return
            }
            step(text[at])
        }
    }

    @inline(__always)
    private mutating func step(_ byte: UInt8) {
        switch expectation {
        case .commaOrEnd:
            let isMap = frames[frames.count - 1].isMap
            if byte == UInt8(ascii: ",") {
                at += 1
                expectation = isMap ? .key : .element
            } else if byte == (isMap ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                close()
            } else {
                recoverAfterValue(byte)
            }
        case .keyOrEnd, .key:
            if byte == UInt8(ascii: "\"") {
                let slot = tape.count
                readString()
                guard tape.count > slot else { return }
                keys.append(slot, tape[slot], text)
                expectation = .colon
                // Nearly always the colon stands right here.
                if at < text.count, text[at] == UInt8(ascii: ":") {
                    at += 1
                    expectation = .value
                }
            } else if byte == UInt8(ascii: "}") && expectation == .keyOrEnd {
                close()
            } else {
                recoverKey(byte)
            }
        case .colon:
            if byte == UInt8(ascii: ":") {
                at += 1
                expectation = .value
            } else {
                recoverColon(byte)
            }
        case .value, .element, .elementOrEnd:
            readValue(byte)
        case .nothing:
            recoverAfterRoot(byte)
        }
    }

    @inline(__always)
    private mutating func readValue(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""):
            readString()
            didReadValue()
        case UInt8(ascii: "{"): open(isMap: true)
        case UInt8(ascii: "["): open(isMap: false)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            readNumber()
            didReadValue()
        case UInt8(ascii: "t") where isWord("true"): readWord(.boolean, 4)
        case UInt8(ascii: "f") where isWord("false"): readWord(.boolean, 5)
        case UInt8(ascii: "n") where isWord("null"): readWord(.null, 4)
        case UInt8(ascii: "]") where expectation == .elementOrEnd: close()
        default: recoverValue(byte)
        }
    }

    @inline(__always)
    mutating func didReadValue() {
        valueEnd = at
        if frames.isEmpty {
            expectation = .nothing
        } else {
            frames[frames.count - 1].count += 1
            expectation = .commaOrEnd
        }
    }

    private mutating func readWord(_ kind: Slot.Kind, _ length: Int) {
        tape.append(Slot(kind, at..<at + length))
        at += length
        didReadValue()
    }

    /// Whether a literal stands here and ends here.
    private func isWord(_ word: StaticString) -> Bool {
        let end = at + word.utf8CodeUnitCount
        guard end <= text.count else { return false }
        for offset in 0..<word.utf8CodeUnitCount where text[at + offset] != word.utf8Start[offset] { return false }
        return end == text.count || !Self.isWordByte(text[end])
    }

    private mutating func open(isMap: Bool) {
        guard frames.count < depth else {
            problems.stop(
                "document/too-deep", "lists and maps are nested more than \(depth) deep", at..<at + 1)
            return
        }
        frames.append(Frame(slot: tape.count, count: 0, firstKey: keys.count, isMap: isMap))
        tape.append(Slot(isMap ? .map : .list, at..<at + 1))
        at += 1
        expectation = isMap ? .keyOrEnd : .elementOrEnd
    }

    mutating func close() {
        guard let frame = frames.popLast() else { return }
        at += 1
        tape[frame.slot].close(end: at, next: tape.count, count: frame.count)
        if frame.isMap {
            let (tape, text) = (tape, text)
            let duplicates = keys.removeKeys(from: frame.firstKey) { left, right in
                Self.isSameKey(tape[left], tape[right], text)
            }
            for (first, second) in duplicates { reportDuplicate(first, second) }
        }
        didReadValue()
    }

    private mutating func finish() {
        guard let frame = frames.last else {
            if tape.isEmpty {
                problems.stop("document/empty", "the file is empty; a JSON value is expected", at..<at)
            }
            return
        }
        let slot = tape[frame.slot]
        let end = lastEnd()
        let name = frame.isMap ? "object" : "array"
        problems.stop(
            "document/truncated", "the file ends inside the \(name) that '\(frame.isMap ? "{" : "[")' begins",
            end..<end,
            notes: [
                Diagnostic.Note(
                    "the \(name) begins here", at: problems.location(slot.range.lowerBound..<slot.range.lowerBound + 1))
            ])
    }

    private mutating func reportDuplicate(_ first: Int, _ second: Int) {
        let key = String(decoding: Self.keyBytes(tape[second], text), as: UTF8.self)
        problems.reportDuplicateKey(key, first: tape[first].range, second: tape[second].range)
    }

    private static func isSameKey(_ left: Slot, _ right: Slot, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        keyBytes(left, text) == keyBytes(right, text)
    }

    private static func keyBytes(_ slot: Slot, _ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let inside = slot.marks.contains(.quoted) ? slot.range.dropFirst().dropLast() : slot.range
        let bytes = UnsafeBufferPointer(rebasing: text[inside])
        return slot.marks.contains(.escaped) ? JSONEscapes.decode(bytes) : Array(bytes)
    }

    @inline(__always)
    mutating func skipSpace() {
        while at < text.count {
            let byte = text[at]
            if byte > 0x20 { return }
            switch byte {
            case 0x20:
                at += 1
                while let word = word(at), word == 0x2020_2020_2020_2020 { at += 8 }
            case 0x0A, 0x0D, 0x09: at += 1
            default: return
            }
        }
    }

    /// The eight bytes at an offset, nil where the text ends before them.
    @inline(__always)
    func word(_ offset: Int) -> UInt64? {
        guard offset + 8 <= text.count, let base = text.baseAddress else { return nil }
        return UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
            true
        default: false
        }
    }
}
