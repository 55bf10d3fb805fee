public import Documents

/// The reusable results of a store, compared with the events that made them.
public struct ResultAudit: Sendable, Hashable {
    /// One that is not what an event says, so that it is not used.
    public struct Wrong: Sendable, Hashable {
        /// Digest of the inputs.
        public var digest: String
        public var run: RunID
        public var step: String
        /// Lower case, no full stop.
        public var reason: String

        public init(digest: String, run: RunID, step: String, reason: String) {
            self.digest = digest
            self.run = run
            self.step = step
            self.reason = reason
        }

        /// Which one it is, and what is wrong with it.
        public var text: String {
            "the result of step '\(step)' of run '\(run)' for inputs \(digest.prefix(12)): \(reason)"
        }

        /// The same for machines.
        public var value: Value {
            [
                "inputDigest": .string(digest), "run": .string(run.rawValue), "step": .string(step),
                "reason": .string(reason),
            ]
        }
    }

    public var count: Int
    public var wrong: [Wrong]

    public init(count: Int = 0, wrong: [Wrong] = []) {
        self.count = count
        self.wrong = wrong
    }
}
