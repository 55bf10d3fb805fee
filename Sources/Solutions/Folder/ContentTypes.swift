import Zip

/// The part `[Content_Types].xml`, which every package has and no folder keeps.
enum ContentTypes {
    /// Made from the other entries in their order, as the writer does it whose manner `customizations.xml` has.
    ///
    /// pac gives XML files with an XML declaration and types component files one by one; the server does neither.
    static func entry(for entries: [ZipEntry]) -> ZipEntry {
        let isServer = entries.first.map {
            !$0.bytes.starts(with: [0xEF, 0xBB, 0xBF]) && !$0.bytes.starts(with: Array("<?xml".utf8))
        }
        let binary = "application/octet-stream"
        let xml = isServer == true ? binary : "text/xml"
        var text = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>"
        text += "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
        var kinds: Set<String> = []
        for entry in entries {
            guard let kind = kind(of: entry.name), kinds.insert(kind.lowercased()).inserted else { continue }
            let type = kind.lowercased() == "xml" ? xml : binary
            text += "<Default Extension=\"\(XMLText.escapedAttribute(kind))\" ContentType=\"\(type)\" />"
        }
        for entry in entries.dropFirst(2) {
            let kind = kind(of: entry.name)
            guard kind == nil || (kind?.lowercased() == "xml" && isServer != true) else { continue }
            text += "<Override PartName=\"/\(XMLText.escapedAttribute(entry.name))\" ContentType=\"\(binary)\" />"
        }
        return ZipEntry(name: FolderLayout.contentTypes, bytes: Array((text + "</Types>").utf8))
    }

    /// The ending of a file's name without the dot.
    private static func kind(of name: String) -> String? {
        let file = name.split(separator: "/").last ?? ""
        guard let dot = file.lastIndex(of: "."), dot != file.indices.last else { return nil }
        return String(file[file.index(after: dot)...])
    }
}
