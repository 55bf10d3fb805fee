public import Documents

/// An element of an XML file; a cheap value that points into it.
public struct XMLElement: Sendable {
    /// The file it stands in.
    public let file: XMLFile
    let index: Int

    private var record: XMLFile.Record { file.records[index] }
    private var bytes: [UInt8] { file.source.bytes }

    /// The tag's name with its prefix, if it has one.
    public var name: String { String(decoding: bytes[record.start.name], as: UTF8.self) }
    /// The bytes from the start tag to the end tag.
    public var range: Range<Int> { record.range }
    /// The bytes of the start tag.
    public var startTag: Range<Int> { record.start.range }
    /// The bytes of the name in the start tag.
    public var nameRange: Range<Int> { record.start.name }
    /// The place of the whole element.
    public var location: Location { Location(source: file.source, range: range) }
    /// The place of the start tag, which is what diagnostics point at.
    public var tagLocation: Location { Location(source: file.source, range: startTag) }
    /// Whether it is written `<a />`.
    public var isSelfClosing: Bool { record.start.kind == .empty }

    /// The bytes between the start tag and the end tag; empty for `<a />`.
    public var content: Range<Int> {
        guard !isSelfClosing else { return range.upperBound..<range.upperBound }
        var end = range.upperBound - 1
        while bytes[end] != XMLTokenizer.Character.less { end -= 1 }
        return startTag.upperBound..<end
    }

    /// The elements directly in this one.
    public var children: [XMLElement] { record.children.map { XMLElement(file: file, index: $0) } }

    /// The first child with a name.
    public func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The element at the end of a path of child names.
    public func descendant(_ path: String...) -> XMLElement? {
        var element: XMLElement? = self
        for name in path { element = element?.child(name) }
        return element
    }

    /// Every element below this one, in the order of the file.
    public var descendants: [XMLElement] { children.flatMap { [$0] + $0.descendants } }

    /// The text directly in the element, decoded, without white space at its ends.
    public var text: String {
        let parts = record.texts.map { token in
            token.kind == .cdata
                ? String(decoding: bytes[token.range].dropFirst(9).dropLast(3), as: UTF8.self)
                : XMLText.decoded(bytes[token.range])
        }
        return String(
            parts.joined().trimmingPrefix(while: \.isWhitespace).reversed()
                .trimmingPrefix(while: \.isWhitespace).reversed())
    }

    /// The text of a child, nil when there is no such child or it is empty.
    public func text(of child: String) -> String? {
        guard let text = self.child(child)?.text, !text.isEmpty else { return nil }
        return text
    }

    /// Whether it holds neither elements nor text other than white space.
    public var isEmpty: Bool { record.children.isEmpty && text.isEmpty }

    /// Whether nothing but white space stands between its child elements: no text, no comment.
    public var holdsOnlyElements: Bool {
        var at = content.lowerBound
        for child in children {
            guard bytes[at..<child.range.lowerBound].allSatisfy(XMLTokenizer.Character.isSpace) else { return false }
            at = child.range.upperBound
        }
        return bytes[at..<content.upperBound].allSatisfy(XMLTokenizer.Character.isSpace)
    }

    /// The decoded value of an attribute.
    public func attribute(_ name: String) -> String? {
        token(ofAttribute: name).map { XMLText.decoded(bytes[$0.value]) }
    }

    /// The names and decoded values of the attributes, in the order of the file.
    public var attributes: [(name: String, value: String)] {
        record.start.attributes.map {
            (String(decoding: bytes[$0.name], as: UTF8.self), XMLText.decoded(bytes[$0.value]))
        }
    }

    /// Where an attribute stands.
    public func token(ofAttribute name: String) -> XMLToken.Attribute? {
        record.start.attributes.first { bytes[$0.name].elementsEqual(name.utf8) }
    }

    /// The place of an attribute's value, or of the tag when it has no such attribute.
    public func location(ofAttribute name: String) -> Location {
        Location(source: file.source, range: token(ofAttribute: name)?.value ?? startTag)
    }

    /// Where a start tag takes another attribute: after its last one.
    var attributeInsertion: Int { record.start.attributes.last?.range.upperBound ?? nameRange.upperBound }
}
