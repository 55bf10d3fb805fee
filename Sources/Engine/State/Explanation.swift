public import Pipelines

/// Why a step of a run stands as it stands.
public struct Explanation: Sendable, Hashable, Codable {
    public var step: StepID
    public var status: StepStatus
    /// One sentence, lower case, no full stop.
    public var headline: String
    /// What else is known, one line each.
    public var details: [String]
    /// That the run has not come to rest and no process works on it any more; nil where that is not so.
    public var processIsGone: Bool?
}
