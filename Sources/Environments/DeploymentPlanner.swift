import Solutions

/// Works out what installing a package would do; pure but for the revealing of secrets.
struct DeploymentPlanner {
    var state: EnvironmentState
    var package: PackageContents
    var settings: EnvironmentSettings
    var flows: FlowSettings
    var options: DeploymentOptions
    var reveal: (String) throws -> String

    private var installed: InstalledSolution? { state.solutions[package.solution] }
    private var isSamePackage: Bool { installed?.digest == package.digest }

    func plan() throws -> DeploymentPlan {
        try refuseWhatCanNeverBeRight()
        var warnings: [String] = []
        let removesComponents = try removes()
        let gone = isSamePackage ? [] : Set(installed?.components ?? []).subtracting(package.components).sorted()
        let new =
            installed == nil || isSamePackage
            ? [] : Set(package.components).subtracting(installed?.components ?? []).sorted()
        var desired = DeploymentPlan.Desired()
        var changes = try connectionChanges(&desired, &warnings)
        changes += try variableChanges(&desired, &warnings)
        changes += flowChanges(&desired, &warnings)
        if removesComponents { changes += removals() }
        let (action, reason) = try decide(changes: changes, gone: gone, removes: removesComponents)
        if !gone.isEmpty, !removesComponents {
            warnings.append(
                "\(Self.count(gone.count, "component")) that the new version no longer has stay: \(Self.list(gone))")
        }
        warnings += layerWarnings()
        return try DeploymentPlan(
            action: action, reason: reason, solution: package.solution, from: installed?.version, to: package.version,
            isManaged: package.isManaged, package: package.digest, changes: changes,
            removed: removesComponents ? gone : [], added: new, warnings: warnings,
            target: Footprint(of: package, in: state).fingerprint(in: state), digest: "", desired: desired
        ).sealed()
    }

    private func refuseWhatCanNeverBeRight() throws {
        guard SolutionVersion(package.version) != nil else {
            throw EnvironmentError(
                .refused, "environment/version", "'\(package.version)' is not a solution version such as 1.2.0.0")
        }
        guard let installed else { return }
        let name = package.solution
        if installed.isManaged != package.isManaged {
            let (there, here) = installed.isManaged ? ("managed", "unmanaged") : ("unmanaged", "managed")
            throw EnvironmentError(
                .refused, "environment/managed-mismatch",
                "'\(name)' is installed here as a \(there) solution and the package is \(here)",
                notes: ["uninstall the \(there) solution first, or build the package as \(there)"])
        }
        if SolutionVersion(installed.version) == SolutionVersion(package.version), !isSamePackage {
            throw EnvironmentError(
                .refused, "environment/same-version",
                "'\(name)' \(package.version) is installed from another package",
                notes: [
                    "installed: sha256 \(installed.digest)", "offered: sha256 \(package.digest)",
                    "give the new content a version of its own",
                ])
        }
    }

    /// Whether the new package is higher (true), or lower; refuses what may not be.
    private func isNewer(than installed: InstalledSolution) throws -> Bool {
        guard let old = SolutionVersion(installed.version) else {
            throw EnvironmentError(
                .damaged, "environment/damaged",
                "the installed version '\(installed.version)' is not a solution version")
        }
        guard let new = SolutionVersion(package.version), new <= old else { return true }
        guard options.allowsDowngrade else {
            throw EnvironmentError(
                .refused, "environment/downgrade",
                "'\(package.solution)' \(installed.version) is installed and \(package.version) is not newer",
                notes: ["an environment refuses a downgrade; promote a higher version, or ask for a rollback"])
        }
        return false
    }

    private func removes() throws -> Bool {
        guard let installed, !isSamePackage else { return false }
        _ = try isNewer(than: installed)
        return package.isManaged && options.mode == .upgrade
    }

    private func decide(
        changes: [SettingChange], gone: [PackageContents.Component], removes: Bool
    ) throws -> (DeploymentPlan.Action, String) {
        guard let installed else { return (.install, "it is not installed here yet") }
        if isSamePackage {
            return changes.isEmpty
                ? (.nothing, "the same package is installed already, with the same settings")
                : (
                    .update,
                    "the same package is installed already; \(Self.count(changes.count, "setting")) would be written"
                )
        }
        let kind = package.isManaged ? "managed" : "unmanaged"
        let age = try isNewer(than: installed) ? "a newer \(kind) version" : "a lower \(kind) version, as asked for"
        if removes {
            return (.upgrade, gone.isEmpty ? age : "\(age) without \(Self.count(gone.count, "component"))")
        }
        return (.update, package.isManaged ? "\(age), nothing removed, as asked for" : "\(age), nothing removed")
    }

