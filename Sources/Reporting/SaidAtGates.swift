import Engine
import Pipelines

/// The gates at which people have said yes and that counts, to tell whether anything is void when gates are asked again.
struct SaidAtGates: Sendable {
    private var approved: Set<StepID> = []
    private var bypassed: Set<StepID> = []
    private let plan: Plan?

    init(_ state: RunState?) {
        plan = state?.plan
        guard let state else { return }
        for (gate, known) in zip(state.plan.steps, state.steps) {
            for decision in known.decisions where decision.round >= known.firstRound { take(decision, at: gate.id) }
        }
    }

    mutating func follow(_ event: RunEvent) {
        switch event.kind {
        case .decided(let decision): take(decision, at: decision.step)
        case .askedAnew: (approved, bypassed) = ([], [])
        case .voided(_, let gates, _, let parts, _):
            for gate in gates where isVoid([gate], parts) {
                approved.remove(gate)
                bypassed.remove(gate)
            }
        default: break
        }
    }

    /// Whether something that people said at these gates is void because these parts of what they ask about are others.
    func isVoid(_ gates: [StepID], _ parts: [ApprovalPolicy.Part]) -> Bool {
        guard !parts.isEmpty else { return false }
        return gates.contains { gate in
            bypassed.contains(gate) || approved.contains(gate) && !bound(to: gate).isDisjoint(with: parts)
        }
    }

    /// What becomes of what people said at these gates where nothing of it is void; nil where nobody said anything.
    func remark(_ gates: [StepID], _ parts: [ApprovalPolicy.Part]) -> String? {
        guard gates.contains(where: { approved.contains($0) || bypassed.contains($0) }) else { return nil }
        return parts.isEmpty
            ? "what people said there counts as long as it has not run out"
            : "no approval is bound to that, and what people said still counts"
    }

    private mutating func take(_ decision: Decision, at gate: StepID) {
        switch decision.verdict {
        case .approve: approved.insert(gate)
        case .bypass: bypassed.insert(gate)
        case .reject: break
        }
    }

    /// What makes an approval void; all there is where the plan is not known.
    private func bound(to gate: StepID) -> Set<ApprovalPolicy.Part> {
        guard let step = plan?.steps.first(where: { $0.id == gate }), case .gate(.approval(let policy)) = step.work
        else { return Set(ApprovalPolicy.Part.allCases) }
        return Set(policy.voidOn)
    }
}
