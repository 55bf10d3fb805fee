import OrderedCollections
public import Pipelines

extension RunState {
    /// Who may open a gate without what it asks for.
    public func bypassPolicy(at gate: Step) -> BypassPolicy {
        gate.environment.flatMap { plan.environments[$0]?.gates.bypass } ?? BypassPolicy()
    }

    /// The bypasses of a gate that count, each of another person; one of an earlier round does while nothing changed.
    public func bypasses(at gate: Step) -> [Decision] {
        guard let known = self[gate.id], known.decisions.contains(where: { $0.verdict == .bypass }) else { return [] }
        let rule = bypassPolicy(at: gate)
        let binding = binding(of: gate)
        var given: [Decision] = []
        for decision in known.decisions where decision.verdict == .bypass && decision.round >= known.firstRound {
            guard binding.covers(decision), isMember(decision.person, of: rule.role), !decision.isForged,
                !gate.wantsSignature || decision.standing.fingerprint != nil,
                !given.contains(where: { $0.isBySame(decision) })
            else { continue }
            given.append(decision)
        }
        return given
    }

    /// The bypasses that open a gate; nil when it is not opened so.
    func bypass(of gate: Step) -> [Decision]? {
        let given = bypasses(at: gate)
        guard !given.isEmpty, given.count >= bypassPolicy(at: gate).count else { return nil }
        // Who asked for a run cannot open alone what asks for somebody else.
        if excludesRequester(gate), given.allSatisfy({ $0.person.lowercased() == requester.lowercased() }) {
            return nil
        }
        return given
    }

    /// Whether a gate asks for somebody else than who asked for the run.
    func excludesRequester(_ gate: Step) -> Bool {
        if case .gate(.approval(let policy)) = gate.work { policy.distinctFrom.contains(.requester) } else { false }
    }
}
