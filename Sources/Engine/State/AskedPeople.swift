import OrderedCollections
import Pipelines

/// What approval gates ask of other runs and of the history, so that they can leave people out.
public struct AskedPeople: Sendable, Hashable {
    /// The environments whose approvers are left out.
    public var environments: Set<String> = []
    /// Digests of the packages that these gates are about, as far as they are known.
    public var packages: Set<String> = []
    /// Whether one of the gates leaves out who wrote what is released.
    public var asksForCommitters = false

    /// Whether nothing is asked.
    public var isEmpty: Bool { environments.isEmpty && !asksForCommitters }

    /// What the approval gates among some steps ask.
    init(_ steps: some Sequence<Step>, packages: (Step) -> Set<String> = { _ in [] }) {
        for step in steps {
            guard case .gate(.approval(let policy)) = step.work, policy.asksOfOthers else { continue }
            for excluded in policy.distinctFrom {
                switch excluded {
                case .requester: continue
                case .committers: asksForCommitters = true
                case .approvers(let environment): environments.insert(environment)
                }
            }
            self.packages.formUnion(packages(step))
        }
    }
}

extension RunState {
    /// What the approval gates that have not ended ask.
    public var askedPeople: AskedPeople {
        let open = zip(plan.steps, steps).lazy.filter { !$1.status.isSettled }.map(\.0)
        return AskedPeople(open) { packages(at: $0) }
    }
}

extension ApprovalPolicy {
    /// Whether who may approve depends on more than the run itself.
    var asksOfOthers: Bool { distinctFrom.contains { $0 != .requester } }
}
