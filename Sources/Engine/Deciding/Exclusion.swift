import Documents
public import OrderedCollections
public import Pipelines

/// Why somebody's approval does not count at a gate.
public enum Exclusion: Sendable, Hashable {
    case noRole(String)
    case notMember(of: String)
    case requester
    case committer
    /// They brought changes that are in no commit into what is released.
    case changedUncommitted
    /// The gate leaves out who wrote what is released, and nobody knows who that is.
    case committersUnknown(doubt: String?)
    /// With the earlier run in which they approved; nil for this one.
    case approver(of: String, run: RunID?)
    /// The gate leaves out who approved for an environment, and in these earlier runs nobody knows who did.
    case approversUnknown(of: String, runs: [RunID])
    /// The gate asks for signatures, and the roles have no key of theirs.
    case noKey

    /// Whether it is only not known that the person may decide.
    var isDoubt: Bool {
        switch self {
        case .committersUnknown, .approversUnknown: true
        default: false
        }
    }

    /// As it stands after a person's name.
    public var phrase: String {
        switch self {
        case .noRole(let role): "cannot have the role '\(role)', which does not exist"
        case .notMember(let role): "does not have the role '\(role)'"
        case .requester: "asked for the run"
        case .committer: "wrote commits that are released"
        case .changedUncommitted: "released changes that are in no commit"
        case .committersUnknown: "may have written what is released: nobody knows who did"
        case .approver(let environment, nil): "approved for '\(environment)'"
        case .approver(let environment, let run?): "approved for '\(environment)' in run '\(run)'"
        case .approversUnknown(let environment, let runs):
            "may have approved for '\(environment)' in \(Self.names(runs)), which cannot be read"
        case .noKey: "has no key in environments/roles.yaml"
        }
    }

    /// The same with why it is not known, where that is said nowhere else.
    var explained: String {
        if case .committersUnknown(let doubt?) = self { return "may have written what is released: \(doubt)" }
        return phrase
    }

    /// `run 'a'`, or several; beyond a few only how many.
    static func names(_ runs: [RunID]) -> String {
        let names = runs.prefix(3).map { "'\($0)'" }.joined(separator: " or ")
        return "run \(names)\(runs.count > 3 ? " or \(runs.count - 3) more" : "")"
    }

    /// What is said to a person who wants to approve all the same.
    func refusal(of person: String) -> String {
        switch self {
        case .noRole(let role): "there is no role '\(role)'"
        case .committersUnknown(let doubt):
            "nobody knows who wrote what is released: \(doubt ?? "the run was made outside a git repository")"
        case .approversUnknown(let environment, let runs):
            "nobody knows who approved for '\(environment)' in \(Self.names(runs)), which could not be read"
        case .notMember, .noKey: "'\(person)' \(phrase)"
        case .requester, .committer, .changedUncommitted, .approver:
            "'\(person)' \(phrase), and this gate wants somebody else"
        }
    }
}

extension RunState {
    /// Somebody with the role of a gate who may not decide there, and why.
    public struct LeftOut: Sendable, Hashable {
        public var person: String
        public var why: Exclusion
    }

    /// Those with the role of a gate who may not decide there, by the reason, in the order of the roles.
    public func peopleLeftOut(at gate: Step) -> OrderedDictionary<Exclusion, [String]> {
        leftOut(at: gate).byReason
    }

    /// `, not bob@contoso.com or carol@contoso.com, who ...` after those who may: each reason once; empty where there is none.
    public func othersLeftOut(at gate: Step) -> String {
        peopleLeftOut(at: gate).map { why, people in
            ", not \(people.joined(separator: " or ")), who \(why.explained)"
        }.joined()
    }

    /// Why a person's approval does not count under a policy; nil when it does.
    func exclusion(of person: String, under policy: ApprovalPolicy, at gate: Step) -> Exclusion? {
        let email = person.lowercased()
        guard plan.roles.members[policy.role] != nil else { return .noRole(policy.role) }
        guard isMember(person, of: policy.role) else { return .notMember(of: policy.role) }
        for excluded in policy.distinctFrom {
            switch excluded {
            case .requester:
                if requester.lowercased() == email { return .requester }
            case .committers:
                let writers = writers(at: gate)
                if writers.people.contains(where: { $0.lowercased() == email }) { return .committer }
                if people.uncommittedBy.contains(where: { $0.lowercased() == email }) { return .changedUncommitted }
                if writers.areUnknown { return .committersUnknown(doubt: writers.doubt) }
            case .approvers(let environment):
                if hasDecided(email, in: environment, besides: gate) { return .approver(of: environment, run: nil) }
                if let earlier = earlierApproval(by: email, in: environment, besides: gate) {
                    return .approver(of: environment, run: earlier.run)
                }
                if !people.unreadable.isEmpty {
                    return .approversUnknown(of: environment, runs: people.unreadable)
                }
            }
        }
        return nil
    }

