public import Documents

/// A connection reference: the name under which flows use a connection, bound anew in every environment.
public struct ConnectionReference: Sendable, Hashable {
    /// Such as `contoso_sharedcontososales`.
    public var logicalName: String
    public var displayName: String?
    /// `/providers/Microsoft.PowerApps/apis/shared_...` where the solution was made; custom connectors get another one in
    /// every environment.
    public var connectorID: String?
    /// The row of the custom connector; nil for a connector that the platform has.
    public var customConnectorID: String?
    public var location: Location?

    /// The last part of ``connectorID``, such as `shared_teams`.
    public var apiName: String? { connectorID.map { $0.split(separator: "/").last.map(String.init) ?? $0 } }
}
