/// The answer to the wish for a lock.
public enum Claim: Sendable, Hashable {
    case granted(Lock)
    /// Somebody else has it.
    case held(Lock)
}
