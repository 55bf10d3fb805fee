import OrderedCollections
import Pipelines

import struct Foundation.Date

extension RunState.Queue {
    /// Which run is waited for, lower case, no full stop.
    public var text: String {
        if let hasSince {
            return "has the group '\(group)' since \(EventTime.text(hasSince)), and has not gone on with it"
        }
        if isFree {
            return "waits its turn in the group '\(group)', which nobody has now; run '\(holder)' was before it"
        }
        return "waits for run '\(holder)' of the same group '\(group)', which "
            + (isInLine ? "comes first" : "has it since \(EventTime.text(since))")
    }

    /// The same for one that only comes first.
    fileprivate var inLine: RunState.Queue {
        var queue = self
        queue.isInLine = true
        return queue
    }

    /// The group as it is now.
    fileprivate func facing(_ locks: [Lock], run: RunID) -> RunState.Queue {
        var now = self
        let held = locks.first { $0.name == Lock.group(group) }
        let lock = held?.run == run ? nil : held
        now.hasSince = lock == nil ? held?.since : nil
        now.isFree = lock == nil
        if let lock, lock.run != holder || isInLine {
            (now.holder, now.since, now.isInLine) = (lock.run, lock.since, false)
        }
        return now
    }
}

extension RunState {
    /// Whether anything of the run was ever begun, asked or settled.
    var hasBegun: Bool { steps.contains { $0.status != .pending || $0.attempts > 0 || !$0.decisions.isEmpty } }

    /// The run as it is for somebody who looks while these locks are held: what it waits for may have come to its end since.
    public func facing(_ locks: [Lock]) -> RunState {
        var state = self
        state.queue = queue?.facing(locks, run: run)
        for number in steps.indices {
            guard let suspension = steps[number].suspension else { continue }
            state.steps[number].reason = .suspended(
                suspension.facing(locks, of: run, plan.steps[number].id.rawValue))
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
                summary.waits[place].suspension = suspension.facing(locks, of: run, waits[place].step)
                continue
            }
            var queue = RunState.Queue(group: group, holder: holder, since: updated)
            // The index has the words alone.
            queue.isInLine = suspension.message == queue.inLine.text
            let wasInLine = queue.isInLine
            queue = queue.facing(locks, run: run)
            if queue.isFree || queue.holder != holder || wasInLine {
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

    /// The same wait; where its lock is free by now, or another one has it, that is said.
    fileprivate func facing(_ locks: [Lock], of run: RunID, _ step: String) -> Suspension {
        guard let (name, holder) = lock, !holder.rawValue.isEmpty else { return self }
        guard let held = locks.first(where: { $0.name == name }) else {
            // Who waits for its turn knows that it is free.
            guard code != Suspension.queued else { return self }
            return Suspension(
                cause, code: code, message: "waited for \(name), which run '\(holder)' no longer has: it is free")
        }
        // What has just got it says so itself in a moment.
        guard code == Suspension.queued || held.run != holder, held.run != run || held.step != step else { return self }
        return .locked(name, by: held.run.rawValue, held.step.isEmpty ? nil : held.step, since: held.since)
    }

    /// That another one has a lock.
    static func locked(_ name: String, by run: String, _ step: String?, since: Date) -> Suspension {
        let who = (step.map { "step '\($0)' of " } ?? "") + "run '\(run)'"
        return Suspension(
            .lock(name: name, holder: run), code: "run/locked",
            message: "waits for \(name), which \(who) holds since \(EventTime.text(since))")
    }
}
