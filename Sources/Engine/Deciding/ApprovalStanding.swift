import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// How the question of a gate stands.
public enum ApprovalStanding: Sendable, Hashable {
    /// These have approved, and so many more are needed.
    case open(given: [Decision], missing: Int)
    case approved([Decision])
    case bypassed([Decision])
    case rejected(Decision)
    case expired

    /// How a gate that asks people stands; decisions that are void, forged or by people who may not decide do not count.
    public init(_ policy: ApprovalPolicy, step: Step, in state: RunState, now: Date) {
        let known = state[step.id] ?? StepState()
        if let bypasses = state.bypass(of: step) {
            self = .bypassed(bypasses)
            return
        }
        let no = known.decisions.first {
            $0.verdict == .reject && state.fault(ofRejection: $0, policy, at: step) == nil
        }
        if let no {
            self = .rejected(no)
            return
        }
        let given = state.approvals(at: step, under: policy, now: now)
        if given.count >= policy.count {
            self = .approved(given)
        } else if let end = state.deadline(of: step), now >= end {
            self = .expired
        } else {
            self = .open(given: given, missing: policy.count - given.count)
        }
    }
}

extension RunState {
    /// The approvals of a gate that count, each of another person with another key.
    ///
    /// An approval counts when it was given before the time to decide ran out, whenever it is looked at. One of an
    /// earlier round counts when no round since was about something else than it is bound to, the question was not
    /// answered with no or left unanswered since, and it is not older than approvals may be.
    func approvals(at gate: Step, under policy: ApprovalPolicy, now: Date) -> [Decision] {
        var given: [Decision] = []
        for decision in self[gate.id]?.decisions ?? [] where decision.verdict == .approve {
            guard fault(of: decision, under: policy, at: gate, now: now) == nil,
                !given.contains(where: { $0.isBySame(decision) })
            else { continue }
            given.append(decision)
        }
        return given
    }

    /// Whether a decision of the present round came before the time to decide ran out.
    func isInTime(_ decision: Decision, at gate: Step) -> Bool {
        guard decision.round == self[gate.id]?.round, let end = deadline(of: gate) else { return true }
        return decision.time < end
    }

    /// Until when people can decide at a gate that asks them; nil when there is no end.
    public func deadline(of gate: Step) -> Date? {
        guard case .gate(.approval(let policy)) = gate.work, let expires = policy.expires else { return nil }
        return self[gate.id]?.began?.addingTimeInterval(expires)
    }
}

extension Decision {
    /// Whether both are by one person, or signed with one key.
    func isBySame(_ other: Decision) -> Bool {
        person.lowercased() == other.person.lowercased()
            || (standing.fingerprint != nil && standing == other.standing)
    }

    /// Whether it has a signature that does not hold.
    var isForged: Bool { if case .wrong = standing { true } else { false } }
}
