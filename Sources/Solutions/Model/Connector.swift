public import Documents

/// A custom connector of a solution.
public struct Connector: Sendable, Hashable {
    /// The row's identifier, lower case; the same in every environment that it was imported into.
    public var id: String?
    /// Such as `contoso_contoso-20sales`.
    public var name: String
    public var displayName: String?
    /// Path of the OpenAPI definition in the package.
    public var definitionFile: String?
    /// The operations of its definition; nil when it has none that can be read.
    public var operationIDs: Set<String>?
    /// The files that its element names, as paths in the package.
    public var files: [String]
    public var location: Location?
}
