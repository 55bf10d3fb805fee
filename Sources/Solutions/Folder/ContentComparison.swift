import Documents
public import Zip

/// Compares the files of two packages: by bytes, and where those differ, by what they mean.
public enum ContentComparison {
    /// A file that is not the same in both.
    public struct Difference: Sendable, Hashable {
        /// How it differs.
        public enum Kind: Sendable, Hashable {
            /// Only spacing, line ends or the order of components without an order differ.
            case normalized
            case missing, added, changed

            var words: String {
                switch self {
                case .normalized: "has other spacing"
                case .missing: "is lost"
                case .added: "appears"
                case .changed: "changes"
                }
            }
        }

        public var name: String
        public var kind: Kind
    }

    /// Elements whose children have no order that means anything.
    static let unordered: Set<String> = [
        "Entities", "FormXml", "forms", "savedqueries", "Workflows", "Connectors", "EntityRelationships", "Roles",
        "optionsets", "WebResources", "CustomControls", "SolutionPluginAssemblies", "AppModules", "AppModuleSiteMaps",
        "CanvasApps", "connectionreferences", "Types",
    ]

    /// The files that differ, by name.
    public static func differences(_ old: [ZipEntry], _ new: [ZipEntry]) -> [Difference] {
        let before = Dictionary(old.map { ($0.name, $0.bytes) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.name, $0.bytes) }) { first, _ in first }
        var result: [Difference] = []
        for (name, bytes) in before {
            guard let other = after[name] else {
                if name != FolderLayout.contentTypes { result.append(Difference(name: name, kind: .missing)) }
                continue
            }
            if bytes == other { continue }
            result.append(Difference(name: name, kind: meansTheSame(name, bytes, other) ? .normalized : .changed))
        }
        for name in after.keys where before[name] == nil && name != FolderLayout.contentTypes {
            result.append(Difference(name: name, kind: .added))
        }
        return result.sorted { $0.name < $1.name }
    }

    private static func meansTheSame(_ name: String, _ left: [UInt8], _ right: [UInt8]) -> Bool {
        // The list of content types is made anew from the entries; nothing of a customer's is in it.
        if name == FolderLayout.contentTypes { return true }
        guard name.hasSuffix(".xml") else { return false }
        // A file that is no XML can only be the same by its bytes.
        guard let a = try? XMLFile(bytes: left, name: name), let b = try? XMLFile(bytes: right, name: name) else {
            return false
        }
        return canonical(a.root) == canonical(b.root)
    }

    /// Names, attributes by name, text, and children, sorted where their order means nothing.
    static func canonical(_ element: XMLElement) -> String {
        let attributes = element.attributes.filter { $0.name != "xmlns:xsi" }.sorted { $0.name < $1.name }
            .map { " \($0.name)=\(XMLText.escapedAttribute($0.value))" }
        var children = element.children.map(canonical)
        if unordered.contains(element.name) { children.sort() }
        return "<\(element.name)\(attributes.joined())>\(XMLText.escaped(element.text))\(children.joined())</>"
    }
}
