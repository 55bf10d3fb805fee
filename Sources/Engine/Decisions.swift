import OrderedCollections
public import Pipelines

import struct Foundation.Date

/// What people do to a run that others work on, or nobody: decide at gates, and cancel.
///
/// Everything is checked first; a ``Refusal`` means that nothing was changed.
public struct Decisions: Sendable {
    /// Somebody who acts.
    public struct Person: Sendable, Hashable {
        public var email: String
        public var name: String?

        public init(email: String, name: String? = nil) {
            self.email = email
            self.name = name
        }
    }

    private let store: any RunStore
    private let objects: ObjectStore?
    private let clock: RunClock

    /// The object store holds large outputs, in which the package of an approval may be.
    public init(store: any RunStore, objects: ObjectStore? = nil, clock: RunClock = .system) {
        self.store = store
        self.objects = objects
        self.clock = clock
    }

    /// Says yes at a gate. The step is the gate, or the one it stands before.
    @discardableResult
    public func approve(
        _ run: RunID, _ step: StepID, by person: Person, comment: String? = nil
    ) async throws -> RunState {
        try await change(run) { state, now throws(Refusal) in
            let (gate, policy) = try state.askingGate(step, person: person.email)
            try state.checkOpen(gate, policy, now)
            if let reason = state.refusal(of: person.email, under: policy) {
                throw Refusal(
                    "gate/not-allowed", "\(reason)",
                    notes: [state.whoMay(policy)])
            }
            let known = state[gate.id] ?? StepState()
            let binding = state.binding(of: gate)
            let isTwice = known.decisions.contains {
                $0.round == known.round && $0.verdict == .approve && binding.covers($0)
                    && $0.person.lowercased() == person.email.lowercased()
            }
            if isTwice {
                throw Refusal(
                    "gate/twice", "'\(person.email)' has approved '\(gate.id)' already",
                    notes: ["each person counts once"])
            }
            return .decided(state.decision(gate, .approve, person, comment, now))
        }
    }

    /// Says no at a gate.
    @discardableResult
    public func reject(
        _ run: RunID, _ step: StepID, by person: Person, comment: String?
    ) async throws -> RunState {
        try await change(run) { state, now throws(Refusal) in
            let (gate, policy) = try state.askingGate(step, person: person.email)
            try state.checkOpen(gate, policy, now)
            guard state.isMember(person.email, of: policy.role) else {
                throw Refusal(
                    "gate/not-allowed", "'\(person.email)' does not have the role '\(policy.role)'",
                    notes: [state.whoMay(policy)])
            }
            guard let comment, !comment.allSatisfy(\.isWhitespace) else {
                throw Refusal("gate/no-comment", "a rejection needs a comment that says why")
            }
            return .decided(state.decision(gate, .reject, person, comment, now))
        }
    }

    /// Opens a gate without what it asks for; another act than approving, with a reason that is shown with the run.
    @discardableResult
    public func bypass(
        _ run: RunID, _ step: StepID, by person: Person, reason: String
    ) async throws -> RunState {
        try await change(run) { state, now throws(Refusal) in
            let gate = try state.waitingGate(step)
            guard !reason.allSatisfy(\.isWhitespace) else {
                throw Refusal("gate/no-reason", "a bypass needs a reason")
            }
            let roles = state.bypassRoles
            guard roles.contains(where: { state.isMember(person.email, of: $0) }) else {
                throw Refusal(
                    "gate/not-allowed",
                    roles.isEmpty
                        ? "nobody may bypass '\(gate.id)'"
                        : "'\(person.email)' has no role that may bypass '\(gate.id)'",
                    notes: [
                        roles.isEmpty
                            ? "give people the role 'bypass' in environments/roles.yaml; a run keeps the roles it started with"
                            : "roles that may: \(roles.joined(separator: ", "))"
                    ])
            }
            if case .gate(.approval(let policy)) = gate.work, policy.distinctFrom.contains(.requester),
                state.requester.lowercased() == person.email.lowercased()
            {
                throw Refusal(
                    "gate/not-allowed", "'\(person.email)' asked for the run, and this gate wants somebody else")
            }
            return .decided(state.decision(gate, .bypass, person, reason, now))
        }
    }

    /// Asks for the end of a run; a process that works on it stops, and a run that waits ends when it is resumed.
    @discardableResult
    public func cancel(_ run: RunID, by person: String, reason: String? = nil) async throws -> RunState {
        try await change(run) { state, _ throws(Refusal) in
            guard !state.status.isFinished else {
                throw Refusal("run/finished", "run '\(run)' has ended: it is \(state.status.rawValue)")
            }
            guard state.cancelRequest == nil else { return nil }
            return .cancelRequested(by: person, reason: reason)
        }
    }

