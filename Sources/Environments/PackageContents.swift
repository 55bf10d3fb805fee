public import FoundationEssentials

/// What an environment needs to know of a package to install it.
public struct PackageContents: Sendable, Hashable {
    /// A connection reference that the package brings.
    public struct ConnectionReference: Sendable, Hashable {
        public var logicalName: String
        /// The connector's API id or name as packed.
        public var connector: String

        /// A reference to a connection of a connector.
        public init(logicalName: String, connector: String) {
            self.logicalName = logicalName
            self.connector = connector
        }
    }

    /// An environment variable that the package brings.
    public struct Variable: Sendable, Hashable {
        public var schemaName: String
        public var defaultValue: String?
        /// A current value inside the package, which travels to every environment: usually a mistake.
        public var packagedValue: String?

        /// A variable with what the package says of its value.
        public init(schemaName: String, defaultValue: String? = nil, packagedValue: String? = nil) {
            self.schemaName = schemaName
            self.defaultValue = defaultValue
            self.packagedValue = packagedValue
        }
    }

    /// A cloud flow that the package brings.
    public struct Flow: Sendable, Hashable {
        public var id: String
        public var name: String
        /// Other names that settings may call it by.
        public var otherNames: [String]
        /// Whether it is packed switched on.
        public var isOn: Bool
        /// Logical names of the connection references that it uses.
        public var connectionReferences: [String]

        /// A flow by id and name.
        public init(
            id: String, name: String, otherNames: [String] = [], isOn: Bool, connectionReferences: [String] = []
        ) {
            self.id = id
            self.name = name
            self.otherNames = otherNames
            self.isOn = isOn
            self.connectionReferences = connectionReferences
        }
    }

    /// Something that the package consists of; the same one in two versions has the same kind and id.
    public struct Component: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
        /// Such as `flow` or `connector`.
        public var kind: String
        public var id: String
        /// What people call it.
        public var name: String
        public var description: String { "\(kind) \(name)" }

        /// A component; without an id its name stands for it.
        public init(kind: String, name: String, id: String? = nil) {
            self.kind = kind
            self.id = id ?? name
            self.name = name
        }

        public static func == (left: Self, right: Self) -> Bool { (left.kind, left.id) == (right.kind, right.id) }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(kind)
            hasher.combine(id)
        }

        public static func < (left: Self, right: Self) -> Bool {
            (left.kind, left.name, left.id) < (right.kind, right.name, right.id)
        }
    }

    public var solution: String
    public var version: String
    public var isManaged: Bool
    /// SHA-256 of the package's bytes, 64 hexadecimal digits.
    public var digest: String
    public var bytes: Data
    /// Sorted, none twice.
    public var components: [Component]
    public var connectionReferences: [ConnectionReference]
    public var variables: [Variable]
    public var flows: [Flow]

    /// A package described by hand.
    public init(
        solution: String, version: String, isManaged: Bool, digest: String, bytes: Data, components: [Component],
        connectionReferences: [ConnectionReference] = [], variables: [Variable] = [], flows: [Flow] = []
    ) {
        self.solution = solution
        self.version = version
        self.isManaged = isManaged
        self.digest = digest
        self.bytes = bytes
        self.components = Set(components).sorted()
        self.connectionReferences = connectionReferences
        self.variables = variables
        self.flows = flows
    }
}
