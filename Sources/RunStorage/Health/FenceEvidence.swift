import Engine

/// The fencing numbers of locks that are known besides the rows of the locks themselves.
struct FenceEvidence: Sendable, Hashable {
    /// The highest that was given out for certain, by lock.
    private(set) var highest: [String: Int] = [:]
    /// How often runs may have taken a concurrency group, by its lock: its ledgers do not name every number.
    private var turns: [String: Int] = [:]
    /// The runs that have not ended and whose ledgers say that they have a lock as a whole, by the lock, with its number.
    private(set) var entered: [String: Entry] = [:]

    /// A run's hold of its group.
    struct Entry: Sendable, Hashable {
        var run: RunID
        var fence: Int
    }

    /// Takes in what an event tells.
    mutating func look(at event: RunEvent) {
        switch event.kind {
        case .lockAcquired(_, let lock, let fence), .lockReleased(_, let lock, let fence),
            .lockBroken(let lock, let fence, _, _):
            note(fence, of: lock)
            if case .lockBroken = event.kind, entered[lock]?.fence == fence { entered[lock] = nil }
        case .groupEntered(let lock, let fence):
            note(fence, of: lock)
            entered[lock] = Entry(run: "", fence: fence)
        case .finished: entered = [:]
        default: break
        }
    }

    /// Counts the processes of a run that took its concurrency group.
    ///
    /// - Parameter isWhole: Whether none of its events is damaged: a run of which one is does not go on, and its ledger could
    ///   not say that somebody took the group away from it.
    mutating func look(at state: RunState, isWhole: Bool) {
        if isWhole { for lock in entered.keys { entered[lock]?.run = state.run } }
        guard let group = state.summary.group else { return }
        turns[Lock.group(group), default: 0] += 1 + state.resumptions
    }

    mutating func note(_ fence: Int, of lock: String) {
        guard (1...Lock.lastFence).contains(fence) else { return }
        highest[lock] = max(highest[lock] ?? 0, fence)
    }

    mutating func merge(_ other: FenceEvidence) {
        highest.merge(other.highest) { max($0, $1) }
        // Without a whole state nobody knows whether the run goes on.
        entered.merge(other.entered.filter { $0.value.run != "" }) { $0.fence > $1.fence ? $0 : $1 }
        turns.merge(other.turns) { $0 + $1 }
    }

    /// Leaves out runs that ended since.
    mutating func keepEntries(_ isOpen: (RunID) throws -> Bool) rethrows {
        entered = try entered.filter { try isOpen($0.value.run) }
    }

    /// A number above all that may have been given out.
    func next(of lock: String) -> Int { max(highest[lock] ?? 0, turns[lock] ?? 0) + 1 }
}
