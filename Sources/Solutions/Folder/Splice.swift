import Documents

/// Moving a component's element between its own file and `customizations.xml`.
enum Splice {
    static let namespace = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""

    /// What stands before the element in a component's file.
    static func heading(_ lineEnd: [UInt8]) -> [UInt8] {
        [0xEF, 0xBB, 0xBF] + Array("<?xml version=\"1.0\" encoding=\"utf-8\"?>".utf8) + lineEnd
    }

    /// Drops the namespace declaration, which the outer file makes for all components.
    static func withoutNamespace(_ element: XMLElement) -> ByteEdits {
        var edits = ByteEdits()
        if let attribute = element.token(ofAttribute: "xmlns:xsi") {
            edits.replace(attribute.range, with: [UInt8]())
        }
        return edits
    }

    /// Adds the namespace declaration, so that the file can stand alone.
    static func withNamespace(_ element: XMLElement) -> ByteEdits {
        var edits = ByteEdits()
        if element.token(ofAttribute: "xmlns:xsi") == nil {
            edits.insert(Array(namespace.utf8), at: element.attributeInsertion)
        }
        return edits
    }

    /// The bytes of a component's own file, made from its element in a section.
    static func file(_ element: XMLElement) -> [UInt8] {
        let bytes = element.file.source.bytes
        let depth = XMLLayout.indentation(before: element.range.lowerBound, in: bytes)?.count ?? 0
        return heading(XMLLayout.lineEnd(of: bytes))
            + XMLLayout.moved(element, by: -depth, edits: withNamespace(element))
    }

    /// Puts elements into an empty section, each on lines of its own, two spaces deeper.
    static func fill(_ section: XMLElement, with items: [XMLElement], _ edits: inout ByteEdits) {
        let bytes = section.file.source.bytes
        let lineEnd = XMLLayout.lineEnd(of: bytes)
        let indentation = XMLLayout.indentation(before: section.range.lowerBound, in: bytes) ?? []
        let tag = section.name
        let attributes = bytes[section.nameRange.upperBound..<section.attributeInsertion]
        var content = Array("<\(tag)".utf8) + attributes + Array(">".utf8)
        for item in items {
            let present = XMLLayout.indentation(before: item.range.lowerBound, in: item.file.source.bytes)?.count ?? 0
            content += lineEnd + indentation + [0x20, 0x20]
            content += XMLLayout.moved(
                item, by: indentation.count + 2 - present, edits: withoutNamespace(item), lineEnd: lineEnd)
        }
        edits.replace(section.range, with: content + lineEnd + indentation + Array("</\(tag)>".utf8))
    }
}
