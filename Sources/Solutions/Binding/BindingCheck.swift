import Documents

/// One run over a package's references and variables, and over what an environment binds.
struct BindingCheck {
    let contents: SolutionContents
    let bindings: EnvironmentBindings
    let others: [EnvironmentBindings]
    let unusedSeverity: Severity
    private(set) var settings = DeploymentSettings()
    private(set) var rows: [Rebinding.Row] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(
        contents: SolutionContents, bindings: EnvironmentBindings, others: [EnvironmentBindings],
        unusedSeverity: Severity
    ) {
        self.unusedSeverity = unusedSeverity
        self.contents = contents
        self.bindings = bindings
        self.others = others.filter { $0.environment != bindings.environment }
    }

    private var solution: String { contents.manifest.uniqueName }
    private var environment: String { bindings.environment }
    /// Who binds, as the messages name it.
    private var holder: String {
        switch bindings.origin {
        case .file: "environment '\(environment)'"
        case .settings: "input 'settings' for environment '\(environment)'"
        }
    }

    /// How to add what is missing.
    private func addition(_ entry: String, under section: String) -> String {
        switch bindings.origin {
        case .file: "add '\(entry)' under '\(section)'"
        case .settings: "name it in the settings; where a stage has no 'settings', the environment's file counts"
        }
    }

    mutating func run() {
        connections()
        variables()
        flows()
        unused()
    }

    // MARK: connections

    private mutating func connections() {
        for reference in contents.connectionReferences {
            let name = reference.logicalName
            guard let binding = bindings.connections.first(where: { Self.same($0.logicalName, name) }) else {
                let near = suggestion(for: name, among: bindings.connections.map(\.logicalName))
                report(
                    "binding/missing-connection",
                    "\(holder) binds no connection to '\(name)' of solution '\(solution)'",
                    bindings.location,
                    help: near.map { "is '\($0)' meant for it?" }
                        ?? addition(
                            "\(name): { connector: \(reference.apiName ?? "NAME"), connection: ID }",
                            under: "connections")
                )
                continue
            }
            check(connection: binding, for: reference)
            settings.connections.append(
                .init(logicalName: name, connectionID: binding.connection, connectorID: connectorID(binding, reference))
            )
            rows.append(
                .init(
                    kind: .connection, name: name, value: binding.connection,
                    from: Self.place(binding.location, environment)))
        }
    }

    private mutating func check(connection binding: EnvironmentBindings.Connection, for reference: ConnectionReference)
    {
        let name = reference.logicalName
        let prefix = contents.manifest.publisher.prefix
        if !ConnectorName.agrees(
            binding.connector, with: reference, connector: connector(of: reference), prefix: prefix)
        {
            let wanted = connector(of: reference)?.name ?? reference.apiName ?? "another connector"
            report(
                "binding/wrong-connector",
                "'\(name)' is a connection of '\(wanted)', and \(holder) binds one of '\(binding.connector)'",
                binding.location)
        }
        let id = binding.connection
        guard checkText(id, name, binding.location) else { return }
        if id.contains("/") {
            let last = id.split(separator: "/").last.map(String.init) ?? id
            report(
                "binding/connection-id",
                "the connection of '\(name)' is a path, and an import takes only its last part",
                binding.location, help: "write '\(last)'")
        } else if !UnreplacedToken.holdsSecret(id), id.contains(where: \.isWhitespace) {
            report("binding/connection-id", "the connection of '\(name)' has a space in its id", binding.location)
        }
        for other in others {
            guard let theirs = other.connections.first(where: { $0.isSame(as: binding) }) else { continue }
            report(
                "binding/foreign-connection",
                "\(holder) binds to '\(name)' the connection that environment '\(other.environment)' binds too "
                    + "(\(Self.place(theirs.location, other.environment)))", binding.location,
                notes: [.init("it is bound there to '\(theirs.logicalName)'", at: theirs.location)],
                help: "each environment has connections of its own: correct the file that names the other's")
            break
        }
    }

    private func connector(of reference: ConnectionReference) -> Connector? {
        guard let id = reference.customConnectorID else { return nil }
        return contents.connectors.first { $0.id == id }
    }

    /// The id that the environment names, or the package's own: for a custom connector it is looked up when installing.
    private func connectorID(_ binding: EnvironmentBindings.Connection, _ reference: ConnectionReference) -> String {
        if ConnectorName.isID(binding.connector) { return ConnectorName.path(binding.connector) }
        return reference.connectorID ?? ConnectorName.path(binding.connector)
    }

    // MARK: variables

    private mutating func variables() {
        for variable in contents.environmentVariables {
            let name = variable.schemaName
            guard let binding = bindings.variables.first(where: { Self.same($0.schemaName, name) }) else {
                if let value = variable.packagedValue ?? variable.defaultValue {
                    let from = variable.packagedValue == nil ? "default of the package" : "value in the package"
                    rows.append(.init(kind: .variable, name: name, value: value, from: from))
                    checkPackaged(variable)
                    if variable.packagedValue == nil { warn(variable, keepsDefault: value) }
                    continue
                }
                let near = suggestion(for: name, among: bindings.variables.map(\.schemaName))
                report(
                    "binding/missing-variable",
                    "\(holder) gives no value to '\(name)' of solution '\(solution)', which has no default",
                    bindings.location,
                    help: near.map { "is '\($0)' meant for it?" } ?? addition("\(name): VALUE", under: "variables"))
                continue
            }
            if checkText(binding.value, name, binding.location) { check(type: variable, binding) }
            checkPackaged(variable)
            settings.variables.append(.init(schemaName: name, value: binding.value))
            rows.append(
                .init(
                    kind: .variable, name: name, value: binding.value, from: Self.place(binding.location, environment)))
        }
    }

