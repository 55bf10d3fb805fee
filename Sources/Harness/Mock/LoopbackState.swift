import Synchronization

/// The address of a running server, known once its port is open.
final class LoopbackState: Sendable {
    private let address = Mutex("")

    var origin: String { address.withLock { $0 } }

    func open(at origin: String) { address.withLock { $0 = origin } }
}
