import Synchronization

/// How long each command of the undisturbed sequence takes now, in seconds.
final class Pace: Sendable {
    private let seconds: Mutex<[Double]>

    init(_ seconds: [Double]) { self.seconds = Mutex(seconds) }

    subscript(_ station: Int) -> Double {
        get { seconds.withLock { $0[station] } }
        set { seconds.withLock { $0[station] = newValue } }
    }
}
