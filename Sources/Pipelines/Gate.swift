/// A condition that an environment or a pipeline puts before a stage; always a step of its own.
public enum Gate: Sendable, Hashable, Codable {
    /// Finds out what the guarded stage would change; the approvals after it are bound to the answer.
    case preview
    /// The package's digest is deployed and verified in `after` and has lived there for `soak` seconds.
    case eligible(after: String?, soak: Double)
    /// Stages have shown what must be known of the package.
    case evidence(EvidencePolicy)
    case approval(ApprovalPolicy)
    case window([ChangeWindow], freezes: [Freeze])
}
