public import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// A gate that waits for people: what they have said so far, and who may still say something.
public struct OpenQuestion: Sendable, Hashable {
    /// The gate.
    public var step: Step
    public var policy: ApprovalPolicy
    /// The approvals that count.
    public var given: [Decision]
    /// How many more are needed.
    public var missing: Int
    /// E-mails of those who may approve and have not.
    public var may: [String]
    /// Those with the role who may not, and why.
    public var leftOut: [RunState.LeftOut]
    /// Since when it waits.
    public var since: Date?
    /// Until when people can decide; what they said before that counts later too.
    public var until: Date?

    /// Those with the role who may not, by the reason, in the order of the roles.
    public var peopleLeftOut: OrderedDictionary<Exclusion, [String]> { leftOut.byReason }

    /// Whether a person may still approve, or cannot only because something is not known: somebody must learn of that.
    public func waits(for person: String) -> Bool {
        may.contains { $0.lowercased() == person.lowercased() }
            || leftOut.contains { $0.why.isDoubt && $0.person.lowercased() == person.lowercased() }
    }
}

extension RunState {
    /// The gates that wait for people and can be decided now, in the order of the plan.
    public func openQuestions(now: Date) -> [OpenQuestion] {
        guard !status.isFinished, cancelRequest == nil else { return [] }
        return plan.steps.compactMap { openQuestion($0.id, now: now) }
    }

    /// The question of one gate; nil when it does not wait for people now.
    public func openQuestion(_ id: StepID, now: Date) -> OpenQuestion? {
        guard let step = planned(id), let known = self[id], known.status == .waiting,
            case .gate(.approval(let policy)) = step.work,
            case .open(let given, let missing) = ApprovalStanding(policy, step: step, in: self, now: now)
        else { return nil }
        let may = deciders(at: step).map(\.email).filter { email in
            !given.contains { $0.person.lowercased() == email.lowercased() }
        }
        return OpenQuestion(
            step: step, policy: policy, given: given, missing: missing, may: may,
            leftOut: leftOut(at: step), since: known.waitingSince, until: deadline(of: step))
    }

    /// The steps of which nobody knows whether their effect happened, until a person looks.
    public var uncertainSteps: [(step: Step, suspension: Suspension)] {
        waits.filter { $0.suspension.cause == .uncertainEffect }
    }
}
