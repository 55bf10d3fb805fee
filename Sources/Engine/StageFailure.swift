public import Documents
public import Pipelines

/// Why a stage did not succeed; what follows from it (retry, block, exit status) depends on ``Kind`` alone.
public struct StageFailure: Error, Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable {
        /// The work was done and the answer is no.
        case rejected
        /// It could not be done, and trying again will not help.
        case broken
        /// Not this time.
        case transient
        /// What was approved is no longer what would happen; the gates are asked again.
        case stale
    }

    public var kind: Kind
    /// `room/kebab-case`.
    public var code: String
    /// Lower case, no full stop, the cause first.
    public var message: String
    /// What to do about it, and what else is known.
    public var notes: [String]
    /// At most the first 50; all of them are in the stage's report.
    public var findings: [Finding]
    /// Seconds that the other side asked to be left alone.
    public var retryAfter: Double?
    /// What of all that was approved is another thing now, of a failure that is ``Kind/stale``; the ledger has it elsewhere.
    public var changed: [ApprovalPolicy.Part] = []

    private enum CodingKeys: String, CodingKey { case kind, code, message, notes, findings, retryAfter }

    public init(
        _ kind: Kind, _ code: String, _ message: String, notes: [String] = [], findings: [Finding] = [],
        retryAfter: Double? = nil, changed: [ApprovalPolicy.Part] = []
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.notes = notes
        self.findings = Array(findings.prefix(50))
        self.retryAfter = retryAfter
        self.changed = changed
    }
}
