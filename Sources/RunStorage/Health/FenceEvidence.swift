import Engine

/// The fencing numbers of locks that are known besides the rows of the locks themselves.
struct FenceEvidence: Sendable, Hashable {
    /// The highest that was given out for certain, by lock.
    private(set) var highest: [String: Int] = [:]
    /// How often runs may have taken a concurrency group, by its lock: its ledgers do not name every number.
    private var turns: [String: Int] = [:]

    /// Takes in what an event tells.
    mutating func look(at event: RunEvent) {
        switch event.kind {
        case .lockAcquired(_, let lock, let fence), .lockReleased(_, let lock, let fence),
            .lockBroken(let lock, let fence, _, _):
            note(fence, of: lock)
        default: break
        }
    }

    /// Counts the processes of a run that took its concurrency group.
    mutating func look(at state: RunState) {
        guard let group = state.summary.group else { return }
        turns[Lock.group(group), default: 0] += 1 + state.resumptions
    }

    mutating func note(_ fence: Int, of lock: String) {
        guard (1...Int(Int32.max)).contains(fence) else { return }
        highest[lock] = max(highest[lock] ?? 0, fence)
    }

    mutating func merge(_ other: FenceEvidence) {
        highest.merge(other.highest) { max($0, $1) }
        turns.merge(other.turns) { $0 + $1 }
    }

    /// A number above all that may have been given out.
    func next(of lock: String) -> Int { max(highest[lock] ?? 0, turns[lock] ?? 0) + 1 }
}
