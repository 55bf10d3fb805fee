/// The name of a run, such as `release-20261121-032000-k3f9`: sorts by time and can be typed.
public struct RunID: RawRepresentable, Sendable, Hashable, Codable, Comparable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ text: String) { self.rawValue = text }
    public init(stringLiteral text: String) { self.rawValue = text }

    public var description: String { rawValue }

    public static func < (left: RunID, right: RunID) -> Bool { left.rawValue < right.rawValue }
}
