public import Documents

/// How an attempt ended, as it is kept.
public enum AttemptEnding: Sendable, Hashable {
    /// With the outputs, or the object that holds them; the digest of the inputs makes the result reusable.
    case succeeded(output: Value, object: String?, inputDigest: String?)
    case failed(StageFailure)
    /// A person said no, or nobody said yes in time.
    case rejected(String)
    case cancelled
    /// Its result cannot be trusted or was never seen: it may have taken effect.
    case lost(String)
}
