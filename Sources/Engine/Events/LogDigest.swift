public import Pipelines

/// What the log of an attempt held when an event was written: so many bytes from its beginning, with this digest.
public struct LogDigest: Sendable, Hashable {
    public var step: StepID
    public var attempt: Int
    /// How many bytes, from the first on.
    public var bytes: Int
    /// SHA-256 of them, hexadecimal.
    public var sha256: String

    public init(step: StepID, attempt: Int, bytes: Int, sha256: String) {
        self.step = step
        self.attempt = attempt
        self.bytes = bytes
        self.sha256 = sha256
    }
}
