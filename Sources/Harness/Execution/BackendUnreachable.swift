/// The backend gave no answer at all, so nothing can be said about the connector.
public struct BackendUnreachable: Error, Sendable, CustomStringConvertible {
    /// The address, without credentials.
    public var address: String
    /// The cause, lower case, without a full stop.
    public var cause: String
    /// How many calls were answered before.
    public var answered = 0
    /// Whether the address can never work, so that trying again will not help.
    public var isAddressWrong = false

    /// The address and the cause.
    public var description: String {
        answered == 0
            ? "the backend at \(address) cannot be reached: \(cause)"
            : "the backend at \(address) stopped answering after \(answered) calls: \(cause)"
    }
}
