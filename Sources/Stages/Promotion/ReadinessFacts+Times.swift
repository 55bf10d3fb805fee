import Documents
import Engine
import Environments
import Foundation
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
        guard let lock, lock.expires.map({ $0 > now }) ?? true else {
            return ReadinessCondition(.lock, .met, "nobody works in '\(environment.name)'")
        }
        let step = lock.step.isEmpty ? "" : "'\(lock.step)' of "
        if isLockLeft {
            return ReadinessCondition(
                .lock, .met,
                "nobody works in '\(environment.name)': the process of \(step)run \(lock.run) is gone, and the next run "
                    + "takes it at once")
        }
        if isLockDamaged {
            let end = lock.expires.map { "until \(Timestamp.text(of: $0)), or " } ?? ""
            return ReadinessCondition(
                .lock, .unmet,
                "\(step)run \(lock.run), which cannot be read, has it \(end)until the lock is taken away",
                command: Lock.forcedRelease(of: lock.name))
        }
        return ReadinessCondition(
            .lock, .unmet,
            "\(step)run \(lock.run) works there since \(Timestamp.text(of: lock.since))",
            command: "almrun show \(lock.run)")
    }

    /// That the run which comes here waits for another one of its group.
    var queueConditions: [ReadinessCondition] {
        guard !isHere, let run = wayOn, !run.status.isFinished, let queue = run.queue, isHeldUp(by: queue) else {
            return []
        }
        return [
            ReadinessCondition(
                .lock, .unmet, "run \(run.run) \(queue.text)", command: "almrun show \(queue.holder)")
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
