import Synchronization

/// What was written, piece by piece.
final class Written: Sendable {
    private let pieces = Mutex<[String]>([])

    func add(_ piece: String) { pieces.withLock { $0.append(piece) } }

    var text: String { pieces.withLock { $0.joined() } }
}
