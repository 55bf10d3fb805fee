public import Documents
public import Engine
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
    ///   - secrets: Those of the process: where the value of one is known, it is compared as any other connection.
    public static func preflight(
        _ contents: SolutionContents, for file: EnvironmentFile, among files: [EnvironmentFile],
        settings: DeploymentSettings? = nil, root: String, unused: Severity, secrets: Secrets = Secrets()
    ) throws(Rejected) -> Rebinding {
        let secrets = (try? file.secrets(beside: secrets, root: root)) ?? secrets
        var bindings =
            settings.map { EnvironmentBindings($0, for: file, contents) } ?? EnvironmentBindings(file, root: root)
        bindings.know(secrets)
        // What secrets the process has that deploys to another environment is not known here.
        let others = files.filter { $0.name != file.name }.map { EnvironmentBindings($0, root: root) }
        return try preflight(contents, bindings: bindings, others: others, unused: unused)
    }
}

extension EnvironmentBindings {
    /// Puts in what the secrets of the connections are, where that is known.
    fileprivate mutating func know(_ secrets: Secrets) {
        for index in connections.indices {
            // What has no value here, or may not be revealed, is compared by its name alone.
            if let id = try? secrets.reveal(connections[index].connection) { connections[index].identity = id }
        }
    }

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
