import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// How the question of a gate stands.
public enum ApprovalStanding: Sendable, Hashable {
    /// These have approved, and so many more are needed.
    case open(given: [Decision], missing: Int)
    case approved([Decision])
    case bypassed(Decision)
    case rejected(Decision)
    case expired

    /// How a gate that asks people stands; decisions of other rounds and about other things do not count.
    public init(_ policy: ApprovalPolicy, step: Step, in state: RunState, now: Date) {
        let known = state[step.id] ?? StepState()
        let binding = state.binding(of: step)
        var given: [Decision] = []
        for decision in known.decisions where decision.round == known.round && binding.covers(decision) {
            switch decision.verdict {
            case .bypass:
                self = .bypassed(decision)
                return
            case .reject:
                self = .rejected(decision)
                return
            case .approve:
                guard !given.contains(where: { $0.person.lowercased() == decision.person.lowercased() }),
                    state.refusal(of: decision.person, under: policy) == nil
                else { continue }
                given.append(decision)
            }
        }
        if given.count >= policy.count {
            self = .approved(given)
        } else if let expires = policy.expires, let since = known.began, now >= since.addingTimeInterval(expires) {
            self = .expired
        } else {
            self = .open(given: given, missing: policy.count - given.count)
        }
    }
}

extension RunState {
    /// Why a person's approval does not count under a policy; nil when it does.
    func refusal(of person: String, under policy: ApprovalPolicy) -> String? {
        let email = person.lowercased()
        guard let members = plan.roles.members[policy.role] else { return "there is no role '\(policy.role)'" }
        guard members.contains(where: { $0.email.lowercased() == email }) else {
            return "'\(person)' does not have the role '\(policy.role)'"
        }
        if policy.distinctFrom.contains(.requester), requester.lowercased() == email {
            return "'\(person)' asked for the run, and this gate wants somebody else"
        }
        if policy.distinctFrom.contains(.committers), committers.isEmpty {
            return "nobody knows who wrote what is released (the run was made outside a git repository)"
        }
        if policy.distinctFrom.contains(.committers), committers.contains(where: { $0.lowercased() == email }) {
            return "'\(person)' wrote commits that are released, and this gate wants somebody else"
        }
        return nil
    }
}
