public import Documents

/// What a stage says while it works.
public enum StageMessage: Sendable, Hashable {
    public enum Stream: String, Sendable, Hashable, Codable { case output, error, note }

    /// A line for the step's log; secrets are masked on the way.
    case line(String, Stream)
    /// A line that is no UTF-8; secrets are masked on the way.
    case bytes([UInt8], Stream)
    /// What it is at, with how much is done (0 to 1) when known; live only, never kept.
    case progress(String, Double?)
    case finding(Finding)
}
