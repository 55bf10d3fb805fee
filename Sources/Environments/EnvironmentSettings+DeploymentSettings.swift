public import Solutions

extension EnvironmentSettings {
    /// Takes deployment settings over; entries without a value are left out, as an import would leave them.
    public init(_ settings: DeploymentSettings) {
        self.init()
        for variable in settings.variables where !variable.value.isEmpty {
            variables[variable.schemaName] = variable.value
        }
        for connection in settings.connections where !connection.connectionID.isEmpty {
            connections[connection.logicalName] = Binding(
                connection: connection.connectionID,
                connector: connection.connectorID.isEmpty ? nil : connection.connectorID)
        }
    }
}
