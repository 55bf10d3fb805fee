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
        let binding = state.binding(of: step)
        let no = known.decisions.first {
            $0.verdict == .reject && $0.round == known.round && binding.covers($0) && !$0.isForged
                && state.isMember($0.person, of: policy.role)
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
    /// One of an earlier round counts when nothing that it is bound to has changed, the question was not answered with no
    /// or left unanswered since, and it is not older than approvals may be.
    func approvals(at gate: Step, under policy: ApprovalPolicy, now: Date) -> [Decision] {
        guard let known = self[gate.id] else { return [] }
        let binding = binding(of: gate)
        var given: [Decision] = []
        for decision in known.decisions where decision.verdict == .approve {
            guard decision.round >= known.firstRound, binding.covers(decision, policy.voidOn), !decision.isForged,
                policy.signed == .optional || decision.standing.fingerprint != nil,
                decision.round == known.round || !hasRunOut(decision, policy, now),
                refusal(of: decision.person, under: policy, at: gate) == nil
            else { continue }
            if !given.contains(where: { $0.isBySame(decision) }) { given.append(decision) }
        }
        return given
    }

    private func hasRunOut(_ decision: Decision, _ policy: ApprovalPolicy, _ now: Date) -> Bool {
        policy.expires.map { now > decision.time.addingTimeInterval($0) } ?? false
    }

    /// Until when people can decide at a gate that asks them; nil when there is no end.
    public func deadline(of gate: Step) -> Date? {
        guard case .gate(.approval(let policy)) = gate.work, let expires = policy.expires else { return nil }
        return self[gate.id]?.began?.addingTimeInterval(expires)
    }

    /// Why a person's approval does not count under a policy; nil when it does.
    func refusal(of person: String, under policy: ApprovalPolicy, at gate: Step) -> String? {
        let email = person.lowercased()
        guard let members = plan.roles.members[policy.role] else { return "there is no role '\(policy.role)'" }
        guard members.contains(where: { $0.email.lowercased() == email }) else {
            return "'\(person)' does not have the role '\(policy.role)'"
        }
        for excluded in policy.distinctFrom {
            switch excluded {
            case .requester:
                if requester.lowercased() == email {
                    return "'\(person)' asked for the run, and this gate wants somebody else"
                }
            case .committers:
                if committers.isEmpty {
                    return "nobody knows who wrote what is released (the run was made outside a git repository)"
                }
                if committers.contains(where: { $0.lowercased() == email }) {
                    return "'\(person)' wrote commits that are released, and this gate wants somebody else"
                }
            case .approvers(let environment):
                if hasDecided(email, in: environment, besides: gate) {
                    return "'\(person)' approved for '\(environment)', and this gate wants somebody else"
                }
            }
        }
        return nil
    }

    /// Whether a person opened a gate of an environment for the package that another gate is about.
    private func hasDecided(_ email: String, in environment: String, besides gate: Step) -> Bool {
        let package = binding(of: gate).package
        return zip(plan.steps, steps).contains { step, known in
            guard step.environment == environment, step.id != gate.id, !known.decisions.isEmpty else { return false }
            return known.decisions.contains {
                $0.verdict != .reject && $0.person.lowercased() == email
                    && (package == nil || $0.package == nil || $0.package == package)
            }
        }
    }

    /// Whether the roles of the run give a role to a person.
    func isMember(_ person: String, of role: String) -> Bool {
        (plan.roles.members[role] ?? []).contains { $0.email.lowercased() == person.lowercased() }
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
