public import Documents
public import Pipelines

/// Carries one step out. Tests script it; the real one looks the stage up and runs it; a remote one sends it to another machine.
public protocol StageExecutor: Sendable {
    /// Runs a stage, or a preview or eligibility gate; never throws: what went wrong is in the outcome.
    func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome

    /// Whether an earlier result could stand in for the step: false spares the look for one. Answers at once.
    func mayReuse(_ step: Step) -> Bool

    /// A digest of everything that the result depends on (kind, version, inputs, the content of the files they name); nil when the step must not be reused.
    func inputDigest(of step: Step, input: Value) async -> String?

    /// Whether what a kept result refers to (objects) is still there.
    func isAvailable(_ output: Value) async -> Bool

    /// Looks whether an attempt that was cut off took effect, where that is seen at once, and changes nothing; one that takes
    /// too long is left behind.
    func lookBack(at step: Step, input: Value, attempt: Attempt) async -> Recovery<Value>

    /// Ends the processes that a killed process left running of steps it was at; one entry for each of the steps that
    /// start processes, also where there are none.
    func endLeftProcesses(of run: RunID, _ steps: [Step]) async -> [LeftProcesses]
}

extension StageExecutor {
    public func mayReuse(_ step: Step) -> Bool { true }
    public func inputDigest(of step: Step, input: Value) async -> String? { nil }
    public func isAvailable(_ output: Value) async -> Bool { true }
    public func lookBack(at step: Step, input: Value, attempt: Attempt) async -> Recovery<Value> {
        .unknown("it is not looked at once")
    }
    public func endLeftProcesses(of run: RunID, _ steps: [Step]) async -> [LeftProcesses] { [] }
}
