import Synchronization

/// Counts children that have ended, so that their owner takes all of them in one go.
final class Tally: Sendable {
    private let value = Atomic<Int>(0)

    func add() { value.add(1, ordering: .releasing) }

    var count: Int { value.load(ordering: .acquiring) }
}