    private func connectionChanges(
        _ desired: inout DeploymentPlan.Desired, _ warnings: inout [String]
    ) throws -> [SettingChange] {
        var changes: [SettingChange] = []
        for reference in package.connectionReferences.sorted(by: { $0.logicalName < $1.logicalName }) {
            let name = reference.logicalName
            let there = state.connectionReferences[name]
            guard let wanted = Self.entry(name, in: settings.connections), !wanted.connection.isEmpty else {
                if there?.connection == nil { warnings.append("connection reference \(name) has no connection") }
                continue
            }
            let connector = wanted.connector ?? reference.connector
            desired.connections[name] = .init(connection: wanted.connection, connector: connector)
            let value = try StoredText(wanted.connection, key: state.key, reveal: reveal)
            // One connector has an id and a name, and what was kept may be either.
            let isSame = there.map { ConnectorName.areSame($0.connector, connector) } ?? false
            guard there?.connection != value || !isSame else { continue }
            let showsConnector = there?.connection != nil && !isSame
            changes.append(
                SettingChange(
                    kind: .connection, name: name,
                    old: there?.connection.map { $0.text + (showsConnector ? " of \(there?.connector ?? "")" : "") },
                    new: value.text + (showsConnector ? " of \(connector)" : ""), secretDigest: secretDigest(of: value))
            )
        }
        let known = Set(package.connectionReferences.map { $0.logicalName.lowercased() })
        for name in settings.connections.keys.sorted() where !known.contains(name.lowercased()) {
            warnings.append("the settings bind connection reference \(name), which the package does not have")
        }
        return changes
    }

    private func variableChanges(
        _ desired: inout DeploymentPlan.Desired, _ warnings: inout [String]
    ) throws -> [SettingChange] {
        var changes: [SettingChange] = []
        for variable in package.variables.sorted(by: { $0.schemaName < $1.schemaName }) {
            let name = variable.schemaName
            let there = state.variables[name]?.value
            let given = Self.entry(name, in: settings.variables).flatMap { $0.isEmpty ? nil : $0 }
            if let packed = variable.packagedValue, !packed.isEmpty {
                let outcome = given == nil ? "it would be set here" : "the settings' value is set instead"
                warnings.append("the package carries a value of environment variable \(name): \(outcome)")
            }
            guard let wanted = given ?? variable.packagedValue.flatMap({ $0.isEmpty ? nil : $0 }) else {
                if there == nil, variable.defaultValue?.isEmpty ?? true {
                    warnings.append("environment variable \(name) has neither a value nor a default")
                }
                continue
            }
            if given == nil, wanted.contains("${{") {
                throw EnvironmentError(
                    .refused, "environment/packaged-reference",
                    "the package's own value of environment variable \(name) looks like a reference to a secret",
                    notes: ["only an environment's file may name secrets; set the variable there"])
            }
            desired.variables[name] = wanted
            let value = try StoredText(wanted, key: state.key, reveal: reveal)
            guard there != value else { continue }
            changes.append(
                SettingChange(
                    kind: .variable, name: name, old: there?.text, new: value.text,
                    origin: given == nil ? "packed in the solution" : nil, secretDigest: secretDigest(of: value)))
        }
        let known = Set(package.variables.map { $0.schemaName.lowercased() })
        for name in settings.variables.keys.sorted() where !known.contains(name.lowercased()) {
            warnings.append("the settings set environment variable \(name), which the package does not have")
        }
        return changes
    }

    private func secretDigest(of value: StoredText) -> String? { state.key.isEmpty ? nil : value.secretDigest }

    private func flowChanges(_ desired: inout DeploymentPlan.Desired, _ warnings: inout [String]) -> [SettingChange] {
        var changes: [SettingChange] = []
        for flow in package.flows.sorted(by: { ($0.name, $0.id) < ($1.name, $1.id) }) {
            var isOn = flows.wants(flow)
            let unbound = flow.connectionReferences.filter { name in
                desired.connections[name] == nil && state.connectionReferences[name]?.connection == nil
            }
            if isOn, !unbound.isEmpty {
                isOn = false
                warnings.append("flow \(flow.name) stays off: \(Self.list(unbound.sorted())) has no connection")
            }
            desired.flows[flow.id] = isOn
            let there = state.flows[flow.id]?.isOn
            guard there != isOn else { continue }
            changes.append(
                SettingChange(
                    kind: .flow, name: flow.name, old: there.map { $0 ? "on" : "off" }, new: isOn ? "on" : "off"))
        }
        return changes
    }

    /// What an upgrade takes away with the components that are gone.
    private func removals() -> [SettingChange] {
        guard let installed else { return [] }
        let gone = state.goneParts(of: installed, after: package)
        return gone.connectionReferences.sorted().map {
            SettingChange(
                kind: .connection, name: $0, old: state.connectionReferences[$0]?.connection?.text ?? "unbound",
                new: nil)
        }
            + gone.variables.sorted().map {
                SettingChange(kind: .variable, name: $0, old: state.variables[$0]?.value?.text ?? "default", new: nil)
            }
            + gone.flows.sorted().map {
                SettingChange(
                    kind: .flow, name: state.flows[$0]?.name ?? $0, old: state.flows[$0]?.isOn == true ? "on" : "off",
                    new: nil)
            }
    }

    private func layerWarnings() -> [String] {
        let mine = Set(package.components)
        return state.solutions.values.sorted { $0.solution < $1.solution }.compactMap { other in
            guard other.solution != package.solution, other.isManaged != package.isManaged else { return nil }
            let shared = mine.intersection(other.components).sorted()
            guard !shared.isEmpty else { return nil }
            return other.isManaged
                ? "unmanaged components hide those of the managed solution \(other.solution): \(Self.list(shared))"
                : "the unmanaged solution \(other.solution) hides components of this package: \(Self.list(shared))"
        }
    }

    /// The entry of that name, whatever its letter case.
    private static func entry<T>(_ name: String, in entries: [String: T]) -> T? {
        entries[name] ?? entries.first { $0.key.lowercased() == name.lowercased() }?.value
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private static func list(_ names: [some CustomStringConvertible]) -> String {
        names.prefix(5).map(\.description).joined(separator: ", ")
            + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
