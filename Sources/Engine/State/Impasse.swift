public import Pipelines

public import struct Foundation.Date

/// A gate at which too few people are left who may approve.
public struct Impasse: Sendable, Hashable {
    /// Lower case, no full stop.
    public var text: String
    /// What goes on all the same.
    public var command: String
    /// Who may use the command, or what has to be another way first.
    public var condition: String

    /// What is so, and what goes on all the same, in one line.
    public var line: String { "\(text): `\(command)`, \(condition)" }
}

extension RunState {
    /// That a gate waits for people of whom there are too few; nil where enough may still approve.
    public func impasse(at gate: Step, now: Date) -> Impasse? {
        guard let question = openQuestion(gate.id, now: now), question.may.count < question.missing else { return nil }
        let others = othersLeftOut(at: gate)
        let text =
            question.may.isEmpty
            ? "nobody is left who may approve\(others)"
            : "\(question.missing) more must approve, and only \(question.may.joined(separator: ", ")) may\(others)"
        if let overtaking = overtaking(of: gate) {
            return Impasse(text: text, command: "almrun resume \(run)", condition: "which asks anew, as \(overtaking)")
        }
        let bypass = bypassCommand(at: gate)
        if let pending = pendingBypass(of: gate.id, now: now), !pending.may.isEmpty {
            return Impasse(
                text: text, command: bypass,
                condition: "by one more of '\(pending.role)': \(pending.may.joined(separator: ", "))")
        }
        if let who = whoMayBypass(gate) {
            return Impasse(text: text, command: bypass, condition: "by \(who)\(wayOutOfDoubt(at: gate) ?? "")")
        }
        if wayOutOfDoubt(at: gate) != nil {
            return Impasse(
                text: text, command: "almrun doctor",
                condition: "which says what is to be mended, put back or given up; nobody may bypass the gate")
        }
        return impasse(text, asking: question.policy, at: gate)
    }

    /// That a gate will wait for people of whom there are too few, before anybody is asked; nil where there are enough.
    public func impasse(before gate: Step) -> Impasse? {
        guard case .gate(.approval(let policy)) = gate.work else { return nil }
        let may = deciders(at: gate).map(\.email)
        guard may.count < policy.count else { return nil }
        let others = othersLeftOut(at: gate)
        let text =
            may.isEmpty
            ? "nobody is left who may approve\(others)"
            : "\(policy.count) must approve, and only \(may.joined(separator: ", ")) may\(others)"
        if let who = whoMayBypass(gate) {
            return Impasse(
                text: text, command: bypassCommand(at: gate), condition: "by \(who)\(wayOutOfDoubt(at: gate) ?? "")")
        }
        return impasse(text, asking: policy, at: gate)
    }

    /// What brings approvals back that count for nothing only because a run cannot be read, behind another way on; nil where
    /// that is not why.
    private func wayOutOfDoubt(at gate: Step) -> String? {
        let isDoubted = leftOut(at: gate).contains { if case .approversUnknown = $0.why { true } else { false } }
        guard isDoubted else { return nil }
        let runs = people.unreadable.count == 1 ? "the run that cannot be read is" : "the runs that cannot be read are"
        return "; or once \(runs) put back or given up, approvals count again: `almrun doctor` says how"
    }

    /// One that only a new run ends: asked for by somebody else where this is enough, or with other roles.
    private func impasse(_ text: String, asking policy: ApprovalPolicy, at gate: Step) -> Impasse {
        var policy = policy
        policy.distinctFrom.removeAll { $0 == .requester }
        let others = deciders(at: gate, under: policy).map(\.email)
        let isRequesterLeftOut = leftOut(at: gate).contains { $0.why == .requester }
        let condition =
            isRequesterLeftOut && others.count >= policy.count
            ? "a new run, for which somebody else asks, so that \(others.joined(separator: ", ")) may approve"
            : "a new run, once environments/roles.yaml names others"
        return Impasse(
            text: text, command: plan.startCommand, condition: "\(condition); nobody may bypass the gate")
    }
}
