public import Documents

/// The values and connections of one environment, in the shape of a deployment settings file.
public struct DeploymentSettings: Sendable, Hashable {
    /// The value of an environment variable.
    public struct Variable: Sendable, Hashable {
        public var schemaName: String
        /// May hold `${{ secrets.NAME }}`; empty in a template.
        public var value: String

        /// A value for a variable.
        public init(schemaName: String, value: String) {
            self.schemaName = schemaName
            self.value = value
        }
    }

    /// The connection behind a connection reference.
    public struct Connection: Sendable, Hashable {
        public var logicalName: String
        /// May be `${{ secrets.NAME }}`; empty in a template.
        public var connectionID: String
        /// `/providers/Microsoft.PowerApps/apis/shared_...`
        public var connectorID: String

        /// A connection for a reference.
        public init(logicalName: String, connectionID: String, connectorID: String) {
            self.logicalName = logicalName
            self.connectionID = connectionID
            self.connectorID = connectorID
        }
    }

    public var variables: [Variable]
    public var connections: [Connection]

    /// Settings in the order given.
    public init(variables: [Variable] = [], connections: [Connection] = []) {
        self.variables = variables
        self.connections = connections
    }

    /// Everything that a solution wants bound, with nothing bound yet; values are the defaults that it brings.
    public static func template(for contents: SolutionContents) -> DeploymentSettings {
        DeploymentSettings(
            variables: contents.environmentVariables.map {
                .init(schemaName: $0.schemaName, value: $0.defaultValue ?? "")
            },
            connections: contents.connectionReferences.map {
                .init(logicalName: $0.logicalName, connectionID: "", connectorID: $0.connectorID ?? "")
            })
    }

    /// The settings as a value: `EnvironmentVariables` and `ConnectionReferences`.
    public var value: Value {
        [
            "EnvironmentVariables": .list(
                variables.map { ["SchemaName": .string($0.schemaName), "Value": .string($0.value)] }),
            "ConnectionReferences": .list(
                connections.map {
                    [
                        "LogicalName": .string($0.logicalName), "ConnectionId": .string($0.connectionID),
                        "ConnectorId": .string($0.connectorID),
                    ]
                }),
        ]
    }

    /// The settings as the text of a file.
    public var json: String { value.json(pretty: true) + "\n" }
}
