import Documents
public import Pipelines

public import struct Foundation.Date

/// Why something that a person said at a gate does not count.
public enum DecisionFault: Sendable, Hashable {
    /// Something that the decision is about has changed since; short digests, nil for none.
    public struct Change: Sendable, Hashable {
        public var part: ApprovalPolicy.Part
        public var from: String?
        public var to: String?

        /// Lower case, no full stop.
        public var text: String {
            let name = part == .target ? "state of the target" : part.rawValue
            return "the \(name) changed from \(from ?? "none") to \(to ?? "none")"
        }
    }

    case forged(String)
    case unsigned
    case changed([Change])
    /// It is void since that round began, for good.
    case void(since: Int, [String])
    /// The gate is asked anew, and what about is found out at this moment.
    case reopened([String])
    /// The round ended with a no of this person; nil when nobody answered in time.
    case roundOver(Int, rejectedBy: String?)
    /// The round ended with something that was no answer, such as that the run was cancelled.
    case calledOff(Int, because: String)
    /// It came when the time to decide was over.
    case late(Date)
    /// It was good until then.
    case expired(Date)
    /// It opened the gate, which is asked anew as that was long ago.
    case ranOut(Date)
    case excluded(Exclusion)
    /// The same person, or the same key, counts already.
    case repeated
    /// The gate has opened since by what it asks for: what was said of it before has no part in what is the matter now.
    case openedSince

    /// Lower case, no full stop.
    public var text: String {
        switch self {
        case .forged(let message): return message
        case .unsigned: return "it is not signed, and only what is signed counts"
        case .changed(let changes): return changes.map(\.text).joined(separator: ", ")
        case .void(let round, let why): return "void since round \(round): \(why.joined(separator: ", "))"
        case .reopened(let why): return "asked anew" + (why.isEmpty ? "" : ": \(why.joined(separator: ", "))")
        case .roundOver(let round, let person?): return "round \(round) is over: \(person) said no"
        case .roundOver(let round, nil): return "round \(round) is over: not enough people answered in time"
        case .calledOff(let round, let why): return "round \(round) is over: \(why)"
        case .late(let end): return "it came after the time to decide, which ended \(EventTime.text(end))"
        case .expired(let end): return "it expired \(EventTime.text(end))"
        case .ranOut(let end):
            return "it opened the gate until \(EventTime.text(end)), and the gate is asked anew since"
        case .excluded(let why): return "the person \(why.phrase)"
        case .repeated: return "each person and each key counts once"
        case .openedSince: return "the gate has opened since by what it asks for"
        }
    }
}

extension RunState {
    /// Why a decision at a gate does not count now; nil when it does.
    public func objection(to decision: Decision, at gate: Step, now: Date) -> String? {
        let fault: DecisionFault?
        switch (decision.verdict, gate.work) {
        case (.approve, .gate(.approval(let policy))):
            let counts = approvals(at: gate, under: policy, now: now).contains(decision)
            fault = counts ? nil : self.fault(of: decision, under: policy, at: gate, now: now) ?? .repeated
        case (.reject, .gate(.approval(let policy))): fault = self.fault(ofRejection: decision, policy, at: gate)
        case (.bypass, .gate):
            fault = bypasses(at: gate).contains(decision) ? nil : self.fault(ofBypass: decision, at: gate) ?? .repeated
        // Nobody is asked there.
        default: return nil
        }
        return fault?.text
    }

    /// What people have said at a gate that waits and is void for good, since when and why; one line each.
    public func voidDecisions(at gate: Step) -> [String] {
        guard let known = self[gate.id], known.status == .waiting, case .gate(let kind) = gate.work else { return [] }
        return known.decisions.compactMap { decision in
            var parts = ApprovalPolicy.Part.allCases
            if decision.verdict == .approve, case .approval(let policy) = kind { parts = policy.voidOn }
            guard decision.verdict != .reject, forgery(of: decision) == nil,
                ending(decision, before: known.firstRound, known) == nil,
                case .void? = change(since: decision, parts, at: gate)
            else { return nil }
            return "\(decision.line) (\(change(since: decision, parts, at: gate)?.text ?? ""))"
        }
    }

