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
    private let learning: Learning?
    private let foreseeing: Foreseeing?

    /// The object store holds large outputs, in which the package of an approval may be. What is learned of other people
    /// before somebody approves is written down with the approval; what is foreseen must be what the gate asks about.
    public init(
        store: any RunStore, objects: ObjectStore? = nil, clock: RunClock = .system, learning: Learning? = nil,
        foreseeing: Foreseeing? = nil
    ) {
        self.store = store
        self.objects = objects
        self.clock = clock
        self.learning = learning
        self.foreseeing = foreseeing
    }

    /// Makes a signature over what a person says, in the armor of `ssh-keygen -Y sign`; asked again when somebody else
    /// wrote to the run in between.
    public typealias Signing = (ApprovalRecord) throws -> String

    /// Says yes at a gate. The step is the gate, or the one it stands before.
    ///
    /// With a digest of the plan, or its beginning, only that plan is approved and no other one that waits by now.
    @discardableResult
    public func approve(
        _ run: RunID, _ step: StepID, by person: Person, comment: String? = nil, plan: String? = nil,
        sign: Signing? = nil
    ) async throws -> RunState {
        try await decide(run, step, learningFor: person.email) { state, now, present in
            let (gate, policy) = try state.askingGate(step, person: person.email, now)
            try state.checkOpen(gate, now)
            if let plan { try state.check(plan: plan, at: gate) }
            if let why = state.exclusion(of: person.email, under: policy, at: gate) {
                throw Refusal(
                    "gate/not-allowed", why.refusal(of: person.email), notes: state.whoMay(policy, at: gate))
            }
            try state.checkUnrejected(gate, before: .approve, now)
            try state.check(present, at: gate, policy.voidOn)
            if state.hasApproved(person.email, gate, policy, now) {
                throw Refusal(
                    "gate/twice", "'\(person.email)' has approved '\(gate.id)' already",
                    notes: ["each person counts once"])
            }
            if sign == nil, policy.signed == .required { throw state.unsigned(.approve, gate, policy.role) }
            return .decided(try state.decision(gate, .approve, person, comment, now, sign))
        }
    }

    /// Says no at a gate.
    @discardableResult
    public func reject(
        _ run: RunID, _ step: StepID, by person: Person, comment: String?, sign: Signing? = nil
    ) async throws -> RunState {
        try await decide(run, step) { state, now, _ in
            let (gate, policy) = try state.askingGate(step, person: person.email, now)
            try state.checkOpen(gate, now)
            guard state.isMember(person.email, of: policy.role) else {
                throw Refusal(
                    "gate/not-allowed", "'\(person.email)' does not have the role '\(policy.role)'",
                    notes: state.whoMay(policy, at: gate))
            }
            guard let comment, !comment.allSatisfy(\.isWhitespace) else {
                throw Refusal("gate/no-comment", "a rejection needs a comment that says why")
            }
            return .decided(try state.decision(gate, .reject, person, comment, now, sign))
        }
    }

    /// Opens a gate without what it asks for; another act than approving, with a reason that is shown with the run.
    ///
    /// Also opens a gate that has failed: then the run is to be resumed. Where a second person is asked for, the gate
    /// opens with the bypass of another one. Where a gate says until when people can decide, that holds for a bypass too.
    @discardableResult
    public func bypass(
        _ run: RunID, _ step: StepID, by person: Person, reason: String, sign: Signing? = nil
    ) async throws -> RunState {
        try await decide(run, step, learningFor: person.email, mustLearn: false) { state, now, present in
            let gate = try state.closedGate(step, now)
            try state.checkOpen(gate, now)
            guard !reason.allSatisfy(\.isWhitespace) else {
                throw Refusal("gate/no-reason", "a bypass needs a reason")
            }
            let rule = state.bypassPolicy(at: gate)
            guard state.isMember(person.email, of: rule.role) else {
                let isNobody = (state.plan.roles.members[rule.role] ?? []).isEmpty
                throw Refusal(
                    "gate/not-allowed",
                    isNobody
                        ? "nobody may bypass '\(gate.id)'"
                        : "'\(person.email)' has no role that may bypass '\(gate.id)'",
                    notes: [
                        isNobody
                            ? "give people the role '\(rule.role)' in environments/roles.yaml; a run keeps the roles it started with"
                            : "roles that may: \(rule.role)"
                    ])
            }
            guard state.mayBypass(person.email, gate) else {
                throw Refusal(
                    "gate/not-allowed", Exclusion.requester.refusal(of: person.email),
                    notes: ["'distinctFrom: [requester]' holds for a bypass of this gate too"])
            }
            try state.checkUnrejected(gate, before: .bypass, now)
            try state.check(present, at: gate, ApprovalPolicy.Part.allCases)
            if state.bypasses(at: gate).contains(where: { $0.person.lowercased() == person.email.lowercased() }) {
                if let enough = state.bypass(of: gate) {
                    throw Refusal(
                        "gate/twice", "'\(person.email)' has bypassed '\(gate.id)' already",
                        notes: [state.note(ofEnough: enough, at: gate.id)])
                }
                if let settlement = state.settlement(of: gate, now: now), settlement.opens {
                    throw Refusal(
                        "gate/twice", "'\(person.email)' has bypassed '\(gate.id)' already", notes: [settlement.text])
                }
                throw Refusal(
                    "gate/twice", "'\(person.email)' has bypassed '\(gate.id)' already, and one more person is needed",
                    notes: ["somebody else with the role '\(rule.role)' must bypass it too"])
            }
            if sign == nil, gate.wantsSignature { throw state.unsigned(.bypass, gate, rule.role) }
            return .decided(try state.decision(gate, .bypass, person, reason, now, sign))
        }
    }

    /// Asks for the end of a run; a process that works on it stops, and a run that waits ends when it is resumed. One that has
    /// failed at a gate which a bypass would open is withdrawn.
    @discardableResult
    public func cancel(_ run: RunID, by person: String, reason: String? = nil) async throws -> RunState {
        try await change(run) {
            var state = try await RunState.load(run, from: store, objects: objects)
            // What a signal ended can be taken up again; who calls it off says that it shall not be as it was.
            let isInterrupted = state.status == .cancelled && !state.isCalledOff
            guard !state.status.isFinished || isInterrupted || state.mayBeWithdrawn else {
                throw Refusal("run/finished", "run '\(run)' has ended: it is \(state.status.rawValue)")
            }
            guard !state.isCalledOff else { return (state, []) }
            let line = try state.add(.cancelRequested(by: person, reason: reason), now: clock.now())
            return (state, [line])
        }
    }

    /// Takes down what a person says of effects that are left in doubt; the run stays as it is.
    func note(_ assumptions: [Assumption], in run: RunID, by person: String) async throws -> RunState {
        try await change(run) {
            var state = try await RunState.load(run, from: store, objects: objects)
            var lines: [LedgerLine] = []
            for assumption in assumptions {
                try state.check(assumption, goesOn: false)
                // Said again, it tells nothing more.
                if state.isTakenDown(assumption, by: person) { continue }
                let word = RunEvent.Kind.assumed(
                    assumption.step, done: assumption.isDone, by: person, comment: assumption.comment)
                lines.append(try state.add(word, now: clock.now()))
            }
            return (state, lines)
        }
    }

    /// Adds what somebody says at a gate, after what is learned before it; refuses a run that would not be taken up.
    private func decide(
        _ run: RunID, _ step: StepID, learningFor person: String? = nil, mustLearn: Bool = true,
        _ body: (RunState, Date, PresentPreview?) throws -> RunEvent.Kind
    ) async throws -> RunState {
        try await change(run) {
            var state = try await RunState.loadJustified(run, from: store, objects: objects)
            let now = max(EventTime.rounded(clock.now()), state.updated)
            var lines: [LedgerLine] = []
            var present: PresentPreview?
            if let person {
                var found: KnownPeople?
                do {
                    if !state.status.isFinished { found = try await learning?(state) }
                } catch  where !mustLearn && !(error is RunStoreError) {
                    // Who is left out is no matter of who opens the gate without it.
                }
                if let found, let news = state.news(in: found) {
                    lines.append(try state.add(.learned(news, by: person), now: now))
                }
                present = await foreseeing?(state, state.planned(step)?.guarding ?? step)
            }
            lines.append(try state.add(try body(state, now, present), now: now))
            return (state, lines)
        }
    }

    /// Adds the events that the body makes of a run; asks it again when somebody else wrote in between.
    private func change(
        _ run: RunID, _ body: () async throws -> (RunState, [LedgerLine])
    ) async throws -> RunState {
        while true {
            let (state, lines) = try await body()
            guard !lines.isEmpty else { return state }
            let batch = EventBatch(after: state.sequence - lines.count, lines: lines, summary: state.summary)
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
