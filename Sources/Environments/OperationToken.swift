/// The name of one deployment; the same for every attempt, so that an effect is recognised after a crash.
public struct OperationToken: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    public let rawValue: String
    public var description: String { rawValue }

    /// A token of any text that is not empty.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A token of any text that is not empty.
    public init(_ text: String) { rawValue = text }
    public init(stringLiteral text: String) { rawValue = text }
}
