public import FoundationEssentials

/// A solution as an environment has it.
public struct InstalledSolution: Sendable, Hashable, Codable {
    /// One version on top of another; an upgrade leaves a single base layer.
    public struct Layer: Sendable, Hashable, Codable {
        /// Where it lies.
        public enum Kind: String, Sendable, Hashable, Codable {
            case base
            case update
            case unmanaged
        }

        public var kind: Kind
        public var version: String
        public var digest: String
        public var installed: Date
    }

    public var solution: String
    public var version: String
    public var isManaged: Bool
    /// SHA-256 of the package that was installed last.
    public var digest: String
    public var installed: Date
    /// Lowest first.
    public var layers: [Layer]
    /// Sorted.
    public var components: [PackageContents.Component]
    /// Logical names of its connection references.
    public var connectionReferences: [String]
    /// Schema names of its environment variables.
    public var variables: [String]
    /// Ids of its flows.
    public var flows: [String]
}
