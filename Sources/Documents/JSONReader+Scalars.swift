extension JSONReader {
    /// Reads a string whose opening quote stands here.
    @inline(__always)
    mutating func readString() {
        let start = at
        var cursor = at + 1
        var marks: Slot.Marks = .quoted
        while true {
            if let word = word(cursor) {
                let stop = Self.stops(word)
                if stop == 0 {
                    cursor += 8
                    continue
                }
                cursor += stop.trailingZeroBitCount >> 3
            } else if cursor >= text.count {
                at = cursor
                reportUnclosed(start)
                return
            }
            let byte = text[cursor]
            if byte == UInt8(ascii: "\"") {
                break
            } else if byte >= 0x80 {
                let length = EncodingCheck.sequence(text, cursor)
                cursor += length > 0 ? length : EncodingCheck.reportBroken(text, cursor, &problems)
            } else if byte == UInt8(ascii: "\\") {
                marks.insert(.escaped)
                cursor = readEscape(cursor)
            } else if byte < 0x20 {
                guard byte != 0x0A, byte != 0x0D else {
                    at = cursor
                    reportUnclosed(start)
                    return
                }
                reportControl(byte, cursor)
                cursor += 1
            } else {
                cursor += 1
            }
        }
        at = cursor + 1
        tape.append(Slot(.string, start..<at, marks: marks))
    }

    /// Marks (in the high bits) the bytes of a word that end a run of plain text: quote, backslash, control, non-ASCII.
    /// The lowest mark is right; one above it may be false.
    @inline(__always)
    private static func stops(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let quotes = (quote &- ones) & ~quote
        let backslashes = (backslash &- ones) & ~backslash
        let controls = (word &- (ones &* 0x20)) & ~word
        return (quotes | backslashes | controls | word) & (ones &* 0x80)
    }

    /// Checks the escape at a backslash and gives the index after it.
    private mutating func readEscape(_ start: Int) -> Int {
        guard start + 1 < text.count else { return start + 1 }
        let letter = text[start + 1]
        if JSONEscapes.simple(letter) != nil { return start + 2 }
        guard letter == UInt8(ascii: "u") else {
            if letter < 0x20 { return start + 1 }
            let length = max(EncodingCheck.sequence(text, start + 1), 1)
            let end = start + 1 + length
            problems.report(
                "document/bad-escape", "'\(shown(start..<end))' is no escape of JSON", start..<end,
                fixIts: [problems.fix("write the backslash twice", start..<start + 1, "\\\\")])
            return end
        }
        guard let unit = JSONEscapes.unit(text, start + 2) else {
            var end = start + 2
            while end < text.count, end < start + 6, hexadecimalValue(text[end]) != nil { end += 1 }
            problems.report(
                "document/bad-escape", "'\\u' needs four hexadecimal digits", start..<end)
            return end
        }
        let end = start + 6
        guard (0xD800...0xDFFF).contains(unit) else { return end }
        if unit < 0xDC00, end + 2 <= text.count, text[end] == UInt8(ascii: "\\"), text[end + 1] == UInt8(ascii: "u"),
            let low = JSONEscapes.unit(text, end + 2), (0xDC00...0xDFFF).contains(low)
        {
            return end + 6
        }
        problems.report(
            "document/lone-surrogate", "'\(shown(start..<end))' is half of a surrogate pair without its other half",
            start..<end)
        return end
    }

    private mutating func reportControl(_ byte: UInt8, _ offset: Int) {
        let digits = String(byte, radix: 16, uppercase: true)
        let escape = byte == 0x09 ? "\\t" : "\\u00" + (digits.count < 2 ? "0" : "") + digits
        let name = byte == 0x09 ? "a tab" : "the control character \(escape)"
        problems.report(
            "document/control-character", "\(name) inside a string must be written as '\(escape)'", offset..<offset + 1,
            fixIts: [problems.fix("write '\(escape)'", offset..<offset + 1, escape)])
    }

    private mutating func reportUnclosed(_ start: Int) {
        let end = min(at, text.count)
        if end == text.count {
            problems.stop("document/truncated", "the file ends inside a string", start..<end)
        } else {
            problems.stop(
                "document/unclosed-string", "the string is not closed on its line", start..<end,
                help: "close it with '\"', or write a line break inside it as '\\n'")
        }
    }

    /// Reads a number that begins here.
    @inline(__always)
    mutating func readNumber() {
        let start = at
        var cursor = at
        var marks: Slot.Marks = .integer
        if text[cursor] == UInt8(ascii: "-") { cursor += 1 }
        let whole = cursor
        skipDigits(&cursor)
        var isGood = cursor > whole && (cursor == whole + 1 || text[whole] != UInt8(ascii: "0"))
        if cursor < text.count, text[cursor] == UInt8(ascii: ".") {
            marks = []
            cursor += 1
            let fraction = cursor
            skipDigits(&cursor)
            if cursor == fraction { isGood = false }
        }
        var hasExponent = false
        if cursor < text.count, text[cursor] | 0x20 == UInt8(ascii: "e") {
            marks = []
            hasExponent = true
            cursor += 1
            if cursor < text.count, text[cursor] == UInt8(ascii: "+") || text[cursor] == UInt8(ascii: "-") {
                cursor += 1
            }
            let exponent = cursor
            skipDigits(&cursor)
            if cursor == exponent { isGood = false }
        }
        if cursor < text.count, Self.isWordByte(text[cursor]) || text[cursor] == UInt8(ascii: ".") { isGood = false }
        guard isGood else {
            reportNumber()
            return
        }
        at = cursor
        if hasExponent || cursor - start > 300 { checkMagnitude(start..<cursor) }
        tape.append(Slot(.number, start..<cursor, marks: marks))
    }

    @inline(__always)
    private func skipDigits(_ cursor: inout Int) {
        while cursor < text.count, text[cursor] &- UInt8(ascii: "0") < 10 { cursor += 1 }
    }

    private mutating func checkMagnitude(_ range: Range<Int>) {
        let written = shown(range)
        if let value = Double(written), value.isFinite { return }
        problems.report(
            "document/number-range",
            "the number '\(written.prefix(40))' is too large for a 64-bit floating-point number", range)
    }

    /// Steps over something that looks like a number but is none, and says why.
    mutating func reportNumber() {
        let start = at
        while at < text.count {
            let byte = text[at]
            guard
                Self.isWordByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
                    || byte == UInt8(ascii: "-")
            else { break }
            at += 1
        }
        let written = shown(start..<at)
        let digits = written.drop { $0 == "-" || $0 == "+" }
        var fixIts: [FixIt] = []
        func replaceable(_ replacement: some StringProtocol) {
            if Self.isNumber(replacement) {
                fixIts = [problems.fix("write '\(replacement)'", start..<at, String(replacement))]
            }
        }
        let why: String
        if written.hasPrefix("+") {
            why = "a number of JSON has no plus sign"
            replaceable(written.dropFirst())
        } else if digits.hasPrefix(".") {
            why = "a number of JSON begins with a digit"
            replaceable((written.hasPrefix("-") ? "-0" : "0") + digits)
        } else if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            why = "JSON has no hexadecimal numbers"
            if let value = Int(digits.dropFirst(2), radix: 16) { replaceable(String(value)) }
        } else if digits.count > 1, digits.first == "0", digits.dropFirst().first?.isNumber == true {
            why = "a number of JSON has no zeros at its beginning"
            let rest = digits.drop { $0 == "0" }
            replaceable((written.hasPrefix("-") ? "-" : "") + (rest.first?.isNumber == true ? "" : "0") + rest)
        } else if written.hasSuffix(".") {
            why = "a digit is missing after the point"
            replaceable(written.dropLast())
        } else {
            why = "this is no number of JSON"
        }
        problems.report("document/bad-number", "'\(written.prefix(40))': \(why)", start..<at, fixIts: fixIts)
        tape.append(Slot(.number, start..<at))
    }

    /// Whether text is a number by the grammar of JSON.
    static func isNumber(_ text: some StringProtocol) -> Bool {
        var rest = text.utf8[...]
        func digits() -> Int {
            let count = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let isZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || (whole > 1 && !isZero) else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// The text of a range for a message.
    func shown(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
