public import Pipelines

/// What a person says about an effect of which nobody else can tell whether it happened.
public struct Assumption: Sendable, Hashable {
    public var step: StepID
    /// The effect happened.
    public var isDone: Bool
    public var comment: String?

    public init(step: StepID, isDone: Bool, comment: String? = nil) {
        self.step = step
        self.isDone = isDone
        self.comment = comment
    }
}
