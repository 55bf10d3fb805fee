public import Engine

extension Claim {
    /// The lock that was given; nil when somebody else has it.
    public var lock: Lock? {
        guard case .granted(let lock) = self else { return nil }
        return lock
    }
}
