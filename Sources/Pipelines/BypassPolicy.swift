/// Who may open the gates of an environment without what they ask for.
public struct BypassPolicy: Sendable, Hashable, Codable {
    /// A role of `environments/roles.yaml`.
    public var role: String
    /// Whether two different people must do it.
    public var secondPerson: Bool

    public init(role: String = "bypass", secondPerson: Bool = false) {
        self.role = role
        self.secondPerson = secondPerson
    }

    /// How many different people must do it.
    public var count: Int { secondPerson ? 2 : 1 }
}
