/// The escapes of JSON strings.
enum JSONEscapes {
    /// The bytes of a string's inside after its escapes; what is wrong in it becomes U+FFFD.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.withUnsafeBufferPointer { decode($0) }
    }

    static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            let byte = text[at]
            guard byte == UInt8(ascii: "\\"), at + 1 < text.count else {
                result.append(byte)
                at += 1
                continue
            }
            let escape = text[at + 1]
            at += 2
            if escape == UInt8(ascii: "u") {
                let (scalar, length) = unicode(text, at)
                result += Array(String(Character(scalar)).utf8)
                at += length
            } else {
                result.append(simple(escape) ?? escape)
            }
        }
        return result
    }

    /// The byte that a one-letter escape stands for.
    static func simple(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Four hexadecimal digits at an index, nil when they are not there.
    static func unit(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt32? {
        guard at + 4 <= text.count else { return nil }
        var unit: UInt32 = 0
        for offset in at..<at + 4 {
            guard let digit = hexadecimalValue(text[offset]) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// The scalar of the digits after `\u` (and of the second half of a pair), and how many bytes that takes.
    private static func unicode(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> (Unicode.Scalar, Int) {
        guard let unit = unit(text, at) else { return ("\u{FFFD}", 0) }
        if let scalar = Unicode.Scalar(unit) { return (scalar, 4) }
        if unit < 0xDC00, at + 6 <= text.count, text[at + 4] == UInt8(ascii: "\\"), text[at + 5] == UInt8(ascii: "u"),
            let low = self.unit(text, at + 6), (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        {
            return (scalar, 10)
        }
        return ("\u{FFFD}", 4)
    }
}
