public import Documents
import Foundation

/// The files that lie beside a connector's definition: its properties and whether there is a script.
public struct ConnectorFiles: Sendable {
    /// `apiProperties.json`, where there is one that can be read.
    public var properties: Document?
    /// Whether `script.csx` is there; nothing when the folder is not known.
    public var hasScript: Bool?
    /// What is wrong with the properties file.
    public var diagnostics: [Diagnostic]
    /// The bytes of all that count, by name, also where nothing can be made of them or another one has been taken.
    public private(set) var contents: [String: [UInt8]] = [:]

    public init(properties: Document?, hasScript: Bool? = nil, diagnostics: [Diagnostic] = []) {
        self.properties = properties
        self.hasScript = hasScript
        self.diagnostics = diagnostics
    }

    /// Whether a file of that name counts when it lies beside a definition; case does not matter, as it does not where
    /// connectors are published.
    public static func isOne(_ name: String) -> Bool { [propertiesName, scriptName].contains(name.lowercased()) }

    private static let propertiesName = "apiproperties.json"
    private static let scriptName = "script.csx"

    /// Looks in a definition's folder.
    public init(beside path: String, shownAs name: String? = nil) {
        let shown = name ?? path
        let folder = ConnectorFiles.folder(of: path)
        let shownFolder = ConnectorFiles.folder(of: shown)
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch { names = [] }
        for name in names.filter(Self.isOne) {
            contents[name] = (try? RegularFile.contents(of: "\(folder)/\(name)")).map { Array($0) }
        }
        hasScript = names.contains { $0.lowercased() == Self.scriptName }
        guard let file = names.first(where: { $0.lowercased() == Self.propertiesName }) else {
            properties = nil
            diagnostics = []
            return
        }
        let shownFile = shownFolder == "." ? file : shownFolder + "/" + file
        // What says in words why there are no bytes reads them once more.
        let reading =
            contents[file].map { Document.read(bytes: $0, file: shownFile) }
            ?? Document.read(path: folder + "/" + file, file: shownFile)
        properties = reading.document
        diagnostics = reading.diagnostics
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
