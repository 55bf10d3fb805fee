import Documents
public import Foundation

/// One condition under which a package may come into an environment, and how it stands now.
public struct ReadinessCondition: Sendable, Hashable, Codable {
    /// What it is about.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case version, package, after, soak, stage, evidence, bindings, approval, window, freeze, lock
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
    /// Until when it is met, where it runs out.
    public var goodUntil: Date?
    /// What a person can do.
    public var command: String?

    public init(
        _ kind: Kind, _ standing: Standing, _ text: String, notBefore: Date? = nil, goodUntil: Date? = nil,
        command: String? = nil
    ) {
        self.goodUntil = goodUntil
        self.kind = kind
        self.standing = standing
        self.text = text
        self.notBefore = notBefore
        self.command = command
    }

    /// As it stands for a change that is not possible before a time.
    func lapsing(before change: Date?) -> ReadinessCondition {
        guard standing == .met, let change, let goodUntil, goodUntil < change else { return self }
        var condition = self
        condition.standing = .unmet
        condition.text +=
            "; that will have run out, \(Timestamp.text(of: goodUntil)), before a change is possible, \(Timestamp.text(of: change))"
        return condition
    }
}
