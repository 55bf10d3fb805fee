/// The name of a step in a plan, such as `pack`, `prod/promote` or `prod/promote.approval`.
public struct StepID: RawRepresentable, Sendable, Hashable, Codable, Comparable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ text: String) { self.rawValue = text }
    public init(stringLiteral text: String) { self.rawValue = text }

    public var description: String { rawValue }

    public static func < (left: StepID, right: StepID) -> Bool { left.rawValue < right.rawValue }
}
