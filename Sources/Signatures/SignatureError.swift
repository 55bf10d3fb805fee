/// Why a key cannot be used, or a signature does not hold.
public struct SignatureError: Error, Sendable, Hashable, CustomStringConvertible {
    /// `signature/kebab-case`.
    public var code: String
    /// Lower case, no full stop, names the thing in quotes.
    public var message: String

    public init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
