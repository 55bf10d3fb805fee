import Documents
import Engine
import Environments
import Foundation
import Pipelines

/// Windows, freezes and the lock; and what to do next.
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
        return ReadinessCondition(
            .lock, .unmet,
            "\(step)run \(lock.run) works there since \(Timestamp.text(of: lock.since))",
            command: "almrun show \(lock.run)")
    }

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
    var isHere: Bool {
        guard let solution = package.solution, here.solutions[solution]?.digest == package.digest else { return false }
        return plan.map { $0.action == .nothing } ?? true
    }

    func commands(_ conditions: [ReadinessCondition]) -> [String] {
        guard !isRollback || openRollback != nil,
            !conditions.contains(where: { $0.standing == .never })
        else { return [] }
        if isHere { return [] }
        // Where an environment before would refuse it, what opens that comes first.
        let first = conditions.filter { [.version, .soak].contains($0.kind) && $0.standing == .unmet }
            .compactMap(\.command)
        return first + ways
    }

    /// How it comes here, where nothing else stands in the way.
    private var ways: [String] {
        if let command = halfBypass { return command }
        if let run = open.first(where: { $0.brings(package.digest, to: environment.name) }), run.status == .failed {
            return run.failedGatesToBypass(now: now).compactMap { gate in
                (run.pendingBypass(of: gate.id) ?? run.wantedBypass(of: gate.id, now: now)).map {
                    run.bypassCommand(at: $0.step)
                }
            } + ["almrun resume \(run.run)"]
        }
        if let open = openHere {
            // Nobody else takes up what a process works on.
            if atWork.contains(open.run) { return ["almrun show \(open.run)"] }
            if let step = open.uncertainSteps.first?.step {
                let isEnough = open.need(of: step.id) == nil
                return (isEnough ? ["done", "not-done"] : ["not-done"]).map {
                    "almrun resume \(open.run) --assume \(step.id)=\($0)"
                }
                    + ["almrun resume \(open.run)"]
            }
            // Taken up, it would only end; where a bypass was begun, one more brings it about.
            let deployment = open.plan.steps.first { $0.environment == environment.name && $0.locksEnvironment }
            if let lapsed = deployment.flatMap({ open.lapsedEvidence(beside: $0, now: now) }) {
                guard !isStuck(open) else { return again(open) }
                return lapsed.commands
            }
            let questions = open.openQuestions(now: now)
            // Where people are asked, taking the run up alone brings it no further.
            let isAsking = !questions.isEmpty && open.waits.count == questions.count
            let resume = "almrun resume \(open.run)"
            guard isAsking, let first = questions.first else { return [resume] }
            let command = open.impasse(at: first.step, now: now)?.command
            // What is said before the run asks anew is refused.
            if open.overtaking(of: first.step) != nil {
                return [resume] + (command == nil ? [approval(open, first.step), resume] : [])
            }
            return [command ?? approval(open, first.step), resume]
        }
        let faulty = trail.open.filter { faults[$0.run] != nil }.map { "almrun verify \($0.run)" }
        // A newer run has taken the place of one that was superseded, for good.
        if let ended, let newer = ended.cancelRequest?.newerRun, !outlived.contains(ended.run) {
            return faulty + ["almrun show \(newer)"]
        }
        // A run without a stage for what is asked for never shows it.
        if let ended, !ended.failed(onlyBy: "gate/no-evidence"), isTakenUp(ended) {
            return faulty + (isStuck(ended) ? again(ended) : [ended.resumeCommand])
        }
        return faulty + starters.filter(isBound).map(start)
    }

    /// Whether a run comes here no more, and only a new one does: what it shows is too old, or it keeps wrong bindings.
    func isStuck(_ run: RunState) -> Bool {
        if run.status.isFinished {
            return run.failed(onlyBy: "gate/old-evidence") || run.hasFailedToBind
                || (run.failed(onlyBy: "gate/replaced-too-early") && wasReplacedTooEarly && wayBack == nil)
        }
        let deployment = run.plan.steps.first { $0.environment == environment.name && $0.locksEnvironment }
        guard let lapsed = deployment.flatMap({ run.lapsedEvidence(beside: $0, now: now) }) else { return false }
        if case .evidence(let gate) = lapsed.cause, run.pendingBypass(of: gate) != nil { return false }
        return !isRollback
    }

    /// Whether it has not stayed long enough in the environment before, and is not there any more.
    private var wasReplacedTooEarly: Bool {
        originConditions.contains { $0.kind == .soak && $0.standing == .unmet && $0.notBefore == nil }
    }

    /// How one more person opens a failed gate that somebody has bypassed.
    private var halfBypass: [String]? {
        guard open.isEmpty, !isRollback, let run = ended,
            let half = run.plan.steps.lazy.filter({ $0.environment == environment.name })
                .compactMap({ run.pendingBypass(of: $0.id) }).first
        else { return nil }
        return (half.overtaking == nil ? [run.bypassCommand(at: half.step)] : []) + ["almrun resume \(run.run)"]
    }

    /// The command that starts the same anew.
    private func again(_ run: RunState) -> [String] {
        // Another rollback has no stage either that could show anything.
        let gate = run.plan.steps.first { run[$0.id]?.status == .failed }
        if run.plan.pipeline == RollbackPlan.pipeline, let gate {
            return [run.overtaking(of: gate) == nil ? run.bypassCommand(at: gate) : "almrun resume \(run.run)"]
        }
        return pipelines(insteadOf: run).filter(isBound).map(start)
    }

    private func start(_ pipeline: String) -> String { "almrun run \(pipeline)\(arguments[pipeline] ?? "")" }
}

extension RunState {
    /// Whether it keeps an environment's file that does not bind the package.
    fileprivate var hasFailedToBind: Bool {
        steps.contains { $0.status == .failed && $0.failure?.code.hasPrefix("binding/") == true }
    }

    /// Whether it failed only at gates that nobody bypassed, with this code: what they ask for it cannot show anew.
    func failed(onlyBy code: String) -> Bool {
        let failed = plan.steps.filter { self[$0.id]?.status == .failed }
        return status == .failed && !failed.isEmpty
            && failed.allSatisfy { step in
                let bypasses = bypasses(at: step)
                return self[step.id]?.failure?.code == code
                    && (bypasses.isEmpty || bypasses.count < bypassPolicy(at: step).count)
            }
    }
}
