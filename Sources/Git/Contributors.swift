/// Who wrote a part of the history.
public struct Contributors: Sendable, Hashable {
    /// E-mails of the authors and of those who committed.
    public var people: Set<String> = []
    /// Whether every commit could be looked at: not where cloning cut the history off.
    public var isWhole = true

    public init() {}
}
