/// No connection to the backend came about, so nothing can be said about the connector.
public struct BackendUnreachable: Error, Sendable, CustomStringConvertible {
    /// The address, without credentials.
    public var address: String
    /// The cause, lower case, without a full stop.
    public var cause: String
    /// Whether the address can never work, so that trying again will not help.
    public var isAddressWrong = false

    /// The address and the cause.
    public var description: String {
        isAddressWrong
            ? "the backend cannot be called: \(cause)" : "the backend at \(address) cannot be reached: \(cause)"
    }
}