    /// Why an approval does not count, apart from others by the same person.
    func fault(of decision: Decision, under policy: ApprovalPolicy, at gate: Step, now: Date) -> DecisionFault? {
        guard let known = self[gate.id] else { return nil }
        if let fault = forgery(of: decision) ?? ending(decision, before: known.firstRound, known) { return fault }
        if let fault = change(since: decision, policy.voidOn, at: gate) { return fault }
        if policy.signed == .required, decision.standing.fingerprint == nil { return .unsigned }
        if let end = deadline(of: gate), !isInTime(decision, at: gate) { return .late(end) }
        if decision.round != known.round, let expires = policy.expires {
            let end = decision.time.addingTimeInterval(expires)
            if now > end {
                let isLeftOut = exclusion(of: decision.person, under: policy, at: gate) != nil
                let opened = isLeftOut ? nil : known.questions[decision.round]?.openUntil
                return opened.map { .ranOut($0) } ?? .expired(end)
            }
        }
        return exclusion(of: decision.person, under: policy, at: gate).map { .excluded($0) }
    }

    /// Why a rejection does not count.
    func fault(ofRejection decision: Decision, _ policy: ApprovalPolicy, at gate: Step) -> DecisionFault? {
        guard let known = self[gate.id] else { return nil }
        if let fault = forgery(of: decision) ?? ending(decision, before: known.round, known) { return fault }
        if let fault = change(since: decision, ApprovalPolicy.Part.allCases, at: gate) { return fault }
        if let end = deadline(of: gate), !isInTime(decision, at: gate) { return .late(end) }
        return isMember(decision.person, of: policy.role) ? nil : .excluded(.notMember(of: policy.role))
    }

    /// Why a bypass does not count, apart from others by the same person.
    ///
    /// - Parameter counting: Whether one that came after the time to decide counts, as earlier versions took it.
    func fault(ofBypass decision: Decision, at gate: Step, counting late: Bool = false) -> DecisionFault? {
        guard let known = self[gate.id] else { return nil }
        let rule = bypassPolicy(at: gate)
        // What ended the round was no bypass, so that the others of that round are over with it.
        let first = known.status == .rejected ? known.round + 1 : known.firstRound
        if let fault = forgery(of: decision) ?? ending(decision, before: first, known) { return fault }
        if !late, !Self.isOpenedByBypass(known), let end = deadline(of: gate), !isInTime(decision, at: gate) {
            return .late(end)
        }
        if let fault = change(since: decision, ApprovalPolicy.Part.allCases, at: gate) { return fault }
        // Before format 5 it counted all the same.
        if ruleFormat >= 5, known.decisions.prefix(known.decidedBeforeOpen).contains(decision) { return .openedSince }
        if gate.wantsSignature, decision.standing.fingerprint == nil { return .unsigned }
        guard isMember(decision.person, of: rule.role) else { return .excluded(.notMember(of: rule.role)) }
        return mayBypass(decision.person, gate) ? nil : .excluded(.requester)
    }

    /// Whether people have opened the gate without what it asks for: what came late an earlier version has taken then.
    private static func isOpenedByBypass(_ known: StepState) -> Bool {
        known.status.isGood && known.output?["bypassedBy"] != nil
    }

    private func forgery(of decision: Decision) -> DecisionFault? {
        if case .wrong(_, let message) = decision.standing { .forged(message) } else { nil }
    }

    private func ending(_ decision: Decision, before round: Int, _ known: StepState) -> DecisionFault? {
        guard decision.round < round else { return nil }
        for number in decision.round..<round {
            if let why = known.restarts[number + 1] { return .calledOff(number, because: why) }
            if let no = known.decisions.first(where: { $0.verdict == .reject && $0.round == number }) {
                return .roundOver(number, rejectedBy: no.person)
            }
        }
        return .roundOver(decision.round, rejectedBy: nil)
    }

    /// What of all that a decision is about is another thing now, or was one in a round since, so that it was void then.
    private func change(
        since decision: Decision, _ parts: [ApprovalPolicy.Part], at gate: Step
    ) -> DecisionFault? {
        let known = self[gate.id] ?? StepState()
        for round in known.questions.keys.sorted() where round > decision.round && round <= known.round {
            var question = known.questions[round] ?? GateQuestion()
            if round == known.round {
                question.shown = gate.guarding.flatMap { preview(for: $0) }.map { GateBinding($0) }
            }
            let why = question.objections(to: decision, parts)
            if !why.isEmpty { return .void(since: round, why) }
        }
        let changes = GateBinding(decision).changes(to: binding(of: gate), parts)
        guard !changes.isEmpty else { return nil }
        let guarded = gate.guarding ?? gate.id
        let isPreviewed = (gates[guarded] ?? []).contains { plan.steps[$0].work == .gate(.preview) }
        if isPreviewed, preview(for: guarded) == nil { return .reopened(known.voided) }
        return .changed(changes)
    }
}
