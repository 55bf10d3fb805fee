import Documents

/// What a solution contains, as far as almrun needs to know it.
public struct SolutionContents: Sendable {
    public var manifest: SolutionManifest
    public var connectionReferences: [ConnectionReference]
    public var environmentVariables: [EnvironmentVariable]
    public var workflows: [Workflow]
    public var connectors: [Connector]
    /// The sections of `customizations.xml` that hold something.
    public var sections: [String]

    /// Reads the parts; everything that cannot be read is refused at once.
    init(_ parts: SolutionParts) throws(Rejected) {
        var problems: [Diagnostic] = []
        manifest = try SolutionManifest(parts.manifest)
        let root = parts.customizations.root
        if root.name != "ImportExportXml" {
            problems.append(
                Diagnostic(
                    "solution/customizations", "this is not a customizations file: it begins with '\(root.name)'",
                    at: root.tagLocation))
        }
        sections = root.children.filter { !$0.children.isEmpty }.map(\.name)
        connectionReferences = Self.connectionReferences(root, &problems)
        environmentVariables = Self.environmentVariables(parts.payload, &problems)
        workflows = parts.workflows.map { WorkflowReader.read($0, parts.payload, &problems) }
        connectors = parts.connectors.map { Self.connector($0, parts.payload, &problems) }
        guard problems.isEmpty else { throw Rejected(problems) }
    }

    private static func connectionReferences(
        _ root: XMLElement, _ problems: inout [Diagnostic]
    ) -> [ConnectionReference] {
        var names: Set<String> = []
        var result: [ConnectionReference] = []
        for element in root.child("connectionreferences")?.children ?? [] {
            guard let name = element.attribute("connectionreferencelogicalname"), !name.isEmpty else {
                problems.append(
                    Diagnostic(
                        "solution/connection-reference", "a connection reference needs a logical name",
                        at: element.tagLocation))
                continue
            }
            let place = element.location(ofAttribute: "connectionreferencelogicalname")
            guard names.insert(name.lowercased()).inserted else {
                problems.append(
                    Diagnostic(
                        "solution/connection-reference", "the connection reference '\(name)' is there twice", at: place)
                )
                continue
            }
            result.append(
                ConnectionReference(
                    logicalName: name, displayName: element.text(of: "connectionreferencedisplayname"),
                    connectorID: element.text(of: "connectorid"),
                    customConnectorID: element.descendant("customconnectorid", "connectorid").map {
                        SolutionManifest.identifier($0.text)
                    }, location: place))
        }
        return result
    }

    private static func environmentVariables(
        _ payload: [String: Source], _ problems: inout [Diagnostic]
    ) -> [EnvironmentVariable] {
        var result: [EnvironmentVariable] = []
        for (path, source) in payload.sorted(by: { $0.key < $1.key })
        where path.hasPrefix("environmentvariabledefinitions/") && path.hasSuffix("/environmentvariabledefinition.xml")
        {
            do throws(Rejected) {
                let root = try XMLFile(source).root
                guard let name = root.attribute("schemaname"), !name.isEmpty else {
                    problems.append(
                        Diagnostic(
                            "solution/environment-variable", "an environment variable needs a schema name",
                            at: root.tagLocation))
                    continue
                }
                let folder = path.dropLast("environmentvariabledefinition.xml".count)
                result.append(
                    EnvironmentVariable(
                        schemaName: name, displayName: root.child("displayname")?.attribute("default"),
                        kind: .init(code: root.text(of: "type") ?? ""), defaultValue: root.text(of: "defaultvalue"),
                        packagedValue: value(payload[folder + "environmentvariablevalues.json"], &problems),
                        isRequired: root.text(of: "isrequired") == "1",
                        parent: root.descendant("parentdefinitionid", "schemaname")?.text,
                        location: root.location(ofAttribute: "schemaname")))
            } catch {
                problems += error.diagnostics
            }
        }
        return result
    }

    private static func value(_ source: Source?, _ problems: inout [Diagnostic]) -> String? {
        guard let source else { return nil }
        let (document, diagnostics) = Document.read(bytes: source.bytes, file: source.name, syntax: .json)
        guard let root = document?.root["environmentvariablevalues"]?["environmentvariablevalue"] else {
            if document == nil {
                problems += diagnostics
            } else {
                problems.append(
                    Diagnostic(
                        "solution/environment-variable", "this is not a file of environment variable values",
                        at: document?.root.location))
            }
            return nil
        }
        let row = root.kind == .array ? root[0] : root
        return row?["value"]?.scalarText
    }

    private static func connector(
        _ element: XMLElement, _ payload: [String: Source], _ problems: inout [Diagnostic]
    ) -> Connector {
        let name = element.text(of: "name")
        if name == nil {
            problems.append(Diagnostic("solution/connector", "a connector needs a name", at: element.tagLocation))
        }
        func path(_ child: String) -> String? {
            element.text(of: child).map { String($0.trimmingPrefix("/")) }
        }
        let definition = path("openapidefinition")
        return Connector(
            id: element.text(of: "connectorid").map(SolutionManifest.identifier), name: name ?? "",
            displayName: element.text(of: "displayname"), definitionFile: definition,
            operationIDs: definition.flatMap { payload[$0] }.flatMap { operations($0, &problems) },
            files: element.children.map(\.text).filter { $0.hasPrefix("/") }.map { String($0.dropFirst()) },
            location: element.child("name")?.location ?? element.tagLocation)
    }

    private static func operations(_ source: Source, _ problems: inout [Diagnostic]) -> Set<String>? {
        let (document, diagnostics) = Document.read(bytes: source.bytes, file: source.name, syntax: .json)
        guard let document else {
            problems += diagnostics.filter { $0.severity == .error }
            return nil
        }
        var result: Set<String> = []
        for path in document.root["paths"]?.members.map(\.value) ?? [] {
            for operation in path.members {
                if let id = operation.value["operationId"]?.string { result.insert(id) }
            }
        }
        return result
    }
}
