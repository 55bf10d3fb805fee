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
    /// The bytes of those that were read, by name.
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
        let script = names.first { $0.lowercased() == Self.scriptName }
        hasScript = script != nil
        if let script, let data = try? RegularFile.contents(of: "\(folder)/\(script)") {
            contents[script] = Array(data)
        }
        guard let file = names.first(where: { $0.lowercased() == Self.propertiesName }) else {
            properties = nil
            diagnostics = []
            return
        }
        let reading = Document.read(
            path: folder + "/" + file, file: shownFolder == "." ? file : shownFolder + "/" + file)
        properties = reading.document
        diagnostics = reading.diagnostics
        if let document = reading.document { contents[file] = document.source.bytes }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
