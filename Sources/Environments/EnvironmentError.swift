/// Says why an environment did not do what was asked; nothing was changed.
public struct EnvironmentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What callers may want to tell apart.
    public enum Kind: String, Sendable, Hashable {
        /// The environment says no: a downgrade, another package of the same version.
        case refused
        /// The environment is not in the state that the plan was made against.
        case stale
        /// Another process works in the environment.
        case busy
        /// The environment's files are not readable or do not fit together.
        case damaged
        /// The disk or its permissions are at fault.
        case disk
    }

    public var kind: Kind
    /// `environment/kebab-case`.
    public var code: String
    /// Lower case, no full stop.
    public var message: String
    /// What else is known and what to do.
    public var notes: [String]
    public var description: String { ([message] + notes).joined(separator: "; ") }

    /// An error of a kind, with its code and sentence.
    public init(_ kind: Kind, _ code: String, _ message: String, notes: [String] = []) {
        self.kind = kind
        self.code = code
        self.message = message
        self.notes = notes
    }
}
