import Engine
import Environments
import Foundation
import Pipelines

/// What stands before the deployment in the run that brings the package here, and is none of the deployment's own gates.
extension ReadinessFacts {
    /// Stages that did not end well, effects in doubt, people who are asked earlier, a process that is gone.
    var stageConditions: [ReadinessCondition] {
        guard let run = carrier else { return [] }
        let isLost = run.status == .running && !atWork.contains(run.run)
        var found: [ReadinessCondition] = []
        if isLost {
            found.append(
                ReadinessCondition(
                    .stage, .unmet, "the process of run \(run.run) is gone, and the run has come to no rest",
                    command: "almrun resume \(run.run)"))
        }
        // Of who has the environment, or the group, that is said there.
        if let stop = stop(of: run.run), lock?.lock.run != run.run || lock?.hasRunOut(now) == true {
            found.append(
                ReadinessCondition(.stage, .unmet, "run \(run.run) is under way\(stop.text)", command: stop.command))
        }
        if run.isCleaningUp {
            found.append(
                ReadinessCondition(
                    .stage, .unmet,
                    "the `finally` stages of run \(run.run) have begun: nothing else of it is done before it has ended",
                    command: "almrun show \(run.run)"))
        }
        for step in steps(before: run) {
            guard let known = run[step.id], let said = text(of: step, known, in: run, isLost) else { continue }
            found.append(
                ReadinessCondition(
                    .stage, .unmet, said, notBefore: end(of: step, known, in: run),
                    command: command(for: step, known, in: run)))
        }
        return found
    }

    /// When the wait of a step is over by itself, that nobody has opened without; nil for another wait.
    private func end(of step: Step, _ known: StepState, in run: RunState) -> Date? {
        guard known.status == .waiting, run.settlement(of: step, now: now)?.opens != true else { return nil }
        return known.suspension?.end
    }

    /// The open run that brings the package here; otherwise the newest one that ended before it did.
    private var carrier: RunState? {
        if let run = wayOn, isUnderWay(run) { return run }
        return open.first { $0.brings(package.digest, to: environment.name) } ?? (isRollback ? nil : ended)
    }

    /// The deployment and all that it needs, without the gates of which other conditions speak.
    private func steps(before run: RunState) -> [Step] {
        steps(toward: run).filter { step in
            guard case .gate(let gate) = step.work, step.guarding != nil, step.environment == environment.name else {
                return true
            }
            return gate == .preview
        }
    }

    /// Why a step keeps the package back, with the run; nil where it does not, or does only because of another one.
    private func text(of step: Step, _ known: StepState, in run: RunState, _ isLost: Bool) -> String? {
        let name = "'\(step.id)' of run \(run.run)"
        let doubt = known.mayHaveTakenEffect ? "; its effect may have happened all the same" : ""
        switch known.status {
        case .failed:
            guard let failure = known.failure else { return "\(name) failed" }
            // Whether all is bound now is a condition of its own, where that is known.
            return failure.code.hasPrefix("binding/") && judgedBinding != nil
                ? nil
                : "\(name) failed: \(failure.message) [\(failure.code)]\(doubt)"
                    + (waysToShow(at: step, in: run).map { "; \($0)" } ?? "")
        case .rejected:
            guard case .rejected(let why)? = known.reason else { return "\(name) was rejected" }
            return "\(name) was rejected: \(why)"
        case .uncertain:
            return "whether \(name) took effect is not known: \(known.suspension?.message ?? "a person must look")"
        case .waiting:
            return run.waitText(of: step, now: now).map { "\(name): \($0)" }
        case .running where isLost:
            return "\(name) was cut off" + (step.effect == .once ? "; its effect may have happened" : "")
        case .pending, .cancelled:
            if case .lost(let why)? = known.reason { return "the result of \(name) was lost: \(why)" }
            return known.mayHaveTakenEffect ? "\(name) was cut off; its effect may have happened" : nil
        case .retrying:
            return run.waitsForRetries.first { $0.step == step.id.rawValue }.map { "\(name): \($0.suspension.message)" }
        case .running, .blocked, .succeeded, .reused, .skipped: return nil
        }
    }

    private func command(for step: Step, _ known: StepState, in run: RunState) -> String {
        switch known.status {
        case .waiting where run.openQuestion(step.id, now: now) != nil:
            run.overtaking(of: step) != nil
                ? "almrun resume \(run.run)" : run.impasse(at: step, now: now)?.command ?? approval(run, step)
        case .retrying, .cancelled:
            "almrun resume \(run.run)"
                + (run.wayToTryNow(step.id) != nil || !run.status.isFinished && run.isRerunnableNow(step.id)
                    ? " --rerun \(step.id)" : "")
        case .running, .pending: "almrun resume \(run.run)"
        default: "almrun why \(run.run) \(step.id)"
        }
    }

    /// With what an approval that is given now comes to, where a change is not possible before a time.
    func outlasting(_ conditions: [ReadinessCondition], until change: Date?) -> [ReadinessCondition] {
        let policies = environment.gates.approvals
        let asked = conditions.indices.filter { conditions[$0].kind == .approval }
        guard let change, asked.count == policies.count else { return conditions }
        var conditions = conditions
        for (index, policy) in zip(asked, policies) where conditions[index].standing == .unmet {
            guard let expires = policy.expires, now.addingTimeInterval(expires) < change else { continue }
            conditions[index].text += "; an approval that is given now has run out before a change is possible"
        }
        return conditions
    }
}
