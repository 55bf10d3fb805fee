public import Environments
import OrderedCollections
public import Pipelines

extension EnvironmentSettings {
    /// What the environment's own file binds.
    public init(_ environment: EnvironmentFile) {
        self.init(
            connections: Dictionary(
                environment.connections.map {
                    ($0.key, Binding(connection: $0.value.connection, connector: $0.value.connector))
                }
            ) { first, _ in first },
            variables: Dictionary(environment.variables.map { ($0.key, $0.value.value) }) { first, _ in first })
    }
}

extension FlowSettings {
    /// What the environment's own file says of flows.
    public init(_ environment: EnvironmentFile) {
        self.init(
            defaultEnabled: environment.flows.defaultEnabled,
            enabled: Dictionary(environment.flows.enabled.map { ($0.key, $0.value) }) { first, _ in first })
    }
}
