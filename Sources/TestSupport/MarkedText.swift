/// Text with numbered markers (`"uses: 1️⃣openapi.lnt2️⃣"`): the text without them and the byte offset of each.
public struct MarkedText: Sendable, ExpressibleByStringLiteral {
    /// The text without markers.
    public let text: String
    /// The byte offset of each marker, by its digit.
    public let offsets: [Int: Int]

    public init(_ marked: String) {
        var bytes: [UInt8] = []
        var offsets: [Int: Int] = [:]
        for character in marked {
            let scalars = Array(character.unicodeScalars)
            if scalars.count == 3, scalars[1].value == 0xFE0F, scalars[2].value == 0x20E3,
                let digit = character.wholeDigit
            {
                offsets[digit] = bytes.count
            } else {
                bytes += Array(String(character).utf8)
            }
        }
        text = String(decoding: bytes, as: UTF8.self)
        self.offsets = offsets
    }

    public init(stringLiteral value: String) { self.init(value) }

    /// The text's bytes.
    public var bytes: [UInt8] { Array(text.utf8) }

    /// The byte offset of a marker, -1 where the text has none.
    public subscript(_ marker: Int) -> Int { offsets[marker] ?? -1 }

    /// The bytes between two markers.
    public func range(_ first: Int, _ second: Int) -> Range<Int> { self[first]..<max(self[first], self[second]) }
}

extension Character {
    fileprivate var wholeDigit: Int? {
        guard let digit = unicodeScalars.first, ("0"..."9").contains(digit) else { return nil }
        return Int(digit.value - 0x30)
    }
}
