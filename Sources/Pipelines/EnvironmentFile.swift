public import OrderedCollections

/// One file of `environments/`: a place where packages are installed, and what is bound there.
public struct EnvironmentFile: Sendable, Hashable, Codable {
    /// What kind of place it is.
    public enum Target: Sendable, Hashable, Codable {
        /// An embedded environment in a folder, relative to the repository's root.
        case directory(path: String)
        case dataverse(url: String, tenant: String, client: String)
    }

    /// The connection that a connection reference is bound to.
    public struct Connection: Sendable, Hashable, Codable {
        /// The connector's name or id.
        public var connector: String
        /// The connection's id; may be `${{ secrets.NAME }}`.
        public var connection: String
        public var place: SourcePlace?

        public init(connector: String, connection: String, place: SourcePlace? = nil) {
            self.connector = connector
            self.connection = connection
            self.place = place
        }
    }

    /// The value of an environment variable; may hold `${{ secrets.NAME }}`.
    public struct Variable: Sendable, Hashable, Codable {
        public var value: String
        public var place: SourcePlace?

        public init(value: String, place: SourcePlace? = nil) {
            self.value = value
            self.place = place
        }
    }

    /// Whether flows are switched on after a deployment.
    public struct Flows: Sendable, Hashable, Codable {
        /// The state of flows that are not named; as packed when absent.
        public var defaultEnabled: Bool?
        /// By name or unique name of the flow.
        public var enabled: OrderedDictionary<String, Bool>

        public init(defaultEnabled: Bool? = nil, enabled: OrderedDictionary<String, Bool> = [:]) {
            self.defaultEnabled = defaultEnabled
            self.enabled = enabled
        }
    }

    /// What `connector.test` talks to.
    public enum Backend: Sendable, Hashable, Codable {
        /// Serves the definition itself for the time of the stage.
        case mock
        case url(String)
    }

    /// What stands before any deployment here.
    public struct Gates: Sendable, Hashable, Codable {
        /// Seconds that the digest must have lived in `after`.
        public var soak: Double
        public var evidence: EvidencePolicy?
        public var approvals: [ApprovalPolicy]
        public var windows: [ChangeWindow]
        public var freezes: [Freeze]
        /// Who may open these gates without what they ask for; the role `bypass` when nothing is said.
        public var bypass: BypassPolicy?

        public init(
            soak: Double = 0, evidence: EvidencePolicy? = nil, approvals: [ApprovalPolicy] = [],
            windows: [ChangeWindow] = [], freezes: [Freeze] = [], bypass: BypassPolicy? = nil
        ) {
            self.soak = soak
            self.evidence = evidence
            self.approvals = approvals
            self.windows = windows
            self.freezes = freezes
            self.bypass = bypass
        }
    }

    public var name: String
    public var summary: String?
    /// Only a digest that was deployed and verified there may come here.
    public var after: String?
    public var target: Target
    /// By logical name of the connection reference.
    public var connections: OrderedDictionary<String, Connection>
    /// By schema name of the environment variable.
    public var variables: OrderedDictionary<String, Variable>
    public var flows: Flows
    public var backend: Backend?
    public var gates: Gates
    /// What a run does that comes here while another one works here.
    public var pending: Plan.Concurrency.Pending
    /// A file of `NAME=value` lines from which secrets come when the process environment does not have them.
    public var secretsFile: String?

    public init(
        name: String, summary: String? = nil, after: String? = nil, target: Target,
        connections: OrderedDictionary<String, Connection> = [:],
        variables: OrderedDictionary<String, Variable> = [:], flows: Flows = Flows(), backend: Backend? = nil,
        gates: Gates = Gates(), pending: Plan.Concurrency.Pending = .queue, secretsFile: String? = nil
    ) {
        self.name = name
        self.summary = summary
        self.after = after
        self.target = target
        self.connections = connections
        self.variables = variables
        self.flows = flows
        self.backend = backend
        self.gates = gates
        self.pending = pending
        self.secretsFile = secretsFile
    }
}
