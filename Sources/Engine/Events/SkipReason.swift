public import Documents
public import Pipelines

/// Why a step does not run though nothing went wrong.
public enum SkipReason: Sendable, Hashable, Codable {
    /// A value that a `when` looked at.
    public struct Seen: Sendable, Hashable, Codable {
        public var subject: String
        public var expected: [Value]
        /// Null when there is no such output.
        public var actual: Value

        public init(subject: String, expected: [Value], actual: Value) {
            self.subject = subject
            self.expected = expected
            self.actual = actual
        }
    }

    /// Its `when` does not hold; the entries that were not met.
    case condition([Seen])
    /// It uses an output of a step that has none.
    case output(of: StepID, name: String)
    /// A gate before it was skipped.
    case gate(StepID)
}
