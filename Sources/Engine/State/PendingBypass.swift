import Documents
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// A gate, waiting or failed, that waits for a bypass: one more person must bypass it too, or only a bypass opens it.
public struct PendingBypass: Sendable, Hashable {
    /// The gate.
    public var step: Step
    public var role: String
    /// The bypasses that count; none where nobody has bypassed it yet.
    public var given: [Decision]
    /// How many people are needed in all.
    public var needed: Int
    /// E-mails of those who may give what is missing.
    public var may: [String]

    /// Who has bypassed it, and who may give what is missing, lower case, no full stop.
    public var text: String {
        let people = may.isEmpty ? "nobody else may" : may.joined(separator: ", ")
        if given.isEmpty {
            return "only a bypass opens it, by \(needed == 1 ? "one" : "two different people") of '\(role)' (\(people))"
        }
        return "bypassed by \(given.map { safeText($0.person) }.joined(separator: " and ")), and one more of '\(role)' "
            + "(\(people)) must bypass it"
    }

    /// Whether a person may give what is missing.
    public func waits(for person: String) -> Bool { may.contains { $0.lowercased() == person.lowercased() } }
}

extension RunState {
    /// That a gate that waits or has failed was bypassed by too few people; nil where nobody did, or enough.
    public func pendingBypass(of id: StepID) -> PendingBypass? {
        guard isShut(id), let step = planned(id), case .gate = step.work else { return nil }
        let given = bypasses(at: step)
        guard !given.isEmpty, given.count < bypassPolicy(at: step).count else { return nil }
        return bypass(of: step, after: given)
    }

    /// That a gate of a rollback waits for a bypass that nobody has begun: what it asks for is too old, and no rollback shows
    /// it anew; nil for another gate.
    public func wantedBypass(of id: StepID, now: Date) -> PendingBypass? {
        guard plan.pipeline == RollbackPlan.pipeline, let gate = planned(id), bypasses(at: gate).isEmpty,
            whoMayBypass(gate) != nil
        else { return nil }
        let isTooOld =
            isShut(id) && self[id]?.failure?.code == "gate/old-evidence" || lapsedEvidence(at: gate, now: now) != nil
        return isTooOld ? bypass(of: gate, after: []) : nil
    }

    private func bypass(of step: Step, after given: [Decision]) -> PendingBypass {
        let rule = bypassPolicy(at: step)
        let may = (plan.roles.members[rule.role] ?? []).map(\.email).filter { email in
            mayBypass(email, step) && (!step.wantsSignature || !keys(of: email, for: rule.role).isEmpty)
                && !given.contains { $0.person.lowercased() == email.lowercased() }
        }
        return PendingBypass(step: step, role: rule.role, given: given, needed: rule.count, may: may)
    }

    /// Whether a gate is shut, and a bypass would open it for who takes the run up.
    private func isShut(_ gate: StepID) -> Bool {
        guard cancelRequest == nil, let known = self[gate] else { return false }
        return switch known.status {
        case .waiting: !status.isFinished
        case .failed: !status.isFinished || status == .failed
        case .succeeded: planned(gate).map(isBypassedSinceOpen) ?? false
        default: false
        }
    }

    /// The gates that have failed, and that enough people have opened since: who takes the run up comes past them.
    public var bypassedFailures: [Step] {
        plan.steps.filter { step in
            guard case .gate = step.work, self[step.id]?.status == .failed else { return false }
            return isShut(step.id) && bypass(of: step) != nil
        }
    }

    /// Whether the run waits for people at some gate.
    public func isAsking(now: Date) -> Bool {
        !openQuestions(now: now).isEmpty
            || plan.steps.contains { pendingBypass(of: $0.id) ?? wantedBypass(of: $0.id, now: now) != nil }
    }
}
