/// Text without the quotes that YAML needs around it, found where the parser stopped.
///
/// It is masked and the file read again, so that whatever else is wrong is found in the same reading.
struct YAMLRepair {
    /// The whole scalar that should stand in quotes.
    let range: Range<Int>
    private let code: String
    private let place: String
    private let reason: String

    private init(_ range: Range<Int>, code: String, place: String = "", reason: String) {
        self.range = range
        self.code = code
        self.place = place
        self.reason = reason
    }

    /// An expression (`${{ ... }}`) around the offset of a problem.
    static func expression(
        _ text: UnsafeBufferPointer<UInt8>, around offset: Int, isFlow: Bool
    ) -> YAMLRepair? {
        let lineStart = lineStart(text, offset)
        let lineEnd = lineEnd(text, offset)
        guard let dollar = opening(text, from: lineStart, through: min(offset, lineEnd)) else { return nil }
        guard let close = find(text, "}}", from: dollar, to: lineEnd), close + 2 >= offset else { return nil }
        guard !isQuoted(text, lineStart, dollar) else { return nil }
        var start = dollar
        while start > lineStart, !ends(text, start - 1, isFlow: isFlow) { start -= 1 }
        while start < dollar, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
        let range = start..<scalarEnd(text, from: close + 2, to: lineEnd, isFlow: isFlow)
        return isFlow
            ? YAMLRepair(
                range, code: "unquoted-expression", place: " inside braces or brackets",
                reason: "YAML takes '{' here for the beginning of a map")
            : YAMLRepair(range, code: "unquoted-expression", reason: "YAML takes this for more than one value")
    }

    /// A value with a colon in it, around the offset of a second colon on its line.
    static func value(_ text: UnsafeBufferPointer<UInt8>, around offset: Int) -> YAMLRepair? {
        let lineStart = lineStart(text, offset)
        guard let colon = find(text, ": ", from: lineStart, to: offset), !isQuoted(text, lineStart, offset) else {
            return nil
        }
        var start = colon + 2
        while start < offset, text[start] == 0x20 { start += 1 }
        guard start < offset, !"\"'[{&*!|>#%@`-?".utf8.contains(text[start]) else { return nil }
        let end = scalarEnd(text, from: offset, to: lineEnd(text, offset), isFlow: false)
        return YAMLRepair(start..<end, code: "unquoted-text", reason: "the text has ': ' in it")
    }

    /// A value that begins with a character that YAML keeps for itself.
    static func reserved(_ text: UnsafeBufferPointer<UInt8>, at offset: Int, isFlow: Bool) -> YAMLRepair? {
        guard offset < text.count, "@`%".utf8.contains(text[offset]) else { return nil }
        let end = scalarEnd(text, from: offset + 1, to: lineEnd(text, offset), isFlow: isFlow)
        let sign = String(decoding: text[offset...offset], as: UTF8.self)
        return YAMLRepair(offset..<end, code: "unquoted-text", reason: "YAML keeps '\(sign)' at a beginning for itself")
    }

    func diagnostic(_ source: Source) -> Diagnostic {
        let location = Location(source: source, range: range)
        let written = location.text
        let quoted =
            written.contains("\"") || written.contains("\\")
            ? "'" + written.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
            : "\"\(written)\""
        return Diagnostic(
            "document/\(code)", "'\(written)' must stand in quotes\(place)", at: location,
            fixIts: [FixIt("put it in quotes", at: location, replacement: quoted)],
            help: "\(reason); write \(quoted)")
    }

    /// Overwrites the text so that YAML takes it for a word.
    func mask(_ text: inout [UInt8]) {
        for index in range { text[index] = UInt8(ascii: "x") }
    }

    /// Where an unquoted scalar ends that reaches an offset: at a comment, the end of its line, or the next sign of a flow
    /// style.
    private static func scalarEnd(
        _ text: UnsafeBufferPointer<UInt8>, from offset: Int, to lineEnd: Int, isFlow: Bool
    ) -> Int {
        var end = offset
        while end < lineEnd {
            if let next = find(text, "${{", from: end, to: end + 3),
                let nextClose = find(text, "}}", from: next, to: lineEnd)
            {
                end = nextClose + 2
                continue
            }
            let byte = text[end]
            if byte == UInt8(ascii: "#"), text[end - 1] == 0x20 { break }
            if isFlow,
                ",]}".utf8.contains(byte) || (byte == UInt8(ascii: ":") && end + 1 < lineEnd && text[end + 1] == 0x20)
            {
                break
            }
            end += 1
        }
        while end > offset, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
        return end
    }

    private static func lineStart(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Int {
        var start = min(offset, text.count)
        while start > 0, text[start - 1] != 0x0A, text[start - 1] != 0x0D { start -= 1 }
        return start
    }

    private static func lineEnd(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Int {
        var end = min(offset, text.count)
        while end < text.count, text[end] != 0x0A, text[end] != 0x0D { end += 1 }
        return end
    }

    /// The last `${{` that begins at or before an offset.
    private static func opening(_ text: UnsafeBufferPointer<UInt8>, from start: Int, through last: Int) -> Int? {
        var at = last
        while at >= start {
            if find(text, "${{", from: at, to: at + 3) != nil { return at }
            at -= 1
        }
        return nil
    }

    private static func find(
        _ text: UnsafeBufferPointer<UInt8>, _ wanted: StaticString, from start: Int, to end: Int
    ) -> Int? {
        let count = wanted.utf8CodeUnitCount
        let letters = UnsafeBufferPointer(start: wanted.utf8Start, count: count)
        var at = start
        while at + count <= min(end, text.count) {
            if text[at..<at + count].elementsEqual(letters) { return at }
            at += 1
        }
        return nil
    }

    /// Whether an offset stands inside quotes that its line opens.
    private static func isQuoted(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ offset: Int) -> Bool {
        var quote: UInt8?
        for index in start..<offset {
            let byte = text[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                let before = index > start ? text[index - 1] : 0x20
                if before <= 0x20 || before == UInt8(ascii: "[") || before == UInt8(ascii: "{")
                    || before == UInt8(ascii: ",")
                {
                    quote = byte
                }
            }
        }
        return quote != nil
    }

    /// Whether a byte ends what stands before a scalar.
    private static func ends(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, isFlow: Bool) -> Bool {
        let byte = text[at]
        let isBeforeSpace = at + 1 < text.count && text[at + 1] == 0x20
        if (byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")) && isBeforeSpace { return true }
        return isFlow && (byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{"))
    }
}
