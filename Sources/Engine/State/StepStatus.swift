/// How a step stands.
public enum StepStatus: String, Sendable, Hashable, Codable, CaseIterable {
    /// Its needs have not all ended, or nothing has taken it up yet.
    case pending
    /// For a person, a time or a lock.
    case waiting
    case running
    /// It failed and is tried again at a later time.
    case retrying
    case succeeded
    /// An earlier result with equal inputs stands in.
    case reused
    /// Its `when` or a need without outputs turned it off; never read as success.
    case skipped
    /// A need did not end well.
    case blocked
    case failed
    /// A person said no, or nobody said yes in time.
    case rejected
    case cancelled
    /// Its effect may have happened, and a person must say whether it did.
    case uncertain

    /// Whether the step has come to its end.
    public var isSettled: Bool {
        switch self {
        case .pending, .waiting, .running, .retrying, .uncertain: false
        case .succeeded, .reused, .skipped, .blocked, .failed, .rejected, .cancelled: true
        }
    }

    /// Whether the step has outputs.
    public var isGood: Bool { self == .succeeded || self == .reused }

    /// Whether what needs the step is blocked.
    public var blocks: Bool {
        switch self {
        case .blocked, .failed, .rejected, .cancelled: true
        default: false
        }
    }
}
