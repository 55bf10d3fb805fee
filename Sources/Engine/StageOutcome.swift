public import Documents

/// How an attempt ended; one enum, so that no status can contradict an error.
public enum StageOutcome: Sendable, Hashable {
    /// With the outputs, a map.
    case succeeded(Value)
    /// It was looked what an interrupted attempt had done, and that had done it all; with its outputs.
    case found(Value)
    case failed(StageFailure)
    case suspended(Suspension)
    case cancelled
}
