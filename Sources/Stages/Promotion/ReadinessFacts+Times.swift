import Documents
import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines

/// Windows, freezes and the lock.
extension ReadinessFacts {
    private var gates: EnvironmentFile.Gates { environment.gates }

    var timeConditions: [ReadinessCondition] {
        var conditions: [ReadinessCondition] = []
        if !gates.windows.isEmpty {
            let windows = gates.windows.map(\.description).joined(separator: " and ")
            switch WindowPolicy.nextOpening(gates.windows, [], after: now) {
            case let opening? where opening.isOpen:
                conditions.append(ReadinessCondition(.window, .met, opening.reason))
            case let opening?:
                conditions.append(
                    ReadinessCondition(.window, .unmet, "outside the windows \(windows)", notBefore: opening.date))
            case nil: conditions.append(ReadinessCondition(.window, .never, "no window ever opens: \(windows)"))
            }
        }
        for freeze in gates.freezes {
            guard let end = WindowPolicy.nextOpening([], [freeze], after: now) else { continue }
            let days = "\(freeze.days): \(freeze.reason)"
            if !end.isOpen {
                conditions.append(ReadinessCondition(.freeze, .unmet, "frozen \(days)", notBefore: end.date))
            } else if let end = self.end(of: freeze) {
                conditions.append(
                    ReadinessCondition(
                        .freeze, .unmet, "frozen \(days), which begins before a change is possible", notBefore: end))
            } else if !WindowPolicy.isOver(freeze, at: now) {
                conditions.append(ReadinessCondition(.freeze, .met, "not frozen yet (\(days))"))
            }
        }
        return conditions
    }

    /// The end of a freeze that has not begun and keeps the package back all the same, as all else opens in it.
    private func end(of freeze: Freeze) -> Date? {
        let soaked = originConditions.first { $0.kind == .soak && $0.standing == .unmet }?.notBefore
        let start = max(now, soaked ?? now)
        let others = gates.freezes.filter { $0 != freeze }
        guard let without = WindowPolicy.nextOpening(gates.windows, others, after: start),
            let end = WindowPolicy.nextOpening([], [freeze], after: without.date), !end.isOpen
        else { return nil }
        return end.date
    }

    var lockCondition: ReadinessCondition {
        guard let held = lock, !held.hasRunOut(now) else {
            return ReadinessCondition(.lock, .met, "nobody works in '\(environment.name)'")
        }
        let lock = held.lock
        let step = lock.step.isEmpty ? "" : "'\(lock.step)' of "
        if held.isLeft {
            return ReadinessCondition(
                .lock, .met,
                "nobody works in '\(environment.name)': the process of \(step)run \(lock.run) is gone, and the next run "
                    + "takes it at once")
        }
        if held.isDamaged {
            let end = lock.expires.map { "until \(Timestamp.text(of: $0)), or " } ?? ""
            return ReadinessCondition(
                .lock, .unmet,
                "\(step)run \(lock.run), which cannot be read, has it \(end)until the lock is taken away",
                command: Lock.forcedRelease(of: lock.name))
        }
        let work = "\(step)run \(lock.run) works there since \(Timestamp.text(of: lock.since))"
        return ReadinessCondition(
            .lock, .unmet, work + (stop(of: lock.run)?.text ?? ""),
            command: stop(of: lock.run)?.command ?? "almrun show \(lock.run)")
    }

    /// That the process of a run is stopped, behind what is said of the run, and how it goes on; nil where it is not.
    func stop(of run: RunID) -> (text: String, command: String)? {
        stopped[run].map { process in
            (
                ", and its process \(process.process) on \(process.host) is stopped: nothing goes on before somebody lets it",
                "kill -CONT \(process.process)"
            )
        }
    }

    /// The ways on, behind what lets the processes go on that are stopped: of the run that is the way on, and of those for which
    /// that waits. To look at such a run is no way on then.
    func waking(_ ways: [String]) -> [String] {
        guard !ways.isEmpty else { return [] }
        let stopped = stoppedHolders(before: ways)
        let awake = stopped.flatMap { run, lock in
            [stop(of: run)?.command, lock.map(Lock.forcedRelease)].compactMap(\.self)
        }
        return awake + refusers(before: ways)
            + ways.filter { way in !stopped.keys.contains { way == "almrun show \($0)" } }
    }

