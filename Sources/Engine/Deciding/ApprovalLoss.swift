public import Pipelines

public import struct Foundation.Date

/// That somebody's word at one gate takes them away from another one, which leaves out who approved or bypassed there.
public struct ApprovalLoss: Sendable, Hashable {
    /// The run and the gate that they are taken away from.
    public var run: RunID
    public var gate: StepID
    public var person: String
    /// Whether they have approved there, and that counts until then; else they are missed there, as too few are left.
    public var wasGiven: Bool
    /// Whether it is a bypass that does it, as they may not approve where it is said.
    public var isByBypass: Bool
    /// What is left to be done there then, lower case, no full stop; nil where others have approved, and that is enough.
    public var rest: String?

    /// As it is said before, to somebody who looks at a run.
    ///
    /// - Parameters:
    ///   - viewer: E-mail of who looks; nil for everybody.
    ///   - own: The run of the gate at which it would be said.
    public func warning(for viewer: String?, in own: RunID) -> String {
        let isViewer = viewer?.lowercased() == person.lowercased()
        let act = isViewer ? isByBypass ? "bypass" : "approve" : isByBypass ? "bypasses" : "approves"
        return "once \(isViewer ? "you" : person) \(act) here, \(effect(isViewer, in: own))"
    }

    /// As it is said to them after it.
    public func text(in own: RunID) -> String { effect(true, in: own) }

    private func effect(_ isViewer: Bool, in own: RunID) -> String {
        let place = "'\(gate)'\(run == own ? "" : " of run \(run)")"
        let what =
            wasGiven
            ? "\(isViewer ? "your" : "their") approval of \(place) counts no more"
            : "\(isViewer ? "you" : "they") may not approve \(place) any more"
        return what + (rest.map { "; there \($0)" } ?? "")
    }
}

extension RunState {
    /// The run as it was before something was said at a gate.
    public func before(_ decision: Decision, at gate: StepID) -> RunState {
        guard let number = plan.steps.firstIndex(where: { $0.id == gate }),
            let place = steps[number].decisions.lastIndex(of: decision)
        else { return self }
        var state = self
        state.steps[number].decisions.remove(at: place)
        return state
    }

    /// What each of those who may approve or bypass a gate that is not open would take away from themselves by it, here and
    /// in other runs.
    public func losses(at gate: Step, besides others: [RunState] = [], now: Date) -> [ApprovalLoss] {
        guard case .gate = gate.work, self[gate.id]?.status.isGood == false, cancelRequest == nil,
            plan.leavesOutApprovers || !others.isEmpty, settlement(of: gate, now: now) == nil,
            let number = plan.steps.firstIndex(where: { $0.id == gate.id })
        else { return [] }
        let may = deciders(at: gate).map(\.email)
        let people = may + mayBypass(gate).filter { email in !may.contains { $0.lowercased() == email.lowercased() } }
        return people.flatMap { person -> [ApprovalLoss] in
            guard let yes = try? decision(gate, .approve, Decisions.Person(email: person), nil, now, nil) else {
                return []
            }
            var after = self
            after.steps[number].decisions.append(yes)
            return after.losses(since: self, of: person, at: gate.id, besides: others, now: now).map { loss in
                var loss = loss
                loss.isByBypass = !may.contains(person)
                return loss
            }
        }
    }

    /// What something that a person has just said at a gate took away from them, here and in other runs.
    public func losses(
        since before: RunState, of person: String, at gate: StepID, besides others: [RunState] = [], now: Date
    ) -> [ApprovalLoss] {
        let own = losses(since: before, of: person, besides: gate, now)
        let (known, told) = (before.approvals(), approvals())
        guard known != told else { return own }
        return own
            + others.filter { $0.run != run }.flatMap { other in
                other.knowing(KnownPeople(approvals: told))
                    .losses(since: other.knowing(KnownPeople(approvals: known)), of: person, besides: nil, now)
            }
    }

    private func losses(
        since before: RunState, of person: String, besides own: StepID?, _ now: Date
    ) -> [ApprovalLoss] {
        // What has failed is taken up again once its gates are opened.
        guard !status.isFinished || status == .failed, cancelRequest == nil else { return [] }
        return zip(plan.steps, steps).compactMap { step, known in
            guard case .gate(.approval(let policy)) = step.work, step.id != own,
                [.pending, .waiting, .blocked].contains(known.status),
                policy.distinctFrom.contains(where: { if case .approvers = $0 { true } else { false } }),
                bypass(of: step) == nil, before.exclusion(of: person, under: policy, at: step) == nil,
                case .approver? = exclusion(of: person, under: policy, at: step)
            else { return nil }
            let wasGiven = before.hasApproved(person, step, policy, now)
            let lack = lack(at: step, now)
            // Where enough others are left, nothing is lost by the rule that somebody else has to approve.
            guard wasGiven || lack != nil && before.lack(at: step, now) == nil else { return nil }
            let question = openQuestion(step.id, now: now).map {
                "\($0.missing) more must approve: \($0.may.joined(separator: ", "))"
            }
            return ApprovalLoss(
                run: run, gate: step.id, person: person, wasGiven: wasGiven, isByBypass: false, rest: lack ?? question)
        }
    }

    /// That too few people are left who may approve at a gate, whether it asks by now or will.
    private func lack(at gate: Step, _ now: Date) -> String? {
        if case .approved? = standing(of: gate, now: now) { return nil }
        return (self[gate.id]?.status == .waiting ? impasse(at: gate, now: now) : impasse(before: gate))?.line
    }
}

extension Plan {
    /// Whether a gate leaves out who approved for an environment.
    fileprivate var leavesOutApprovers: Bool {
        steps.contains { step in
            guard case .gate(.approval(let policy)) = step.work else { return false }
            return policy.distinctFrom.contains { if case .approvers = $0 { true } else { false } }
        }
    }
}