    /// Says that nothing in the environment's file decides the value of a variable.
    private mutating func warn(_ variable: EnvironmentVariable, keepsDefault value: String) {
        let name = variable.schemaName
        let near = suggestion(for: name, among: bindings.variables.map(\.schemaName))
        report(
            "binding/default-variable",
            "environment '\(environment)' gives no value to '\(name)', so it keeps the package's default '\(value)'",
            bindings.location, severity: .warning,
            help: near.map { "is '\($0)' meant for it?" }
                ?? "add '\(name): VALUE' under 'variables', even if it is the same")
    }

    private mutating func checkPackaged(_ variable: EnvironmentVariable) {
        guard variable.packagedValue != nil else { return }
        diagnostics.append(
            Diagnostic(
                "binding/packaged-value", .warning,
                "the package carries a value of '\(variable.schemaName)', which every import writes into the environment",
                at: variable.location))
    }

    private mutating func check(type variable: EnvironmentVariable, _ binding: EnvironmentBindings.Variable) {
        let value = binding.value
        guard !UnreplacedToken.holdsSecret(value) else { return }
        let fits: Bool
        switch variable.kind {
        case .number: fits = Double(value)?.isFinite ?? false
        case .boolean: fits = ["yes", "no", "true", "false"].contains(value.lowercased())
        case .json: fits = (try? Document(text: value, file: "value", syntax: .json)) != nil
        case .secret: fits = value.hasPrefix("/subscriptions/")
        case .string, .dataSource, .other: fits = value.utf16.count <= 2000
        }
        guard !fits else { return }
        let expected: String
        switch variable.kind {
        case .secret: expected = "the path of a Key Vault secret (/subscriptions/...) or '${{ secrets.NAME }}'"
        case .string, .dataSource, .other: expected = "at most 2000 characters"
        case .number, .boolean, .json: expected = variable.kind.description
        }
        report("binding/variable-type", "the value of '\(variable.schemaName)' must be \(expected)", binding.location)
    }

    /// Refuses empty values and placeholders; gives whether the value can be looked at further.
    private mutating func checkText(_ value: String, _ name: String, _ location: Location?) -> Bool {
        if value.allSatisfy(\.isWhitespace) {
            report("binding/empty-value", "'\(name)' is bound to nothing in environment '\(environment)'", location)
            return false
        }
        if let token = UnreplacedToken.first(in: value) {
            report(
                "binding/unreplaced-token", "the value of '\(name)' still holds the placeholder '\(token)'", location,
                help: "write the value, or '${{ secrets.NAME }}' where it is secret")
            return false
        }
        return true
    }

    // MARK: flows and leftovers

    private mutating func flows() {
        let prefix = contents.manifest.publisher.prefix
        for flow in bindings.flows {
            guard contents.workflows.contains(where: { $0.isCalled(flow.name, prefix: prefix) }) else {
                report(
                    "binding/unknown-flow", "solution '\(solution)' has no flow '\(flow.name)'",
                    flow.location ?? bindings.location,
                    severity: unusedSeverity,
                    help: Self.near(
                        flow.name, contents.workflows.flatMap { [$0.uniqueName ?? "\(prefix)_\($0.name)", $0.name] }))
                continue
            }
            rows.append(
                .init(
                    kind: .flow, name: flow.name, value: flow.isOn ? "enabled" : "disabled",
                    from: Self.place(flow.location, environment)))
        }
    }

    private mutating func unused() {
        for binding in bindings.connections
        where !contents.connectionReferences.contains(where: { Self.same($0.logicalName, binding.logicalName) }) {
            report(
                "binding/unused-connection",
                "solution '\(solution)' has no connection reference '\(binding.logicalName)'",
                binding.location, severity: unusedSeverity,
                help: Self.near(binding.logicalName, contents.connectionReferences.map(\.logicalName)))
        }
        for binding in bindings.variables
        where !contents.environmentVariables.contains(where: { Self.same($0.schemaName, binding.schemaName) }) {
            report(
                "binding/unused-variable", "solution '\(solution)' has no environment variable '\(binding.schemaName)'",
                binding.keyLocation ?? binding.location, severity: unusedSeverity,
                help: Self.near(binding.schemaName, contents.environmentVariables.map(\.schemaName)))
        }
    }

    private mutating func report(
        _ code: String, _ message: String, _ location: Location?, severity: Severity = .error,
        notes: [Diagnostic.Note] = [], help: String? = nil
    ) {
        diagnostics.append(Diagnostic(code, severity, message, at: location, notes: notes, help: help))
    }

    private static func same(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }

    private static func near(_ name: String, _ names: [String]) -> String? {
        suggestion(for: name, among: names).map { "did you mean '\($0)'?" }
    }

    private static func place(_ location: Location?, _ environment: String) -> String {
        location.map { "\($0.source.name):\($0.start.line)" } ?? "environment '\(environment)'"
    }
}
