public import Documents

/// How an attempt ended, as it is kept.
public enum AttemptEnding: Sendable, Hashable {
    /// With the outputs, or the object that holds them; the digest of the inputs makes the result reusable.
    ///
    /// What was `found` had been done by an attempt before that was interrupted; this one only looked.
    case succeeded(output: Value, object: String?, inputDigest: String?, found: Bool = false)
    case failed(StageFailure)
    /// A person said no, or nobody said yes in time.
    case rejected(String)
    case cancelled
    /// Its result cannot be trusted or was never seen: it may have taken effect.
    case lost(String)
}
