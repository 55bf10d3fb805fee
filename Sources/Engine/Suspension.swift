public import struct Foundation.Date

/// Why a step waits, and for what.
public struct Suspension: Sendable, Hashable, Codable {
    /// What ends the wait.
    public enum Cause: Sendable, Hashable, Codable {
        /// A person's decision.
        case approval
        /// A time.
        case until(Date)
        /// Another run that holds the environment or the concurrency group.
        case lock(name: String, holder: String)
        /// A person who looks whether an interrupted effect happened.
        case uncertainEffect
    }

    public var cause: Cause
    /// `room/kebab-case`.
    public var code: String
    /// Lower case, no full stop: what waits for whom or for what.
    public var message: String
    /// Of an attempt that looked first what an earlier one had done: true where it found nothing and began to work, so that the
    /// effect in doubt may be of either; nil for all else.
    public var hasBegun: Bool?

    /// When the wait is over by itself; nil where it is not.
    ///
    /// Where it is inlined beside other uses of the value, the optimiser of Swift 6.3.1 ends with "Found ownership error".
    @inline(never)
    public var end: Date? { if case .until(let date) = cause { date } else { nil } }

    public init(_ cause: Cause, code: String, message: String) {
        self.cause = cause
        self.code = code
        self.message = message
    }

    /// The lock that is waited for, and the run that had it when the wait began.
    public var lock: (name: String, holder: RunID)? {
        if case .lock(let name, let holder) = cause { (name, RunID(holder)) } else { nil }
    }
}
