/// What is bound in one environment; texts may hold `${{ secrets.NAME }}`.
public struct EnvironmentSettings: Sendable, Hashable, Codable {
    /// A connection and, where the package's own does not fit, its connector.
    public struct Binding: Sendable, Hashable, Codable {
        public var connection: String
        public var connector: String?

        /// A connection of a connector.
        public init(connection: String, connector: String? = nil) {
            self.connection = connection
            self.connector = connector
        }
    }

    /// By logical name of the connection reference.
    public var connections: [String: Binding]
    /// By schema name of the environment variable.
    public var variables: [String: String]

    /// Settings by name.
    public init(connections: [String: Binding] = [:], variables: [String: String] = [:]) {
        self.connections = connections
        self.variables = variables
    }
}
