import Documents

/// A text cut at its `${{ }}`.
struct ReferenceText {
    enum Part: Hashable {
        case literal(String)
        /// The path between the braces, and where it is in the text (UTF-8).
        case path(String, Range<Int>)
        /// What is wrong, and where.
        case broken(String, Range<Int>)
    }

    private(set) var parts: [Part] = []

    /// Whether there is something to cut: most texts have no reference and cost one look.
    static func isNeeded(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: "$")) && text.contains("${{") }

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var literal: [UInt8] = []
        var at = 0
        func isOpening(_ at: Int) -> Bool {
            at + 2 < bytes.count && bytes[at] == UInt8(ascii: "$") && bytes[at + 1] == UInt8(ascii: "{")
                && bytes[at + 2] == UInt8(ascii: "{")
        }
        func flush() {
            if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "$"), isOpening(at + 1) {
                literal += bytes[at + 1...at + 3]
                at += 4
            } else if isOpening(at) {
                flush()
                var end = at + 3
                while end + 1 < bytes.count, !(bytes[end] == UInt8(ascii: "}") && bytes[end + 1] == UInt8(ascii: "}")) {
                    end += 1
                }
                guard end + 1 < bytes.count else {
                    parts.append(.broken("'${{' without '}}'", at..<bytes.count))
                    return
                }
                var range = at + 3..<end
                while let first = range.first, bytes[first] == UInt8(ascii: " ") {
                    range = first + 1..<range.upperBound
                }
                while let last = range.last, bytes[last] == UInt8(ascii: " ") { range = range.lowerBound..<last }
                let path = String(decoding: bytes[range], as: UTF8.self)
                if range.isEmpty {
                    parts.append(.broken("'${{ }}' with nothing in it", at..<end + 2))
                } else if Self.isPath(path) {
                    parts.append(.path(path, range))
                } else {
                    parts.append(.broken("'\(path)' is no path", range))
                }
                at = end + 2
            } else {
                literal.append(bytes[at])
                at += 1
            }
        }
        flush()
    }

    /// Whether a text is names with dots between them.
    static func isPath(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    Problems.isLetter(byte) || Problems.isDigit(byte) || "-_/:".utf8.contains(byte)
                }
        }
    }

    /// The text with every `${{` written so that it is taken literally.
    static func escaped(_ text: String) -> String {
        isNeeded(text) ? text.split(separator: "${{", omittingEmptySubsequences: false).joined(separator: "$${{") : text
    }
}

extension Node {
    /// The place of a part of this string (UTF-8 offsets in its text), or of all of it where escapes stand between.
    func location(of range: Range<Int>) -> Location {
        let whole = location
        guard let text = string else { return whole }
        var start = whole.range.lowerBound
        let written = whole.source.bytes[whole.range.clamped(to: 0..<whole.source.bytes.count)]
        if let first = written.first, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") { start += 1 }
        let end = start + text.utf8.count
        guard end <= whole.range.upperBound, whole.source.bytes[start..<end].elementsEqual(text.utf8) else {
            return whole
        }
        return Location(source: whole.source, range: start + range.lowerBound..<start + range.upperBound)
    }
}
