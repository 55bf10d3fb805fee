import Pipelines

import struct Foundation.Date

/// What one round of a gate was about: a decision that does not fit it is void, also when all is as before later on.
struct GateQuestion: Sendable, Hashable {
    /// The parts that were other ones than in the round before when this one began.
    var changed: [ApprovalPolicy.Part] = []
    /// Why it began.
    var why: [String] = []
    /// What the guarded stage would have done, as far as that was shown.
    var shown: GateBinding?
    /// Until when what people said kept the gate open, where the round ended as that was over.
    var openUntil: Date?

    /// Why a decision of an earlier round, which is about these parts, is void; empty where it is not.
    func objections(to decision: Decision, _ parts: [ApprovalPolicy.Part]) -> [String] {
        let changes = shown.map { GateBinding(decision).changes(to: $0, parts) } ?? []
        if !changes.isEmpty { return changes.map(\.text) }
        return changed.contains(where: parts.contains) ? why : []
    }
}
