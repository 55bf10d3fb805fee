import Synchronization

/// Stops waiting for a backend that keeps throttling: shared by the cases of one run.
final class ThrottleBreaker: Sendable {
    private let exhausted = Mutex(0)

    private static let patience = 3

    /// Whether so many cases in a row stayed throttled that no call is made again.
    var isOpen: Bool { exhausted.withLock { $0 >= Self.patience } }

    /// Notes how a call ended that was not meant to be throttled.
    func note(isThrottled: Bool) {
        exhausted.withLock { $0 = isThrottled ? $0 + 1 : 0 }
    }
}
