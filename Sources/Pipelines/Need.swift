/// An edge of the plan: a step that must have ended before, and why.
public struct Need: Sendable, Hashable, Codable {
    /// Why the edge is there.
    public enum Reason: Sendable, Hashable, Codable {
        /// Listed under `needs`.
        case declared
        /// Its output of this name is used; when it was skipped, this step is skipped too.
        case output(String)
        /// The `when` of this step looks at its output.
        case condition(String)
        /// It is a gate of this step, or the gate before.
        case gate
        /// It may show what the gate asks for; it is waited for, however it ends.
        case evidence
    }

    public var step: StepID
    public var reason: Reason

    public init(_ step: StepID, _ reason: Reason) {
        self.step = step
        self.reason = reason
    }
}