    /// The runs whose processes are stopped and for which these ways wait, each with the lock that it has; nil for the run that is
    /// the way on itself.
    private func stoppedHolders(before ways: [String]) -> OrderedDictionary<RunID, String?> {
        var found: OrderedDictionary<RunID, String?> = [:]
        if let run = wayOn?.run { found[run] = .some(nil) }
        var holders = wayOn?.queue.map { isHeldUp(by: $0) ? [($0.holder, Lock.group($0.group))] : [] } ?? []
        // A lease runs out beside a stopped process, a group does not.
        holders += meetings(before: ways).map { ($0.run, Lock.group($0.group)) }
        if let lock, !lock.hasRunOut(now) { holders.append((lock.lock.run, lock.lock.name)) }
        holders += holdersBefore
        for (run, lock) in holders where found[run] == nil { found[run] = lock }
        return found.filter { stopped[$0.key] != nil }
    }

    /// Commands of which one is typed, as each answers the same question: to start one pipeline or another one, what a person found
    /// or that the run shall look itself, to let a process go on or to take its lock away.
    func choices(before ways: [String]) -> [Set<String>] {
        let doubts = (open + underWay.values.joined()).flatMap { run in
            run.uncertainSteps.map { Set(words(of: $0.step, in: run) + ["almrun resume \(run.run)"]) }
        }
        let stops = stoppedHolders(before: ways).compactMap { run, lock in
            lock.flatMap { lock in stop(of: run).map { Set([$0.command, Lock.forcedRelease(of: lock)]) } }
        }
        return [Set(pipelines.map(start))] + doubts + stops
    }

    /// The runs that have an environment before this one to which the package still has to go, with its lock.
    private var holdersBefore: [(RunID, String)] {
        let run = wayOn
        let places =
            run.map { run in
                run.plan.steps.filter { $0.locksEnvironment && run[$0.id]?.status.isGood == false }
                    .compactMap(\.environment)
            } ?? starters.first.flatMap { placesBefore[$0] } ?? []
        return heldBefore.filter { place, lock in places.contains(place) && !lock.hasRunOut(now) }
            .map { ($0.value.lock.run, $0.value.lock.name) }.sorted { $0.0.rawValue < $1.0.rawValue }
    }

    /// That the run which comes here waits for another one of its group.
    var queueConditions: [ReadinessCondition] {
        if let run = wayOn, let rival = metOnTheWay {
            let stop = rival.fate == .cancelled ? nil : stop(of: rival.run)
            return [
                ReadinessCondition(
                    .lock, .unmet, rival.text(of: "run \(run.run)") + (stop?.text ?? ""),
                    command: stop?.command ?? release(of: rival) ?? rival.command)
            ]
        }
        guard !isHere, let run = wayOn, !run.status.isFinished, let queue = run.queue, isHeldUp(by: queue) else {
            return []
        }
        return [
            ReadinessCondition(
                .lock, .unmet, "run \(run.run) \(queue.text)\(stop(of: queue.holder)?.text ?? "")",
                command: stop(of: queue.holder)?.command ?? release(of: queue, before: run)
                    ?? "almrun show \(queue.holder)")
        ]
    }

    /// Whether another run of its group has to end before a run goes on.
    func isHeldUp(by queue: RunState.Queue) -> Bool { !queue.isFree && queue.hasSince == nil }

    /// Whether a window or a freeze keeps it back now, bypassed or not.
    var isShut: Bool { WindowPolicy.nextOpening(gates.windows, gates.freezes, after: now)?.isOpen != true }

    /// When windows, freezes and soak all let it through; nil when they do now or never will.
    ///
    /// - Parameter isBypassed: Windows and freezes are open by a bypass.
    func earliest(after soaked: Date?, isBypassed: Bool) -> Date? {
        let start = max(now, soaked ?? now)
        if isBypassed { return start > now ? start : nil }
        guard let opening = WindowPolicy.nextOpening(gates.windows, gates.freezes, after: start) else { return nil }
        return opening.date > now ? opening.date : nil
    }

    /// Whether the package is there already, as the environment's file wants it.
    public var isHere: Bool {
        guard let solution = package.solution, here.solutions[solution]?.digest == package.digest else { return false }
        return plan.map { $0.action == .nothing } ?? true
    }
}
