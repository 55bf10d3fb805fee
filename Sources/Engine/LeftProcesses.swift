public import Pipelines

/// The processes that a step was at when the process that worked on its run was killed.
public struct LeftProcesses: Sendable, Hashable {
    public var step: StepID
    /// Those that were ended, as `name (number)`.
    public var ended: [String]
    /// Those that go on in spite of it.
    public var remaining: [String]

    public init(step: StepID, ended: [String] = [], remaining: [String] = []) {
        self.step = step
        self.ended = ended
        self.remaining = remaining
    }
}
