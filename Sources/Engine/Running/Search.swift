import Synchronization

/// Whether an attempt still looks what an interrupted one has done, before it does anything itself.
final class Search: Sendable {
    private let value = Atomic<Bool>(false)

    func end() { value.store(true, ordering: .releasing) }

    var isOver: Bool { value.load(ordering: .acquiring) }
}
