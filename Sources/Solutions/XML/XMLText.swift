/// Text as XML spells it.
public enum XMLText {
    /// Text with `&`, `<` and `>` written as entities.
    public static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Text as it stands between the double quotes of an attribute.
    public static func escapedAttribute(_ text: String) -> String {
        escaped(text).replacing("\"", with: "&quot;").replacing("\n", with: "&#xA;").replacing("\r", with: "&#xD;")
            .replacing("\t", with: "&#x9;")
    }

    /// What a reader sees: references replaced and, as XML demands, line ends as LF.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        guard text.utf8.contains(XMLTokenizer.Character.ampersand) else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&"), let end = rest[start...].firstIndex(of: ";") {
            result += rest[..<start]
            if let character = character(named: String(rest[rest.index(after: start)..<end])) {
                result.unicodeScalars.append(character)
            }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// The character that `&name;` stands for.
    static func character(named name: String) -> Unicode.Scalar? {
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let number, let scalar = Unicode.Scalar(number) else { return nil }
        let isAllowed = number >= 0x20 ? number != 0xFFFE && number != 0xFFFF : [0x9, 0xA, 0xD].contains(number)
        return isAllowed ? scalar : nil
    }
}
