public import Pipelines

/// What a runner tells while it works.
public enum RunNotice: Sendable {
    /// The state that the run was taken up with.
    case began(RunState)
    /// An event that is durable now.
    case event(RunEvent)
    /// What a step says.
    case message(StepID, attempt: Int, StageMessage)
    /// Lines that a step said and that are not in its log.
    case lost(StepID, StepLogWriter.Loss)
    /// What a person should know besides, as a line.
    case remark(String)
}
