public import Foundation

/// One condition under which a package may come into an environment, and how it stands now.
public struct ReadinessCondition: Sendable, Hashable, Codable {
    /// What it is about.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case version, after, soak, evidence, bindings, approval, window, freeze, lock
    }

    /// How it stands.
    public enum Standing: String, Sendable, Hashable, Codable {
        case met
        /// It can be met, by time or by people.
        case unmet
        /// Nothing and nobody can meet it.
        case never
    }

    public var kind: Kind
    public var standing: Standing
    /// Lower case, no full stop.
    public var text: String
    /// When it is met by itself, where only time is missing.
    public var notBefore: Date?
    /// What a person can do.
    public var command: String?

    public init(
        _ kind: Kind, _ standing: Standing, _ text: String, notBefore: Date? = nil, command: String? = nil
    ) {
        self.kind = kind
        self.standing = standing
        self.text = text
        self.notBefore = notBefore
        self.command = command
    }
}
