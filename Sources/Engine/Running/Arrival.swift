import Documents

import struct Foundation.Date

/// What a child of the run's task brings back.
enum Arrival: Sendable {
    /// Looked for earlier results.
    case looked([Look])
    case ended(Launch, Report)
    case tick(Date)
    case cancelled

    /// The end of an attempt.
    enum Report: Sendable {
        case ending(AttemptEnding)
        case suspended(Suspension)
        /// It was stopped before it had done anything.
        case untouched
    }

    /// Whether a step brought it.
    var isWork: Bool {
        switch self {
        case .looked, .ended: true
        case .tick, .cancelled: false
        }
    }
}

/// A look for an earlier result with equal inputs.
struct Look: Sendable {
    var number: Int
    var input: Value
    /// Under which this step's result can be kept.
    var inputDigest: String?
    var earlier: ReusedResult?
    /// Why the result that is kept cannot be used.
    var refusal: String?
}

/// An attempt that is to begin.
struct Launch: Sendable {
    /// Tells the attempt to stop, because its lease is no longer its own; nil without a lease.
    var revocation: StopSignal?
    /// Says whether it may still go on, once it has begun.
    var authority: AttemptAuthority?
    /// What the log of the attempt says first.
    var remark: String?
    var number: Int
    var input: Value
    var attempt: Int
    /// How many attempts before this one only looked.
    var looks = 0
    var token: String
    var recovering: Bool
    /// All tries are used up; it is only found out whether the last one took effect.
    var looksOnly = false
    /// Why gates before the step are not open any more.
    var shut: [String] = []
    var lock: Lock?
    var inputDigest: String?
    var timeout: Double?
    var approved: Preview?
    /// What its log holds, once it has ended; nil when nothing was said.
    var log: LogDigest?
}
