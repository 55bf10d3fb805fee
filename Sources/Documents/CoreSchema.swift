/// YAML 1.2's core schema: which plain scalars are no strings, and what they are worth. JSON's numbers are a part of it.
enum CoreSchema {
    /// What a plain scalar is.
    static func kind(of text: UnsafeBufferPointer<UInt8>) -> (kind: Slot.Kind, marks: Slot.Marks) {
        guard let first = text.first else { return (.null, []) }
        switch first {
        case UInt8(ascii: "~"): return text.count == 1 ? (.null, []) : (.string, [])
        case UInt8(ascii: "n"), UInt8(ascii: "N"):
            return isWord(text, "null", "Null", "NULL") ? (.null, []) : (.string, [])
        case UInt8(ascii: "t"), UInt8(ascii: "T"):
            return isWord(text, "true", "True", "TRUE") ? (.boolean, []) : (.string, [])
        case UInt8(ascii: "f"), UInt8(ascii: "F"):
            return isWord(text, "false", "False", "FALSE") ? (.boolean, []) : (.string, [])
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(text)
        default: return (.string, [])
        }
    }

    /// The value of an integer as JSON or the core schema write it (`12`, `0x1F`, `0o17`).
    static func integer(_ text: String) -> Int? {
        if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8) }
        return Int(text)
    }

    /// The value of a number as JSON or the core schema write it.
    static func number(_ text: String) -> Double? {
        switch text.lowercased() {
        case ".inf", "+.inf": return .infinity
        case "-.inf": return -.infinity
        case ".nan": return .nan
        default: break
        }
        if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8).map(Double.init) }
        if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16).map(Double.init) ?? Double(text) }
        return Double(text)
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>) -> (kind: Slot.Kind, marks: Slot.Marks) {
        if text.count > 2, text[0] == UInt8(ascii: "0"), text[1] == UInt8(ascii: "x") || text[1] == UInt8(ascii: "o") {
            let radix: UInt32 = text[1] == UInt8(ascii: "x") ? 16 : 8
            let isNumber = text.dropFirst(2).allSatisfy { byte in hexadecimalValue(byte).map { $0 < radix } ?? false }
            return isNumber ? (.number, .integer) : (.string, [])
        }
        var at = text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-") ? 1 : 0
        let isSigned = at == 1
        let whole = digits(text, &at)
        if at == text.count { return whole > 0 ? (.number, .integer) : (.string, []) }
        if text[at] == UInt8(ascii: ".") {
            at += 1
            let rest = UnsafeBufferPointer(rebasing: text[at...])
            if whole == 0, isWord(rest, "inf", "Inf", "INF") || (!isSigned && isWord(rest, "nan", "NaN", "NAN")) {
                return (.number, [])
            }
            guard digits(text, &at) + whole > 0 else { return (.string, []) }
        } else if whole == 0 {
            return (.string, [])
        }
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
            guard digits(text, &at) > 0 else { return (.string, []) }
        }
        return at == text.count ? (.number, []) : (.string, [])
    }

    private static func digits(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Int {
        let start = at
        while at < text.count, text[at] &- UInt8(ascii: "0") < 10 { at += 1 }
        return at - start
    }

    private static func isWord(_ text: UnsafeBufferPointer<UInt8>, _ words: StaticString...) -> Bool {
        words.contains { word in
            word.utf8CodeUnitCount == text.count
                && UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount).elementsEqual(text)
        }
    }
}
