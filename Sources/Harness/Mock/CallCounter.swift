import Synchronization

/// Numbers the calls of a running mock.
final class CallCounter: Sendable {
    private let calls = Mutex(0)

    /// The number of this call, from 1.
    func next() -> Int {
        calls.withLock { count in
            count += 1
            return count
        }
    }
}
