public import Documents
public import Pipelines

/// What the decider wants done next.
public enum Command: Sendable, Hashable {
    /// An event that follows from what is known; nothing outside is asked.
    case record(RunEvent.Kind)
    /// Look whether an earlier result with equal inputs can stand in for a step.
    case look(StepID, input: Value)
    /// Carry out a step, after its lock was taken.
    case start(StepID, input: Value, attempt: Int, token: String, recovering: Bool)
    /// Stop what runs: the run was cancelled.
    case stop
    /// Everything has ended.
    case finish(RunStatus)
}
