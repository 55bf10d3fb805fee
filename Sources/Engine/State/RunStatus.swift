/// How a run stands.
public enum RunStatus: String, Sendable, Hashable, Codable, CaseIterable {
    /// Something is to be done, or was when its process died.
    case running
    /// Only waits are left: for a person, a time or another run.
    case waiting
    case succeeded
    /// A stage said no or could not be done.
    case failed
    /// A person said no, or nobody said yes in time.
    case rejected
    case cancelled

    /// Whether nothing more happens unless somebody resumes the run.
    public var isFinished: Bool {
        switch self {
        case .running, .waiting: false
        case .succeeded, .failed, .rejected, .cancelled: true
        }
    }
}