    /// Who wrote the commits that a gate is about.
    struct Writers {
        var people: [String]
        /// Why everybody in the history counts.
        var doubt: String?
        /// Whether nobody knows who it was; without a doubt, nobody wrote anything since.
        var areUnknown: Bool
    }

    /// Those who wrote what a gate is about; all who ever committed, where it is the first of its kind in the environment.
    func writers(at gate: Step) -> Writers {
        if ruleFormat >= 3, people.committersDoubt == nil, !people.everybody.isEmpty, gate.guarding == nil,
            let place = unknownInstall(at: gate)
        {
            return Writers(
                people: people.everybody,
                doubt: "it is not known before the deployment to '\(place)' whether it installs something new there",
                areUnknown: false)
        }
        if people.committersDoubt == nil, !people.everybody.isEmpty,
            let details = preview(for: gate.guarding ?? gate.id)?.details, details["action"]?.string == "install"
        {
            let name = details["solution"]?.string ?? "the package"
            return Writers(
                people: people.everybody, doubt: "\(name) is not installed in '\(gate.environment ?? "")' yet",
                areUnknown: false)
        }
        return Writers(
            people: people.committers, doubt: people.committersDoubt,
            areUnknown: people.committers.isEmpty && (commit == nil || people.committersDoubt != nil))
    }

    /// The environment of a deployment that a gate without a preview is about, and that installs something for the first
    /// time as far as is known; nil when every one is known to bring a newer version of what is there.
    private func unknownInstall(at gate: Step) -> String? {
        for step in plan.steps where step.locksEnvironment && (gate.environment ?? step.environment) == step.environment
        {
            guard let name = step.environment else { continue }
            guard let action = preview(for: step.id)?.details["action"]?.string, action != "install" else {
                return name
            }
        }
        return nil
    }

    /// Those with the role of a gate who may not decide there, in the order of the roles.
    public func leftOut(at gate: Step) -> [LeftOut] {
        guard case .gate(.approval(let policy)) = gate.work else { return [] }
        return (plan.roles.members[policy.role] ?? []).compactMap { person in
            var why = exclusion(of: person.email, under: policy, at: gate)
            if why == nil, policy.signed == .required, keys(of: person.email, for: policy.role).isEmpty { why = .noKey }
            return why.map { LeftOut(person: person.email, why: $0) }
        }
    }

    /// Whether a person opened a gate of an environment for the package that another gate is about.
    private func hasDecided(_ email: String, in environment: String, besides gate: Step) -> Bool {
        let package = binding(of: gate).package
        return zip(plan.steps, steps).contains { step, known in
            guard step.environment == environment, step.id != gate.id, !known.decisions.isEmpty else { return false }
            return known.decisions.contains {
                $0.verdict != .reject && !$0.isForged && $0.person.lowercased() == email
                    && (package == nil || $0.package == nil || $0.package == package)
            }
        }
    }

    /// What a person said in an earlier run about a package of a gate.
    private func earlierApproval(by email: String, in environment: String, besides gate: Step) -> EarlierApproval? {
        let theirs = people.approvals.filter { $0.environment == environment && $0.person.lowercased() == email }
        guard !theirs.isEmpty else { return nil }
        let packages = packages(at: gate)
        return theirs.first { packages.contains($0.package) }
    }

    /// Whether the roles of the run give a role to a person.
    func isMember(_ person: String, of role: String) -> Bool {
        (plan.roles.members[role] ?? []).contains { $0.email.lowercased() == person.lowercased() }
    }
}

extension [RunState.LeftOut] {
    /// E-mails by the reason, in the order in which they stand.
    var byReason: OrderedDictionary<Exclusion, [String]> {
        OrderedDictionary(grouping: self, by: \.why).mapValues { $0.map(\.person) }
    }
}
