public import FoundationEssentials

/// A package that was installed, read back, and found as planned.
public struct VerifiedDeployment: Sendable, Hashable, Codable {
    public var solution: String
    public var version: String
    public var digest: String
    /// When it was installed.
    public var deployed: Date
    /// When it was read back.
    public var verified: Date
    /// When another package of the solution took its place; nil while it is the installed one.
    public var replaced: Date?

    /// How long it has lived there without a break.
    public func lived(until now: Date) -> TimeInterval {
        max(0, (replaced ?? now).timeIntervalSince(deployed))
    }
}
