/// What the reader says and does where the text is not JSON.
extension JSONReader {
    mutating func recoverAfterValue(_ byte: UInt8) {
        if skipComment(byte) { return }
        let frame = frames[frames.count - 1]
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
            reportMismatch(byte)
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "'") || Self.isWordByte(byte)
        {
            let name = frame.isMap ? "members" : "elements"
            problems.report(
                "document/missing-comma", "a comma is missing between two \(name)", at..<at + 1,
                fixIts: [problems.fix("insert a comma", valueEnd..<valueEnd, ",")])
            expectation = frame.isMap ? .key : .element
        } else {
            reportUnexpected(frame.isMap ? "',' or '}'" : "',' or ']'")
        }
    }

    mutating func recoverKey(_ byte: UInt8) {
        if skipComment(byte) { return }
        if byte == UInt8(ascii: "}") {
            reportTrailingComma()
            close()
        } else if byte == UInt8(ascii: ",") {
            reportExtraComma()
        } else if byte == UInt8(ascii: "'") {
            let slot = tape.count
            guard readSingleQuoted() else { return }
            keys.append(slot, tape[slot], text)
            expectation = .colon
        } else if Self.isWordByte(byte) || byte == UInt8(ascii: "-") {
            let start = at
            skipWord()
            problems.report(
                "document/unquoted-key", "the key '\(shown(start..<at))' must stand in double quotes", start..<at,
                fixIts: [problems.fix("put it in quotes", start..<at, "\"\(shown(start..<at))\"")])
            keys.append(tape.count, Slot(.string, start..<at), text)
            tape.append(Slot(.string, start..<at))
            expectation = .colon
        } else if byte == UInt8(ascii: "]") {
            reportMismatch(byte)
        } else {
            reportUnexpected("a key in double quotes")
        }
    }

    mutating func recoverColon(_ byte: UInt8) {
        if skipComment(byte) { return }
        let key = tape[tape.count - 1].range
        if byte == UInt8(ascii: "=") {
            problems.report(
                "document/missing-colon", "a ':' is expected between key and value, not '='", at..<at + 1,
                fixIts: [problems.fix("write ':'", at..<at + 1, ":")])
            at += 1
            expectation = .value
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
            || Self.isWordByte(byte) || byte == UInt8(ascii: "-")
        {
            problems.report(
                "document/missing-colon", "a ':' is missing after the key \(shown(key))", at..<at + 1,
                fixIts: [problems.fix("insert a colon", key.upperBound..<key.upperBound, ":")])
            expectation = .value
        } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") {
            problems.report("document/missing-value", "the key \(shown(key)) has no value", key)
            appendMissing()
        } else {
            reportUnexpected("':'")
        }
    }

    mutating func recoverValue(_ byte: UInt8) {
        if skipComment(byte) { return }
        switch byte {
        case UInt8(ascii: "]") where expectation == .element && !frames[frames.count - 1].isMap:
            reportTrailingComma()
            close()
        case UInt8(ascii: ",") where expectation != .value:
            reportExtraComma()
        case UInt8(ascii: ","), UInt8(ascii: "}"):
            guard expectation == .value, !frames.isEmpty else {
                byte == UInt8(ascii: ",") ? reportUnexpected("a value") : reportMismatch(byte)
                return
            }
            problems.report("document/missing-value", "a value is missing before '\(shown(at..<at + 1))'", at..<at + 1)
            appendMissing()
        case UInt8(ascii: "]"):
            reportMismatch(byte)
        case UInt8(ascii: "'"):
            if readSingleQuoted() { didReadValue() }
        case UInt8(ascii: "+"), UInt8(ascii: "."):
            reportNumber()
            didReadValue()
        case _ where Self.isWordByte(byte) && isLetter():
            reportWord()
            didReadValue()
        default:
            reportUnexpected("a value")
        }
    }

    mutating func recoverAfterRoot(_ byte: UInt8) {
        if skipComment(byte) { return }
        problems.stop(
            "document/trailing-content", "a JSON file holds one value; this stands after its end", at..<at + 1,
            notes: [Diagnostic.Note("the value ends here", at: problems.location(valueEnd - 1..<valueEnd))])
    }

    /// Whether a letter or digit of any script stands here.
    private func isLetter() -> Bool {
        let length = EncodingCheck.sequence(text, at)
        guard length > 0, let scalar = shown(at..<at + length).unicodeScalars.first else { return false }
        return length == 1
            ? Self.isWordByte(text[at]) : scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// The end of what was read, without space.
    func lastEnd() -> Int {
        var end = at
        while end > 0, text[end - 1] <= 0x20 { end -= 1 }
        return max(end, 1)
    }

    private mutating func appendMissing() {
        tape.append(Slot(.null, at..<at))
        didReadValue()
    }

    private mutating func skipWord() {
        while at < text.count,
            Self.isWordByte(text[at]) || text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: ".")
        {
            if text[at] >= 0x80, EncodingCheck.sequence(text, at) == 0 {
                at += EncodingCheck.reportBroken(text, at, &problems)
            } else {
                at += EncodingCheck.sequence(text, at)
            }
        }
    }

    private mutating func reportWord() {
        let start = at
        skipWord()
        let word = shown(start..<at)
        let meant: String? =
            switch word.lowercased() {
            case "true", "yes", "on": "true"
            case "false", "no", "off": "false"
            case "null", "none", "nil", "undefined": "null"
            default: nil
            }
        switch meant {
        case let meant?:
            problems.report(
                "document/unknown-word", "'\(word)' is no value of JSON", start..<at,
                fixIts: [problems.fix("write '\(meant)'", start..<at, meant)], help: "did you mean '\(meant)'?")
        case nil where word == "NaN" || word == "Infinity":
            problems.report("document/bad-number", "JSON has no '\(word)'", start..<at)
        case nil:
            problems.report(
                "document/unknown-word", "'\(word.prefix(40))' is no value of JSON; text stands in double quotes",
                start..<at)
        }
        tape.append(Slot(meant == "true" || meant == "false" ? .boolean : .null, start..<at))
    }

    /// Reads a string in single quotes up to the end of the line, and says that it must have double ones.
    private mutating func readSingleQuoted() -> Bool {
        let start = at
        var cursor = at + 1
        while cursor < text.count, text[cursor] != UInt8(ascii: "'"), text[cursor] != 0x0A, text[cursor] != 0x0D {
            cursor += text[cursor] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard cursor < text.count, text[cursor] == UInt8(ascii: "'") else {
            reportUnexpected("a string in double quotes")
            return false
        }
        at = cursor + 1
        let inside = shown(start + 1..<cursor)
        let isSimple = !inside.contains("\"") && !inside.contains("\\")
        problems.report(
            "document/single-quotes", "strings of JSON stand in double quotes", start..<at,
            fixIts: isSimple ? [problems.fix("use double quotes", start..<at, "\"\(inside)\"")] : [])
        tape.append(Slot(.string, start..<at, marks: isSimple ? .quoted : [.quoted, .escaped]))
        return true
    }

    /// Steps over a comment, and says that JSON has none.
    private mutating func skipComment(_ byte: UInt8) -> Bool {
        let start = at
        if byte == UInt8(ascii: "#") {
            skipLine()
        } else if byte == UInt8(ascii: "/"), at + 1 < text.count, text[at + 1] == UInt8(ascii: "/") {
            skipLine()
        } else if byte == UInt8(ascii: "/"), at + 1 < text.count, text[at + 1] == UInt8(ascii: "*") {
            at += 2
            while at < text.count,
                !(text[at] == UInt8(ascii: "/") && text[at - 1] == UInt8(ascii: "*") && at > start + 2)
            {
                at += 1
            }
            at = min(at + 1, text.count)
        } else {
            return false
        }
        problems.report(
            "document/comment", "JSON has no comments", start..<at,
            fixIts: [problems.fix("remove the comment", start..<at, "")])
        return true
    }

    private mutating func skipLine() {
        while at < text.count, text[at] != 0x0A, text[at] != 0x0D { at += 1 }
    }

    private func lastComma() -> Int? {
        var index = at - 1
        while index >= 0, text[index] <= 0x20 { index -= 1 }
        return index >= 0 && text[index] == UInt8(ascii: ",") ? index : nil
    }

    private mutating func reportTrailingComma() {
        let closer = shown(at..<at + 1)
        if let comma = lastComma() {
            problems.report(
                "document/trailing-comma", "no comma may stand before '\(closer)'", comma..<comma + 1,
                fixIts: [problems.fix("remove the comma", comma..<comma + 1, "")])
        } else {
            problems.report("document/trailing-comma", "no comma may stand before '\(closer)'", at..<at + 1)
        }
    }

    private mutating func reportExtraComma() {
        problems.report(
            "document/extra-comma", "there is nothing before this comma", at..<at + 1,
            fixIts: [problems.fix("remove the comma", at..<at + 1, "")])
        at += 1
        if expectation == .keyOrEnd { expectation = .key }
        if expectation == .elementOrEnd { expectation = .element }
    }

    private mutating func reportMismatch(_ byte: UInt8) {
        guard let frame = frames.last else {
            reportUnexpected("a value")
            return
        }
        let start = tape[frame.slot].range.lowerBound
        problems.stop(
            "document/mismatched-bracket",
            "'\(frame.isMap ? "{" : "[")' is closed by '\(frame.isMap ? "}" : "]")', not by '\(shown(at..<at + 1))'",
            at..<at + 1,
            notes: [Diagnostic.Note("it is opened here", at: problems.location(start..<start + 1))])
    }

    private mutating func reportUnexpected(_ expected: String) {
        let length = EncodingCheck.sequence(text, at)
        if length == 0 {
            _ = EncodingCheck.reportBroken(text, at, &problems)
            problems.stop("document/invalid-utf8", "reading stopped here", at..<at + 1)
            return
        }
        let character = shown(at..<at + length)
        let code = character.unicodeScalars.first.map { String($0.value, radix: 16, uppercase: true) } ?? ""
        let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
        let found = isLetter() || length == 1 && text[at] > 0x20 && text[at] < 0x7F ? "'\(character)'" : name
        problems.stop("document/unexpected-character", "\(expected) is expected here, not \(found)", at..<at + length)
    }
}
