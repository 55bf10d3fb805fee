/// A path in a document's tree, written as RFC 6901 says: `/paths/~1a/get`.
public struct Pointer: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var parts: [String]

    /// The root.
    public init() { parts = [] }

    public init(parts: [String]) { self.parts = parts }

    /// Reads `/paths/~1a/get`; also with a leading `#` and percent signs, as in a reference. Text without a slash at its
    /// beginning is read as if it had one.
    public init(_ text: String) {
        var text = Substring(text)
        var isFragment = false
        if text.first == "#" {
            text = text.dropFirst()
            isFragment = true
        }
        guard !text.isEmpty else {
            parts = []
            return
        }
        if text.first == "/" { text = text.dropFirst() }
        parts = text.split(separator: "/", omittingEmptySubsequences: false).map { part in
            Pointer.unescape(isFragment ? Pointer.percentDecoded(part) : String(part))
        }
    }

    /// This path and one step more.
    public func appending(_ key: String) -> Pointer { Pointer(parts: parts + [key]) }

    /// This path and the element at an index.
    public func appending(_ index: Int) -> Pointer { Pointer(parts: parts + [String(index)]) }

    /// The path without its last step; the root's parent is the root.
    public var parent: Pointer { Pointer(parts: Array(parts.dropLast())) }

    public var description: String {
        var text = ""
        for part in parts {
            text += "/"
            for character in part.unicodeScalars {
                switch character {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(character)
                }
            }
        }
        return text
    }

    public static func < (left: Pointer, right: Pointer) -> Bool { left.parts.lexicographicallyPrecedes(right.parts) }

    private static func unescape(_ part: String) -> String {
        guard part.utf8.contains(UInt8(ascii: "~")) else { return part }
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for character in part.unicodeScalars {
            switch (isEscaped, character) {
            case (true, "0"): result.append("~")
            case (true, "1"): result.append("/")
            case (true, _):
                result.append("~")
                result.append(character)
            case (false, "~"): break
            case (false, _): result.append(character)
            }
            isEscaped = !isEscaped && character == "~"
        }
        if isEscaped { result.append("~") }
        return String(result)
    }

    private static func percentDecoded(_ part: Substring) -> String {
        guard part.utf8.contains(UInt8(ascii: "%")) else { return String(part) }
        let bytes = Array(part.utf8)
        var result: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
                let high = hexadecimalValue(bytes[at + 1]), let low = hexadecimalValue(bytes[at + 2])
            {
                result.append(UInt8(high << 4 | low))
                at += 3
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Pointer: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}

extension Pointer: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// The value of a hexadecimal digit, nil for any other byte.
func hexadecimalValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
