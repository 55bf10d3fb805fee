/// How the work of a process on a run ended: the run may be finished or wait.
public struct RunEnding: Sendable {
    public let state: RunState
    /// The run was over and stays so: what a person said of it was taken down.
    public let isOnlyNoted: Bool

    public init(state: RunState, isOnlyNoted: Bool = false) {
        self.state = state
        self.isOnlyNoted = isOnlyNoted
    }

    public var run: RunID { state.run }
    public var status: RunStatus { state.status }
}

extension RunState {
    /// The exit status that tells a caller how the run stands.
    public var exitStatus: Int32 {
        switch status {
        case .succeeded: 0
        case .waiting, .running: 75
        case .cancelled: 130
        case .rejected: 1
        case .failed:
            // Only a stage's own no is 1; what could not be done at all is the surroundings' fault.
            steps.contains { $0.failure.map { $0.kind != .rejected } ?? false } ? 3 : 1
        }
    }
}
