import Documents

/// What the parts of a solution say about one another, and where they disagree.
struct ConsistencyChecks {
    let contents: SolutionContents
    /// Names of components by their folder.
    let components: [String: Set<String>]

    /// Everything found, errors and warnings.
    var diagnostics: [Diagnostic] {
        rootComponents + unlisted + workflows + connectionReferences + environmentVariables + prefixes
    }

    private var manifest: SolutionManifest { contents.manifest }

    /// Every listed component is there.
    private var rootComponents: [Diagnostic] {
        manifest.rootComponents.compactMap { component in
            let name = component.schemaName?.lowercased() ?? component.id ?? ""
            let isThere: Bool
            switch component.type {
            case 29: isThere = contents.workflows.contains { $0.id == component.id }
            case 371, 372:
                isThere = contents.connectors.contains {
                    $0.name.lowercased() == name || ($0.id != nil && $0.id == component.id)
                }
            case 1: isThere = has("Entities", name) || contents.sections.contains("Entities")
            case 9: isThere = has("OptionSets", name) || contents.sections.contains("optionsets")
            case 61: isThere = has("WebResources", name) || contents.sections.contains("WebResources")
            case 80: isThere = has("AppModules", name) || contents.sections.contains("AppModules")
            case 300: isThere = has("CanvasApps", name) || contents.sections.contains("CanvasApps")
            default: isThere = true
            }
            if isThere { return nil }
            let shown = component.schemaName ?? component.id ?? "?"
            return Diagnostic(
                "solution/missing-component",
                "the solution lists the \(component.typeName) '\(shown)', which is not here",
                at: component.location)
        }
    }

    /// Every connector and flow is listed.
    private var unlisted: [Diagnostic] {
        let flows = Set(manifest.rootComponents.filter { $0.type == 29 }.compactMap(\.id))
        let connectors = manifest.rootComponents.filter { $0.type == 372 || $0.type == 371 }
        let names = Set(connectors.compactMap { $0.schemaName?.lowercased() } + connectors.compactMap(\.id))
        return contents.workflows.filter { !flows.contains($0.id) }.map {
            Diagnostic(
                "solution/unlisted-component", .warning, "the flow '\($0.name)' is not among the root components",
                at: $0.location)
        }
            + contents.connectors.filter { !names.contains($0.name.lowercased()) && !names.contains($0.id ?? "") }.map {
                Diagnostic(
                    "solution/unlisted-component", .warning,
                    "the connector '\($0.name)' is not among the root components",
                    at: $0.location)
            }
    }

    /// Flows use connection references, variables and operations that are there.
    private var workflows: [Diagnostic] {
        let references = Dictionary(contents.connectionReferences.map { ($0.logicalName.lowercased(), $0) }) {
            first, _ in first
        }
        let elsewhere = Set(manifest.missingDependencies.compactMap { $0.required.logicalName?.lowercased() })
        let variables = Set(contents.environmentVariables.map { $0.schemaName.lowercased() })
        var result: [Diagnostic] = []
        for flow in contents.workflows {
            if let file = flow.file, !file.uppercased().contains(flow.id.uppercased()) {
                result.append(
                    Diagnostic(
                        "solution/workflow", .warning,
                        "the file '\(file)' does not carry the flow's id \(flow.id.uppercased())",
                        at: flow.location))
            }
            for connection in flow.connections {
                guard let name = connection.logicalName else { continue }
                guard references[name.lowercased()] == nil, !elsewhere.contains(name.lowercased()) else { continue }
                result.append(
                    Diagnostic(
                        "solution/unknown-connection-reference",
                        "the flow '\(flow.name)' uses the connection reference '\(name)', which this solution does not have",
                        at: connection.location,
                        help: suggestion(for: name, among: contents.connectionReferences.map(\.logicalName)).map {
                            "did you mean '\($0)'?"
                        }))
            }
            for variable in flow.variables where !variables.contains(variable.schemaName.lowercased()) {
                result.append(
                    Diagnostic(
                        "solution/unknown-variable", .warning,
                        "the flow '\(flow.name)' uses the environment variable '\(variable.schemaName)', which is not in this solution",
                        at: variable.location))
            }
            result += operations(of: flow, references)
        }
        return result
    }

