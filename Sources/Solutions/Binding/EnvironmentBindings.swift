public import Documents

/// What is bound in one environment: connections, values and flow states, with their places in its file where known.
public struct EnvironmentBindings: Sendable, Hashable {
    /// A connection for a connection reference.
    public struct Connection: Sendable, Hashable {
        public var logicalName: String
        /// The connector's name, its API id or the whole id.
        public var connector: String
        /// The connection's id; may be `${{ secrets.NAME }}`.
        public var connection: String
        /// The connection's id with its secret put in, where that is known; nobody is shown it.
        public var identity: String?
        public var location: Location?

        /// A connection for a reference.
        public init(logicalName: String, connector: String, connection: String, location: Location? = nil) {
            self.logicalName = logicalName
            self.connector = connector
            self.connection = connection
            self.location = location
        }

        /// Whether two environments bind the same connection: by its id, which has no letter case. A secret of one name may
        /// have another value in the process that deploys to the other environment.
        func isSame(as other: Connection) -> Bool {
            guard let mine = known, let theirs = other.known else { return false }
            return mine == theirs
        }

        private var known: String? {
            if let identity { return identity.lowercased() }
            return UnreplacedToken.holdsSecret(connection) ? nil : connection.lowercased()
        }
    }

    /// A value for an environment variable.
    public struct Variable: Sendable, Hashable {
        public var schemaName: String
        /// May hold `${{ secrets.NAME }}`.
        public var value: String
        /// The place of the value.
        public var location: Location?
        /// The place of the name.
        public var keyLocation: Location?

        /// A value for a variable.
        public init(
            schemaName: String, value: String, location: Location? = nil, keyLocation: Location? = nil
        ) {
            self.schemaName = schemaName
            self.value = value
            self.location = location
            self.keyLocation = keyLocation
        }
    }

    /// Whether a flow is to be on.
    public struct Flow: Sendable, Hashable {
        public var name: String
        public var isOn: Bool
        public var location: Location?

        /// A state for a flow.
        public init(name: String, isOn: Bool, location: Location? = nil) {
            self.name = name
            self.isOn = isOn
            self.location = location
        }
    }

    /// Where it is said what is bound.
    public enum Origin: Sendable, Hashable {
        /// In the environment's own file.
        case file
        /// In deployment settings that a stage is given in the place of the file.
        case settings
    }

    /// The environment's name.
    public var environment: String
    public var origin: Origin
    public var connections: [Connection]
    public var variables: [Variable]
    public var flows: [Flow]
    /// The place to point at when something is not in the file at all.
    public var location: Location?

    /// What an environment binds.
    public init(
        environment: String, origin: Origin = .file, connections: [Connection] = [], variables: [Variable] = [],
        flows: [Flow] = [],
        location: Location? = nil
    ) {
        self.environment = environment
        self.origin = origin
        self.connections = connections
        self.variables = variables
        self.flows = flows
        self.location = location
    }
}
