import OrderedCollections
import Pipelines

extension RunState.Queue {
    /// Which run is waited for, lower case, no full stop.
    public var text: String {
        isFree
            ? "waits its turn in the group '\(group)', which nobody has now; run '\(holder)' was before it"
            : "waits for run '\(holder)' of the same group '\(group)', which has it since \(EventTime.text(since))"
    }

    /// The group as it is now.
    fileprivate func facing(_ locks: [Lock], run: RunID) -> RunState.Queue {
        var now = self
        let lock = locks.first { $0.name == Lock.group(group) && $0.run != run }
        now.isFree = lock == nil
        if let lock, lock.run != holder { (now.holder, now.since) = (lock.run, lock.since) }
        return now
    }
}

extension RunState {
    /// The run as it is for somebody who looks while these locks are held: what it waits for may have come to its end since.
    public func facing(_ locks: [Lock]) -> RunState {
        var state = self
        state.queue = queue?.facing(locks, run: run)
        for number in steps.indices {
            guard let suspension = steps[number].suspension else { continue }
            state.steps[number].reason = .suspended(suspension.facing(locks))
        }
        return state
    }
}

extension RunSummary {
    /// The run as it is for somebody who looks while these locks are held.
    public func facing(_ locks: [Lock]) -> RunSummary {
        var summary = self
        for place in waits.indices {
            let suspension = waits[place].suspension
            guard suspension.code == Suspension.queued, let group, let (name, holder) = suspension.lock,
                name == Lock.group(group)
            else {
                summary.waits[place].suspension = suspension.facing(locks)
                continue
            }
            let queue = RunState.Queue(group: group, holder: holder, since: updated).facing(locks, run: run)
            let hasChanged = queue.isFree || queue.holder != holder
            if hasChanged {
                summary.waits[place].suspension = Suspension(
                    .lock(name: name, holder: queue.holder.rawValue), code: suspension.code, message: queue.text)
            }
        }
        return summary
    }
}

extension Suspension {
    /// The code of a run that waits for its turn.
    static let queued = "run/queued"

    /// The code of a step that is tried again later.
    static let retry = "run/retry"

    /// The same wait; where its lock is free by now, that is said.
    fileprivate func facing(_ locks: [Lock]) -> Suspension {
        // Who waits for its turn knows that it is free.
        guard code != Suspension.queued, let (name, holder) = lock, !holder.rawValue.isEmpty,
            !locks.contains(where: { $0.name == name })
        else { return self }
        return Suspension(
            cause, code: code, message: "waited for \(name), which run '\(holder)' no longer has: it is free")
    }
}
