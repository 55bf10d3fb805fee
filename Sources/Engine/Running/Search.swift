import Synchronization

/// Whether an attempt still looks what an interrupted one has done, before it does anything itself.
final class Search: Sendable {
    private let value = Atomic<Bool>(false)
    private let left = Atomic<Bool>(false)

    func end() { value.store(true, ordering: .releasing) }

    var isOver: Bool { value.load(ordering: .acquiring) }

    /// The look hangs, and is not waited for any more.
    func leave() { left.store(true, ordering: .releasing) }

    var isLeft: Bool { left.load(ordering: .acquiring) }
}
