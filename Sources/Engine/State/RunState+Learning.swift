import OrderedCollections
import Pipelines

/// What a run gets to know of other people after it was made.
extension RunState {
    /// What the approval gates of a run that have not ended ask of other runs and of the history.
    public struct OpenExclusions: Sendable, Hashable {
        /// The environments whose approvers are left out.
        public var environments: Set<String> = []
        /// Digests of the packages that these gates are about, as far as they are known.
        public var packages: Set<String> = []
        /// Whether one of the gates leaves out who wrote what is released.
        public var asksForCommitters = false

        /// Whether nothing is asked.
        public var isEmpty: Bool { environments.isEmpty && !asksForCommitters }
    }

    public var openExclusions: OpenExclusions {
        var open = OpenExclusions()
        for (step, known) in zip(plan.steps, steps) {
            guard case .gate(.approval(let policy)) = step.work, !known.status.isSettled else { continue }
            for excluded in policy.distinctFrom {
                switch excluded {
                case .requester: continue
                case .committers: open.asksForCommitters = true
                case .approvers(let environment): open.environments.insert(environment)
                }
            }
            if policy.asksOfOthers, let package = binding(of: step).package { open.packages.insert(package) }
        }
        return open
    }

    /// What of all that was found the run does not know; nil when it knows everything.
    public func news(in found: LearnedPeople) -> LearnedPeople? {
        let packages = openExclusions.packages
        var news = LearnedPeople()
        for one in found.approvals where one.run != run && packages.contains(one.package) {
            let isKnown = (earlierApprovals + news.approvals).contains {
                $0.environment == one.environment && $0.package == one.package
                    && $0.person.lowercased() == one.person.lowercased()
            }
            if !isKnown { news.approvals.append(one) }
        }
        news.unreadable = found.unreadable.filter { !unreadable.contains($0) && $0 != run }
        news.committers = Self.unknown(found.committers, to: committers)
        news.uncommittedBy = Self.unknown(found.uncommittedBy, to: uncommittedBy)
        if committersDoubt == nil { news.committersDoubt = found.committersDoubt }
        if lookedThrough == nil { news.lookedThrough = found.lookedThrough }
        guard news != LearnedPeople() else { return nil }
        news.bases = found.bases
        return news
    }

    /// The run as it is when it knows all that was found, too.
    public func knowing(_ found: LearnedPeople?) -> RunState {
        guard let found, let news = news(in: found) else { return self }
        var state = self
        state.learn(news)
        return state
    }

    /// Adds what was learned; nobody is ever taken out again.
    mutating func learn(_ people: LearnedPeople) {
        for one in people.approvals where !earlierApprovals.contains(one) { earlierApprovals.append(one) }
        for one in people.unreadable where !unreadable.contains(one) { unreadable.append(one) }
        committers += Self.unknown(people.committers, to: committers)
        uncommittedBy += Self.unknown(people.uncommittedBy, to: uncommittedBy)
        committersDoubt = committersDoubt ?? people.committersDoubt
        lookedThrough = lookedThrough ?? people.lookedThrough
        bases = people.bases ?? bases
    }

    private static func unknown(_ people: [String], to known: [String]) -> [String] {
        let known = Set(known.map { $0.lowercased() })
        return people.filter { !known.contains($0.lowercased()) }
    }
}

extension ApprovalPolicy {
    /// Whether who may approve depends on more than the run itself.
    var asksOfOthers: Bool { distinctFrom.contains { $0 != .requester } }
}
