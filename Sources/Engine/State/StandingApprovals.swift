public import Pipelines

public import struct Foundation.Date

/// What people said at other gates before the same deployment: what has run out there, and what counts there already.
extension RunState {
    /// The gates before the same deployment that people had opened, and whose approvals are too old by now: they are asked
    /// again before anything is deployed, whatever is said at this one.
    public func lapsedApprovals(beside gate: Step, now: Date) -> [(gate: Step, end: Date)] {
        guard let guarded = gate.guarding else { return [] }
        return (gates[guarded] ?? []).compactMap { number in
            let other = plan.steps[number]
            guard other.id != gate.id, let end = lapse(of: other), now > end else { return nil }
            return (other, end)
        }
    }

    /// Until when those of these gates were open on what people said there of which that is over.
    func lapses(of gates: [StepID], at time: Date) -> [StepID: Date] {
        var found: [StepID: Date] = [:]
        for gate in gates {
            if let end = planned(gate).flatMap({ lapse(of: $0) }), time > end { found[gate] = end }
        }
        return found
    }

    /// Those who have approved a gate that is still to come, where that is enough, so that it asks nobody; nil for another.
    public func approvedAhead(_ gate: Step, now: Date) -> [Decision]? {
        guard let status = self[gate.id]?.status, status == .pending || status == .blocked,
            case .approved(let given)? = standing(of: gate, now: now)
        else { return nil }
        return given
    }

    /// The gates after this one at which enough people have approved already, up to the first that asks.
    public func approvedAhead(after gate: Step, now: Date) -> [(gate: Step, by: [Decision])] {
        var found: [(gate: Step, by: [Decision])] = []
        var place = gate
        while let next = follower(of: place), let given = approvedAhead(next, now: now) {
            found.append((next, given))
            place = next
        }
        return found
    }

    /// The gate that asks people next, once one before it is open and the run was taken up; nil where none does.
    public func nextQuestion(after gate: Step, now: Date) -> Step? {
        if let lapsed = lapsedApprovals(beside: gate, now: now).first { return lapsed.gate }
        return follower(of: approvedAhead(after: gate, now: now).last?.gate ?? gate)
    }

    /// The gate that comes directly after another and asks people.
    private func follower(of gate: Step) -> Step? {
        plan.steps.first { step in
            guard case .gate(.approval) = step.work, [.pending, .blocked].contains(self[step.id]?.status) else {
                return false
            }
            return step.needs.contains { $0.step == gate.id }
        }
    }

    /// That approvals of earlier gates have run out, and that others count already, for who reads what a gate waits for.
    func approvalNotes(beside gate: Step, now: Date) -> [String] {
        let lapsed = lapsedApprovals(beside: gate, now: now).map {
            "\(Self.text(ofLapsed: $0, $1)): asked again before the deployment"
        }
        return lapsed + approvedAhead(after: gate, now: now).map { Self.text(ofApproved: $0, by: $1) }
    }

    /// That what people said at a gate is too old.
    static func text(ofLapsed gate: Step, _ end: Date) -> String {
        "the approval of '\(gate.id)' has run out \(EventTime.text(end))"
    }

    /// That a gate which is still to come asks nobody any more.
    static func text(ofApproved gate: Step, by given: [Decision]) -> String {
        "'\(gate.id)' is approved already by \(given.map(\.person).joined(separator: " and ")), and asks nobody then"
    }

    /// What a gate asks about and is another thing now, though no approval is void for it; nil where there is no such thing,
    /// as far as somebody has looked.
    public func unboundDrift(at gate: Step) -> String? {
        guard case .gate(.approval) = gate.work, bypass(of: gate) == nil, let guarded = gate.guarding,
            drift(at: gate).isEmpty, case let all = drift(at: gate, to: present[guarded]), !all.isEmpty
        else { return nil }
        return "what it asks about is not what would happen now: \(all.joined(separator: ", and ")); the gate is not "
            + "bound to that, so that an approval counts all the same"
    }
}
