/// One thing that was looked at, and how it stands.
public struct Diagnosis: Sendable, Hashable, Codable {
    public enum Verdict: String, Sendable, Hashable, Codable {
        case ok
        /// Worth knowing, and no harm.
        case note
        case problem
        /// It was a problem, and is one no more.
        case repaired
    }

    /// What was looked at, such as `run index`.
    public var check: String
    public var verdict: Verdict
    /// Lower case, no full stop.
    public var message: String
    /// Each case, as far as there are few.
    public var details: [String]
    /// What a repair does, or did.
    public var repair: String?
    /// What a person types instead.
    public var command: String?

    public init(
        _ check: String, _ verdict: Verdict, _ message: String, details: [String] = [], repair: String? = nil,
        command: String? = nil
    ) {
        self.check = check
        self.verdict = verdict
        self.message = message
        self.details = details.count > 20 ? details.prefix(20) + ["and \(details.count - 20) more"] : details
        self.repair = repair
        self.command = command
    }
}
