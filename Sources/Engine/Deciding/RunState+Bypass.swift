import Documents
import OrderedCollections
public import Pipelines

extension RunState {
    /// Who may open a gate without what it asks for.
    public func bypassPolicy(at gate: Step) -> BypassPolicy {
        gate.environment.flatMap { plan.environments[$0]?.gates.bypass } ?? BypassPolicy()
    }

    /// The bypasses of a gate that count, each of another person; one of an earlier round does until something changes.
    ///
    /// - Parameter counting: Whether those count that came after the time to decide, as earlier versions took them.
    public func bypasses(at gate: Step, counting late: Bool = false) -> [Decision] {
        guard let known = self[gate.id], known.decisions.contains(where: { $0.verdict == .bypass }) else { return [] }
        var given: [Decision] = []
        for decision in known.decisions where decision.verdict == .bypass {
            guard fault(ofBypass: decision, at: gate, counting: late) == nil,
                !given.contains(where: { $0.isBySame(decision) })
            else { continue }
            given.append(decision)
        }
        return given
    }

    /// The bypasses that open a gate; nil when it is not opened so.
    func bypass(of gate: Step, counting late: Bool = false) -> [Decision]? {
        let given = bypasses(at: gate, counting: late)
        guard !given.isEmpty, given.count >= bypassPolicy(at: gate).count else { return nil }
        return given
    }

    /// What comes of it where a gate has all the bypasses that it needs.
    func note(ofEnough given: [Decision], at gate: StepID) -> String {
        let people = given.map(\.person).joined(separator: " and ")
        guard !status.isFinished, isCalledOff else {
            return "bypassed by \(people), which is enough: \(way(pastOpened: gate))"
        }
        return "bypassed by \(people), but \(bypassWhileCancelled)"
    }

    /// The bypasses by which a gate has opened; none of one that is shut, or has opened by what it asks for.
    ///
    /// One that was void when the gate opened is none of them, whoever bypassed it then.
    public func bypasses(thatOpened gate: Step) -> [Decision] {
        guard let known = self[gate.id], known.status.isGood, known.output?["bypassedBy"] != nil else { return [] }
        return bypasses(at: gate)
    }

    /// Whether a person's bypass counts, as far as the gate leaves people out: who asked for a run opens nothing that
    /// asks for somebody else, neither alone nor as one of two.
    func mayBypass(_ person: String, _ gate: Step) -> Bool {
        guard case .gate(.approval(let policy)) = gate.work, policy.distinctFrom.contains(.requester) else {
            return true
        }
        return person.lowercased() != requester.lowercased()
    }
}
