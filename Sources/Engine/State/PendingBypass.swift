import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// A gate that somebody has bypassed and that one more person must bypass too.
public struct PendingBypass: Sendable, Hashable {
    /// The gate.
    public var step: Step
    public var role: String
    /// The bypasses that count.
    public var given: [Decision]
    /// E-mails of those who may give what is missing.
    public var may: [String]

    /// Whether a person may give what is missing.
    public func waits(for person: String) -> Bool { may.contains { $0.lowercased() == person.lowercased() } }
}

extension RunState {
    /// That a waiting gate was bypassed by too few people; nil where nobody did, or enough.
    public func pendingBypass(of id: StepID) -> PendingBypass? {
        guard !status.isFinished, cancelRequest == nil, let step = planned(id), self[id]?.status == .waiting,
            case .gate = step.work
        else { return nil }
        let given = bypasses(at: step)
        let rule = bypassPolicy(at: step)
        guard !given.isEmpty, given.count < rule.count else { return nil }
        let may = (plan.roles.members[rule.role] ?? []).map(\.email).filter { email in
            mayBypass(email, step) && (!step.wantsSignature || !keys(of: email, for: rule.role).isEmpty)
                && !given.contains { $0.person.lowercased() == email.lowercased() }
        }
        return PendingBypass(step: step, role: rule.role, given: given, may: may)
    }

    /// Whether the run waits for people at some gate.
    public func isAsking(now: Date) -> Bool {
        !openQuestions(now: now).isEmpty || plan.steps.contains { pendingBypass(of: $0.id) != nil }
    }
}
