public import Documents

/// A cloud flow (or classic workflow) of a solution.
public struct Workflow: Sendable, Hashable {
    /// A connection that the flow uses.
    public struct Connection: Sendable, Hashable {
        /// The name inside the flow; may be stale and means nothing elsewhere.
        public var key: String
        /// The connection reference that it is bound through; nil in flows that know no connection references.
        public var logicalName: String?
        /// The API's id where the flow was made.
        public var apiName: String?
        /// The connector's name; only custom connectors have it.
        public var connectorName: String?
        public var location: Location?
    }

    /// A use of a connector's operation.
    public struct Operation: Sendable, Hashable {
        /// The ``Connection/key`` that it goes through.
        public var connection: String
        public var operationID: String
        public var location: Location?
    }

    /// A use of an environment variable.
    public struct Variable: Sendable, Hashable {
        public var schemaName: String
        public var location: Location?
    }

    /// The identifier without braces, lower case.
    public var id: String
    public var name: String
    public var uniqueName: String?
    /// Path of the definition in the package; nil for a workflow without one.
    public var file: String?
    /// 5 for a cloud flow.
    public var category: Int?
    /// Whether it is packed as switched on.
    public var isOn: Bool
    public var connections: [Connection]
    public var operations: [Operation]
    public var variables: [Variable]
    public var location: Location?

    /// Whether this flow goes by a name: its name, its unique name, its id, or prefix and name.
    public func isCalled(_ other: String, prefix: String) -> Bool {
        let other = other.lowercased()
        return [name, uniqueName ?? name, id, "\(prefix)_\(name)"].contains { $0.lowercased() == other }
    }
}
