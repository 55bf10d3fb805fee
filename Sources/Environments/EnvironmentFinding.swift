/// Something in the folder of an environment that is not as almrun left it.
public struct EnvironmentFinding: Sendable, Hashable {
    /// What may be done about it.
    public enum Kind: Sendable, Hashable {
        /// Worth knowing, and no harm.
        case note
        case problem
        /// Nobody needs it, and it may go.
        case leftover
        /// The state or a package that is damaged here and whole elsewhere, from where it can be put back.
        case mendable
    }

    public var kind: Kind
    /// Lower case, no full stop; names the file or the thing.
    public var message: String
    /// What it means for those who deploy, and what to do.
    public var consequence: String

    public init(_ kind: Kind, _ message: String, _ consequence: String) {
        self.kind = kind
        self.message = message
        self.consequence = consequence
    }
}
