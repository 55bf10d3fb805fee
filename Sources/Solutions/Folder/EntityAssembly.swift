import Documents
import Zip

/// A table's element and the files that its forms, views and ribbon are kept in.
enum EntityAssembly {
    /// Puts forms, views and ribbon into the table's element; gives the bytes of a whole `Entity.xml`.
    ///
    /// Forms and views go in by their identifiers: their order means nothing, and no tool keeps it.
    static func assemble(
        _ entity: XMLFile, forms: [(kind: String, file: XMLFile)], queries: [XMLFile], ribbon: XMLFile?
    ) throws(Rejected) -> [UInt8] {
        let bytes = entity.source.bytes
        let lineEnd = XMLLayout.lineEnd(of: bytes)
        var edits = ByteEdits()
        var problems: [Diagnostic] = []
        func fill(_ name: String, _ first: XMLFile, _ content: [UInt8]) {
            guard let place = entity.root.child(name) else {
                problems.append(
                    Diagnostic(
                        "solution/entity", "'\(entity.source.name)' has no element '\(name)' for this file",
                        at: first.root.tagLocation))
                return
            }
            guard place.isEmpty else {
                problems.append(
                    Diagnostic(
                        "solution/entity", "'\(name)' holds something, and there are files for it too",
                        at: place.tagLocation, notes: [.init("such as this one", at: first.root.tagLocation)]))
                return
            }
            edits.replace(place.range, with: content)
        }
        if let first = forms.first {
            fill("FormXml", first.file, wrapped("FormXml", 2, formGroups(forms, lineEnd), lineEnd))
        }
        if let first = queries.first {
            let views = queries.flatMap { items($0, by: 4, lineEnd) }
            fill(
                "SavedQueries", first, wrapped("SavedQueries", 2, [wrapped("savedqueries", 4, views, lineEnd)], lineEnd)
            )
        }
        if let ribbon {
            fill(
                "RibbonDiffXml", ribbon,
                XMLLayout.moved(ribbon.root, by: 2, edits: Splice.withoutNamespace(ribbon.root), lineEnd: lineEnd))
        }
        guard problems.isEmpty else { throw Rejected(problems) }
        return edits.applied(to: bytes)
    }

    /// Takes forms, views and ribbon out of a table's file; gives the file without them and the files that hold them.
    ///
    /// What has no shape that the files can give back stays where it is.
    static func split(_ entity: XMLFile, folder: String) -> [ZipEntry] {
        let bytes = entity.source.bytes
        let lineEnd = XMLLayout.lineEnd(of: bytes)
        var edits = ByteEdits()
        var files: [ZipEntry] = []
        if let section = entity.root.child("FormXml"), let parts = forms(of: section) {
            for (kind, form, id) in parts {
                let content = wrapped("forms", 0, [XMLLayout.moved(form, by: -4)], lineEnd, namespace: true)
                files.append(
                    ZipEntry(name: "\(folder)/FormXml/\(kind)/\(id).xml", bytes: Splice.heading(lineEnd) + content))
            }
            edits.replace(section.range, with: "<FormXml />")
        }
        if let section = entity.root.child("SavedQueries"), let parts = queries(of: section) {
            for (query, id) in parts {
                let content = wrapped("savedqueries", 0, [XMLLayout.moved(query, by: -4)], lineEnd, namespace: true)
                files.append(
                    ZipEntry(name: "\(folder)/SavedQueries/\(id).xml", bytes: Splice.heading(lineEnd) + content))
            }
            edits.replace(section.range, with: "<SavedQueries />")
        }
        if let ribbon = entity.root.child("RibbonDiffXml"), !ribbon.isEmpty, ribbon.attributes.isEmpty {
            let content = XMLLayout.moved(ribbon, by: -2, edits: Splice.withNamespace(ribbon))
            files.append(ZipEntry(name: "\(folder)/RibbonDiff.xml", bytes: Splice.heading(lineEnd) + content))
            edits.replace(ribbon.range, with: "<RibbonDiffXml />")
        }
        return [ZipEntry(name: "\(folder)/Entity.xml", bytes: edits.applied(to: bytes))] + files
    }

    private static func forms(of section: XMLElement) -> [(kind: String, form: XMLElement, id: String)]? {
        var result: [(kind: String, form: XMLElement, id: String)] = []
        var names: Set<String> = []
        guard !section.children.isEmpty, section.holdsOnlyElements else { return nil }
        for group in section.children {
            guard group.name == "forms", group.attributes.map(\.name) == ["type"], let kind = group.attribute("type"),
                !group.children.isEmpty, group.holdsOnlyElements
            else { return nil }
            for form in group.children {
                guard form.name == "systemform", let id = form.text(of: "formid"),
                    names.insert(id.lowercased()).inserted
                else { return nil }
                result.append((kind, form, id))
            }
        }
        return result
    }

    private static func queries(of section: XMLElement) -> [(query: XMLElement, id: String)]? {
        guard section.children.count == 1, let group = section.child("savedqueries"), group.attributes.isEmpty,
            !group.children.isEmpty, section.holdsOnlyElements, group.holdsOnlyElements
        else { return nil }
        var result: [(query: XMLElement, id: String)] = []
        var names: Set<String> = []
        for query in group.children {
            guard query.name == "savedquery", let id = query.text(of: "savedqueryid"),
                names.insert(id.lowercased()).inserted
            else { return nil }
            result.append((query, id))
        }
        return result
    }

    private static func formGroups(_ forms: [(kind: String, file: XMLFile)], _ lineEnd: [UInt8]) -> [[UInt8]] {
        var kinds: [String] = []
        for form in forms where !kinds.contains(form.kind) { kinds.append(form.kind) }
        return kinds.map { kind in
            let same = forms.filter { $0.kind == kind }.flatMap { items($0.file, by: 4, lineEnd) }
            return wrapped("forms", 4, same, lineEnd, attributes: " type=\"\(XMLText.escapedAttribute(kind))\"")
        }
    }

    private static func items(_ file: XMLFile, by spaces: Int, _ lineEnd: [UInt8]) -> [[UInt8]] {
        file.root.children.map { XMLLayout.moved($0, by: spaces, lineEnd: lineEnd) }
    }

    /// An element around items; the items already stand two spaces deeper.
    private static func wrapped(
        _ name: String, _ depth: Int, _ items: [[UInt8]], _ lineEnd: [UInt8], attributes: String = "",
        namespace: Bool = false
    ) -> [UInt8] {
        let space = [UInt8](repeating: 0x20, count: depth)
        var result = Array("<\(name)\(attributes)\(namespace ? Splice.namespace : "")>".utf8)
        for item in items { result += lineEnd + space + [0x20, 0x20] + item }
        return result + lineEnd + space + Array("</\(name)>".utf8)
    }
}
