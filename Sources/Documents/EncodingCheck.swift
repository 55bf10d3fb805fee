/// Finds text that is not UTF-8.
enum EncodingCheck {
    /// Reports a file in UTF-16 or UTF-32, which have marks or zero bytes at their beginning.
    static func reportForeign(_ text: UnsafeBufferPointer<UInt8>, _ problems: inout Problems) -> Bool {
        guard text.count >= 2 else { return false }
        let hasMark = (text[0] == 0xFF && text[1] == 0xFE) || (text[0] == 0xFE && text[1] == 0xFF)
        guard hasMark || (text[0] == 0) != (text[1] == 0) else { return false }
        problems.stop(
            "document/encoding", "the file is UTF-16 or UTF-32; save it as UTF-8", 0..<2)
        return true
    }

    /// Whether the beginning holds so many control characters that it is no text in any encoding of one-byte ASCII.
    static func isBinary(_ bytes: [UInt8]) -> Bool {
        let beginning = bytes.prefix(2048)
        // UTF-16 and UTF-32 are full of zero bytes, and have a message of their own.
        if beginning.count >= 2, (bytes[0] == 0) != (bytes[1] == 0) || bytes[0] >= 0xFE { return false }
        let controls = beginning.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return controls >= 16 && controls * 20 >= beginning.count
    }

    /// The length of the well-formed UTF-8 sequence at an index, 0 where there is none.
    @inline(__always)
    static func sequence(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
        let lead = text[at]
        if lead < 0x80 { return 1 }
        func isContinuation(_ offset: Int) -> Bool { text[at + offset] & 0xC0 == 0x80 }
        switch lead {
        case 0xC2...0xDF:
            return at + 2 <= text.count && isContinuation(1) ? 2 : 0
        case 0xE0...0xEF:
            guard at + 3 <= text.count, isContinuation(1), isContinuation(2) else { return 0 }
            let second = text[at + 1]
            return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ? 0 : 3
        case 0xF0...0xF4:
            guard at + 4 <= text.count, isContinuation(1), isContinuation(2), isContinuation(3) else { return 0 }
            let second = text[at + 1]
            return (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F) ? 0 : 4
        default: return 0
        }
    }

    /// Reports the bytes at an index as no UTF-8 and gives how many to step over.
    static func reportBroken(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ problems: inout Problems) -> Int {
        var end = at + 1
        while end < text.count, end < at + 4, text[end] & 0xC0 == 0x80 { end += 1 }
        let bytes = text[at..<end].map { "0x" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
        let what = bytes.count == 1 ? "the byte \(bytes[0]) is" : "the bytes \(bytes.joined(separator: " ")) are"
        problems.report(
            "document/invalid-utf8", "\(what) not UTF-8", at..<end,
            help: (0x80...0x9F).contains(text[at])
                ? "this looks like Windows-1252; save the file as UTF-8" : "save the file as UTF-8")
        return end - at
    }

    /// Checks that a text is UTF-8 without the control characters that YAML forbids; says whether it is all ASCII.
    static func check(_ text: UnsafeBufferPointer<UInt8>, _ problems: inout Problems) -> Bool {
        var isASCII = true
        var at = 0
        guard let base = text.baseAddress else { return true }
        while at < text.count, problems.isOpen {
            if at + 8 <= text.count {
                let word = UnsafeRawPointer(base).loadUnaligned(fromByteOffset: at, as: UInt64.self)
                let controls = (word &- 0x2020_2020_2020_2020) & ~word
                if (controls | word) & 0x8080_8080_8080_8080 == 0 {
                    at += 8
                    continue
                }
            }
            let byte = text[at]
            if byte >= 0x80 {
                isASCII = false
                let length = sequence(text, at)
                at += length > 0 ? length : reportBroken(text, at, &problems)
                continue
            }
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D {
                let digits = String(byte, radix: 16, uppercase: true)
                problems.report(
                    "document/control-character",
                    "the control character 0x\(digits.count < 2 ? "0" : "")\(digits) is not allowed", at..<at + 1)
            }
            at += 1
        }
        return isASCII
    }
}
