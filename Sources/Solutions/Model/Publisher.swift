public import Documents

/// Who publishes a solution; the prefix begins the names of everything in it.
public struct Publisher: Sendable, Hashable {
    public var uniqueName: String
    public var displayName: String?
    /// Such as `contoso`, without the underscore.
    public var prefix: String
    public var location: Location?
}