    /// Reads, checks and adds one event; once more when somebody else wrote in between.
    private func change(
        _ run: RunID, _ body: (RunState, Date) throws(Refusal) -> RunEvent.Kind?
    ) async throws -> RunState {
        while true {
            var state = try await RunState.load(run, from: store, objects: objects)
            let now = max(EventTime.rounded(clock.now()), state.updated)
            guard let kind = try body(state, now) else { return state }
            let line = LedgerLine(
                RunEvent(sequence: state.sequence + 1, time: now, previous: state.head, kind: kind))
            try state.apply(line)
            let batch = EventBatch(after: state.sequence - 1, lines: [line], summary: state.summary)
            let store = store
            do {
                try await shielded { try await store.append(batch, to: run) }
                return state
            } catch RunStoreError.conflict {
                continue
            }
        }
    }
}

extension RunState {
    /// The gates that wait and that a name means: the gate itself, or the step it stands before.
    private func candidates(_ name: StepID) throws(Refusal) -> [Step] {
        guard !status.isFinished else {
            throw Refusal("run/finished", "run '\(run)' has ended: it is \(status.rawValue)")
        }
        guard let step = planned(name) else {
            throw Refusal(
                "run/unknown-step", "run '\(run)' has no step '\(name)'",
                notes: waits.isEmpty ? [] : ["these wait: \(waits.map(\.step.id.rawValue).joined(separator: ", "))"])
        }
        let named = if case .gate = step.work { [step] } else { (gates[name] ?? []).map { plan.steps[$0] } }
        let waiting = named.filter { self[$0.id]?.status == .waiting }
        guard !waiting.isEmpty else {
            let status = self[name]?.status ?? .pending
            throw Refusal(
                "gate/not-waiting", "'\(name)' does not wait for a decision: it is \(status.rawValue)",
                notes: waits.isEmpty ? [] : ["these wait: \(waits.map(\.step.id.rawValue).joined(separator: ", "))"])
        }
        return waiting
    }

    /// The gate that asks people; of several, the first for which the person counts.
    fileprivate func askingGate(_ name: StepID, person: String) throws(Refusal) -> (Step, ApprovalPolicy) {
        let asking = try candidates(name).compactMap { step -> (Step, ApprovalPolicy)? in
            if case .gate(.approval(let policy)) = step.work { (step, policy) } else { nil }
        }
        guard let first = asking.first else {
            throw Refusal(
                "gate/not-asking", "'\(name)' waits, but not for a person",
                notes: ["`almrun why` says what it waits for; `almrun bypass` opens it with a reason"])
        }
        return asking.first { refusal(of: person, under: $0.1) == nil && !hasApproved(person, $0.0) } ?? first
    }

    private func hasApproved(_ person: String, _ gate: Step) -> Bool {
        guard let known = self[gate.id] else { return false }
        return known.decisions.contains {
            $0.round == known.round && $0.person.lowercased() == person.lowercased()
        }
    }

    fileprivate func waitingGate(_ name: StepID) throws(Refusal) -> Step { try candidates(name)[0] }

    fileprivate func checkOpen(_ gate: Step, _ policy: ApprovalPolicy, _ now: Date) throws(Refusal) {
        if case .expired = ApprovalStanding(policy, step: gate, in: self, now: now) {
            throw Refusal(
                "gate/expired", "the time to decide on '\(gate.id)' is over",
                notes: ["resume the run, and again once it has ended, to be asked anew"])
        }
    }

    fileprivate func isMember(_ person: String, of role: String) -> Bool {
        (plan.roles.members[role] ?? []).contains { $0.email.lowercased() == person.lowercased() }
    }

    fileprivate func whoMay(_ policy: ApprovalPolicy) -> String {
        let people = (plan.roles.members[policy.role] ?? []).map(\.email).filter {
            refusal(of: $0, under: policy) == nil
        }
        return people.isEmpty
            ? "nobody has the role '\(policy.role)' and may decide here; see environments/roles.yaml"
            : "these may: \(people.joined(separator: ", "))"
    }

    /// The roles whose people may open a gate without what it asks for.
    fileprivate var bypassRoles: [String] {
        plan.roles.members["bypass"] == nil ? [] : ["bypass"]
    }

    fileprivate func decision(
        _ gate: Step, _ verdict: Decision.Verdict, _ person: Decisions.Person, _ comment: String?, _ now: Date
    ) -> Decision {
        let binding = binding(of: gate)
        return Decision(
            step: gate.id, verdict: verdict, person: person.email, name: person.name, comment: comment,
            round: self[gate.id]?.round ?? 1, package: binding.package, plan: binding.plan, target: binding.target,
            time: now)
    }
}
