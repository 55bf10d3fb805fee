import Documents
import Engine
import Environments
import Pipelines

/// The run that is still to ask people about a package, and of which too few may be left who may answer.
extension ReadinessFacts {
    /// The run that will ask people: the one that is still to be made, otherwise the one that has ended and is taken up, or that
    /// makes the package yet.
    var comingRun: RunState? { begun ?? wayOn.flatMap { $0.status.isFinished || isUnderWay($0) ? $0 : nil } }

    /// Whether the run that is still to be made would ask people of whom too few are left, and nobody may open it without them.
    var isNewRunInVain: Bool {
        guard let begun else { return false }
        return gates(of: begun).contains { begun.impasse(before: $0) != nil && begun.whoMayBypass($0) == nil }
    }

    /// That a run will ask people of whom too few are left.
    func nobodyLeft(
        _ impasse: Impasse, _ policy: ApprovalPolicy, _ run: RunState, _ gate: Step
    ) -> ReadinessCondition {
        let asked = "\(policy.count) of '\(policy.role)' must approve, and "
        guard !run.plan.isRollback else {
            return ReadinessCondition(.approval, .unmet, asked + impasse.text, command: impasse.command)
        }
        let text =
            asked + (begun == nil ? "in run \(run.run) " : "for a new run that \(run.requester) asks for ")
            + impasse.text
        guard run.whoMayBypass(gate) != nil else {
            return ReadinessCondition(.approval, .unmet, "\(text); what helps is \(impasse.condition)")
        }
        return ReadinessCondition(
            .approval, .unmet, "\(text); only a bypass opens it, \(impasse.condition)", command: impasse.command)
    }

    /// The bypasses without which the run that will ask people waits for good, as too few of them are left.
    func bypassesToCome(_ conditions: [ReadinessCondition]) -> [String] {
        guard !isRollback, let run = comingRun, !run.plan.isRollback else { return [] }
        return conditions.filter { $0.kind == .approval && $0.standing == .unmet }.compactMap { condition in
            condition.command.flatMap { $0.hasPrefix("almrun bypass \(run.run) ") ? $0 : nil }
        }
    }
}
