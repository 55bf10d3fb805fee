public import Documents
import Environments
public import Pipelines
public import Solutions

extension Rebinding {
    /// Proves that an environment binds what a package needs: the one rule of the stages, `why`, `rebind` and `rollback`.
    ///
    /// - Parameters:
    ///   - files: All environments that are known, to see whose connection is whose.
    ///   - settings: What is applied in the place of the environment's file, where that is so.
    ///   - root: The repository's root, below which the files lie.
    ///   - unused: What a binding is that the package has no use for.
    public static func preflight(
        _ contents: SolutionContents, for file: EnvironmentFile, among files: [EnvironmentFile],
        settings: DeploymentSettings? = nil, root: String, unused: Severity
    ) throws(Rejected) -> Rebinding {
        try preflight(
            contents,
            bindings: settings.map { EnvironmentBindings($0, for: file, contents) }
                ?? EnvironmentBindings(file, root: root),
            others: files.filter { $0.name != file.name }.map { EnvironmentBindings($0, root: root) }, unused: unused)
    }
}

extension EnvironmentBindings {
    /// What an import makes of settings: an entry without a value binds nothing, and a connection without a connector
    /// is taken for one of the reference's own.
    fileprivate init(_ settings: DeploymentSettings, for file: EnvironmentFile, _ contents: SolutionContents) {
        func connector(_ name: String) -> String? {
            contents.connectionReferences.first { $0.logicalName.lowercased() == name.lowercased() }?.connectorID
        }
        self.init(
            environment: file.name, origin: .settings,
            connections: settings.connections.filter { !$0.connectionID.isEmpty }.map {
                .init(
                    logicalName: $0.logicalName,
                    connector: $0.connectorID.isEmpty ? connector($0.logicalName) ?? "" : $0.connectorID,
                    connection: $0.connectionID)
            },
            variables: settings.variables.filter { !$0.value.isEmpty }.map {
                .init(schemaName: $0.schemaName, value: $0.value)
            })
    }
}
