/// Who must approve, and until when.
public struct ApprovalPolicy: Sendable, Hashable, Codable {
    /// A group of people who may not approve.
    public enum Excluded: String, Sendable, Hashable, Codable, CaseIterable {
        case requester, committers
    }

    /// A role of `environments/roles.yaml`.
    public var role: String
    /// How many different people.
    public var count: Int
    public var distinctFrom: [Excluded]
    /// Seconds after which the question is void.
    public var expires: Double?
    public var instructions: String?

    public init(
        role: String, count: Int = 1, distinctFrom: [Excluded] = [], expires: Double? = nil,
        instructions: String? = nil
    ) {
        self.role = role
        self.count = count
        self.distinctFrom = distinctFrom
        self.expires = expires
        self.instructions = instructions
    }
}
