/// A case's result with what the run's figures need.
struct CaseRecord: Sendable {
    struct Cause: Sendable {
        var text: String
        var isUnreachable: Bool
    }

    var result: CaseResult
    var isRead: Bool
    /// Seconds of each call that counts for latency.
    var latencies: [Double] = []
    /// Calls that were answered at all.
    var answers = 0
    /// Answers with 401.
    var unauthorized = 0
    /// Whether a call gave a documented success.
    var didSucceed = false
    /// Why the last throttled call was not made again; nil where none stayed throttled.
    var throttling: Throttling?
    /// The seconds that the backend asked for, of each call that stayed throttled and got such an answer.
    var waits: [Double] = []
    /// Why the last unanswered call got no answer.
    var transport: Cause?
}