    /// Operations that flows call exist in the connectors that the solution brings along.
    private func operations(of flow: Workflow, _ references: [String: ConnectionReference]) -> [Diagnostic] {
        var connectors: [String: Connector] = [:]
        for connection in flow.connections {
            let reference = connection.logicalName.flatMap { references[$0.lowercased()] }
            connectors[connection.key] = contents.connectors.first { connector in
                (reference?.customConnectorID).map { $0 == connector.id }
                    ?? (connector.name == connection.connectorName)
            }
        }
        return flow.operations.compactMap { operation in
            guard let connector = connectors[operation.connection], let known = connector.operationIDs,
                !known.contains(operation.operationID)
            else { return nil }
            return Diagnostic(
                "solution/unknown-operation",
                "the flow '\(flow.name)' calls '\(operation.operationID)', which the connector '\(connector.name)' does not have",
                at: operation.location,
                help: suggestion(for: operation.operationID, among: known).map { "did you mean '\($0)'?" })
        }
    }

    /// Custom connectors of connection references are here or known to be elsewhere.
    private var connectionReferences: [Diagnostic] {
        let here = Set(contents.connectors.compactMap(\.id))
        let elsewhere = Set(manifest.missingDependencies.compactMap(\.required.id))
        return contents.connectionReferences.compactMap { reference in
            guard let id = reference.customConnectorID, !here.contains(id), !elsewhere.contains(id) else { return nil }
            return Diagnostic(
                "solution/unknown-connector", .warning,
                "the connection reference '\(reference.logicalName)' needs the custom connector \(id), which is not in this solution",
                at: reference.location, help: "the solution with the connector must be installed first")
        }
    }

    private var environmentVariables: [Diagnostic] {
        let names = Set(contents.environmentVariables.map { $0.schemaName.lowercased() })
        var result: [Diagnostic] = []
        for variable in contents.environmentVariables {
            if let parent = variable.parent, !names.contains(parent.lowercased()) {
                result.append(
                    Diagnostic(
                        "solution/unknown-variable", .warning,
                        "'\(variable.schemaName)' depends on the environment variable '\(parent)', which is not in this solution",
                        at: variable.location))
            }
            if variable.packagedValue != nil {
                result.append(
                    Diagnostic(
                        "solution/packaged-value", .warning,
                        "the package carries a value of '\(variable.schemaName)', which overwrites the environment's at every import",
                        at: variable.location,
                        help: "delete its environmentvariablevalues.json and bind it in environments/"))
            }
            if let text = variable.defaultValue, text.count > 2000 {
                result.append(
                    Diagnostic(
                        "solution/variable-too-long",
                        "the default of '\(variable.schemaName)' has \(text.count) characters; 2000 fit",
                        at: variable.location))
            }
        }
        return result
    }

    /// Names begin with the publisher's prefix.
    private var prefixes: [Diagnostic] {
        let prefix = manifest.publisher.prefix.lowercased() + "_"
        let named =
            contents.environmentVariables.map { ("environment variable", $0.schemaName, $0.location) }
            + contents.connectors.map { ("connector", $0.name, $0.location) }
            + contents.connectionReferences.map { ("connection reference", $0.logicalName, $0.location) }
        return named.filter { !$0.1.lowercased().hasPrefix(prefix) }.map { kind, name, location in
            Diagnostic(
                "solution/prefix", .hint,
                "the \(kind) '\(name)' does not begin with the publisher's prefix '\(prefix)'",
                at: location)
        }
    }

    private func has(_ folder: String, _ name: String) -> Bool {
        components[folder]?.contains { $0.lowercased() == name } ?? false
    }
}
