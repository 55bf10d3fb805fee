public import Documents

/// Cuts XML into tokens without changing, joining or dropping a byte, and says where it is not well formed.
///
/// Document type definitions are refused: with them go entity bombs and references to other files.
public struct XMLTokenizer: Sendable {
    /// The file that is read.
    public let source: Source
    let bytes: [UInt8]
    private(set) var at: Int

    /// Begins after the byte order mark, if the file has one.
    public init(_ source: Source) {
        self.source = source
        bytes = source.bytes
        at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next token, or nil at the end of the file.
    public mutating func next() throws(Diagnostic) -> XMLToken? {
        guard at < bytes.count else { return nil }
        guard bytes[at] == Character.less else { return try text() }
        if starts(with: "<!--") { return try comment() }
        if starts(with: "<![CDATA[") { return try delimited(.cdata, "]]>", "CDATA section") }
        if starts(with: "<?") { return try instruction() }
        if starts(with: "<!") {
            throw problem("xml/doctype", "document type definitions are not read", at..<min(at + 9, bytes.count))
        }
        if starts(with: "</") { return try endTag() }
        return try startTag()
    }

    private mutating func text() throws(Diagnostic) -> XMLToken {
        let start = at
        while at < bytes.count, bytes[at] != Character.less {
            if bytes[at] == Character.ampersand {
                at = try reference(at)
            } else if bytes[at] == Character.greater, at >= start + 2, bytes[at - 1] == 0x5D, bytes[at - 2] == 0x5D {
                throw problem("xml/stray-cdata-end", "']]>' may not stand in text", at - 2..<at + 1)
            } else {
                try checkCharacter()
                at += 1
            }
        }
        return XMLToken(kind: .text, range: start..<at, name: start..<start, attributes: [])
    }

    private mutating func comment() throws(Diagnostic) -> XMLToken {
        let token = try delimited(.comment, "-->", "comment")
        let inner = bytes[token.range].dropFirst(4).dropLast(3)
        for index in inner.indices.dropLast() where inner[index] == 0x2D && inner[index + 1] == 0x2D {
            throw problem("xml/comment", "'--' may not stand in a comment", index..<index + 2)
        }
        return token
    }

    private mutating func instruction() throws(Diagnostic) -> XMLToken {
        let start = at
        var token = try delimited(.instruction, "?>", "processing instruction")
        let name = bytes[token.range].dropFirst(2).prefix { Character.isName($0) }
        guard !name.isEmpty else {
            throw problem("xml/instruction", "a processing instruction needs a name", token.range)
        }
        if String(decoding: name, as: UTF8.self).lowercased() == "xml" {
            let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            guard start == mark else {
                throw problem("xml/declaration", "the XML declaration must be the first thing in the file", token.range)
            }
            token.kind = .declaration
        }
        token.name = name.startIndex..<name.endIndex
        return token
    }

    private mutating func delimited(
        _ kind: XMLToken.Kind, _ end: StaticString, _ what: String
    ) throws(Diagnostic) -> XMLToken {
        let start = at
        at += kind == .comment ? 4 : kind == .cdata ? 9 : 2
        while at < bytes.count, !starts(with: end) {
            try checkCharacter()
            at += 1
        }
        guard at < bytes.count else {
            throw problem("xml/unclosed", "the \(what) is not closed", start..<min(start + 9, bytes.count))
        }
        at += end.utf8CodeUnitCount
        return XMLToken(kind: kind, range: start..<at, name: start..<start, attributes: [])
    }

    private mutating func endTag() throws(Diagnostic) -> XMLToken {
        let start = at
        at += 2
        let name = try name("a tag needs a name")
        skipSpace()
        guard at < bytes.count, bytes[at] == Character.greater else {
            throw problem("xml/tag", "the end tag '\(string(name))' is not closed with '>'", start..<at)
        }
        at += 1
        return XMLToken(kind: .end, range: start..<at, name: name, attributes: [])
    }

    private mutating func startTag() throws(Diagnostic) -> XMLToken {
        let start = at
        at += 1
        let name = try name("a tag needs a name; a '<' in text is written '&lt;'")
        var attributes: [XMLToken.Attribute] = []
        while true {
            let gap = at
            skipSpace()
            guard at < bytes.count else {
                throw problem("xml/unclosed", "the tag '\(string(name))' is not closed", start..<name.upperBound)
            }
            if bytes[at] == Character.greater {
                at += 1
                return XMLToken(kind: .start, range: start..<at, name: name, attributes: attributes)
            }
            if starts(with: "/>") {
                at += 2
                return XMLToken(kind: .empty, range: start..<at, name: name, attributes: attributes)
            }
            guard at > gap else {
                throw problem("xml/tag", "the tag '\(string(name))' holds an unexpected character", at..<at + 1)
            }
            attributes.append(try attribute(gap, after: attributes))
        }
    }

    private mutating func attribute(
        _ gap: Int, after others: [XMLToken.Attribute]
    ) throws(Diagnostic) -> XMLToken.Attribute {
        let name = try name("an attribute needs a name")
        skipSpace()
        guard at < bytes.count, bytes[at] == 0x3D else {
            throw problem("xml/attribute", "the attribute '\(string(name))' has no value", name)
        }
        at += 1
        skipSpace()
        guard at < bytes.count, bytes[at] == 0x22 || bytes[at] == 0x27 else {
            throw problem("xml/attribute", "the value of the attribute '\(string(name))' is not quoted", name)
        }
        let quote = bytes[at]
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != quote {
            if bytes[at] == Character.less {
                throw problem("xml/attribute", "'<' in an attribute is written '&lt;'", at..<at + 1)
            }
            if bytes[at] == Character.ampersand {
                at = try reference(at)
            } else {
                try checkCharacter()
                at += 1
            }
        }
        guard at < bytes.count else {
            throw problem("xml/unclosed", "the value of the attribute '\(string(name))' is not closed", name)
        }
        if others.contains(where: { bytes[$0.name].elementsEqual(bytes[name]) }) {
            throw problem("xml/duplicate-attribute", "the attribute '\(string(name))' is there twice", name)
        }
        at += 1
        return XMLToken.Attribute(name: name, value: start..<at - 1, range: gap..<at)
    }

    private mutating func name(_ missing: String) throws(Diagnostic) -> Range<Int> {
        let start = at
        guard at < bytes.count, Character.isNameStart(bytes[at]) else {
            throw problem("xml/name", missing, start..<min(start + 1, bytes.count))
        }
        while at < bytes.count, Character.isName(bytes[at]) { at += 1 }
        return start..<at
    }

    /// The offset after the reference that begins here.
    private func reference(_ start: Int) throws(Diagnostic) -> Int {
        var end = start + 1
        while end < bytes.count, end - start < 12, bytes[end] != 0x3B,
            Character.isName(bytes[end]) || bytes[end] == 0x23
        {
            end += 1
        }
        guard end < bytes.count, bytes[end] == 0x3B else {
            throw problem("xml/reference", "'&' is written '&amp;'", start..<start + 1)
        }
        let name = string(start + 1..<end)
        guard XMLText.character(named: name) != nil else {
            throw problem("xml/reference", "there is no entity '&\(name);'", start..<end + 1)
        }
        return end + 1
    }

    private func checkCharacter() throws(Diagnostic) {
        let byte = bytes[at]
        if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D {
            throw problem("xml/control-character", "a control character (\(byte)) may not stand in XML", at..<at + 1)
        }
    }

    private mutating func skipSpace() {
        while at < bytes.count, Character.isSpace(bytes[at]) { at += 1 }
    }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        return text.withUTF8Buffer { buffer in
            for index in 0..<count where bytes[at + index] != buffer[index] { return false }
            return true
        }
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func problem(_ code: String, _ message: String, _ range: Range<Int>) -> Diagnostic {
        Diagnostic(code, message, at: Location(source: source, range: range))
    }

    /// The bytes that matter to XML.
    enum Character {
        static let less = UInt8(ascii: "<")
        static let greater = UInt8(ascii: ">")
        static let ampersand = UInt8(ascii: "&")

        static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

        static func isNameStart(_ byte: UInt8) -> Bool {
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || byte == 0x5F || byte == 0x3A || byte >= 0x80
        }

        static func isName(_ byte: UInt8) -> Bool {
            isNameStart(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E
        }
    }
}
