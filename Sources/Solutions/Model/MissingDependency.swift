public import Documents

/// Something that a solution needs and does not contain.
public struct MissingDependency: Sendable, Hashable {
    /// One side of the dependency.
    public struct Side: Sendable, Hashable {
        /// A number, or the name of a table for newer kinds of component.
        public var type: String
        public var id: String?
        public var schemaName: String?
        public var displayName: String?
        /// Such as `Name (1.0.0.0)`; `Active` when it is unmanaged where the solution was exported.
        public var solution: String?
        /// The logical name, for a connection reference.
        public var logicalName: String?
    }

    public var required: Side
    public var dependent: Side
    public var location: Location?
}
