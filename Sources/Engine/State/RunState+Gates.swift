import Documents
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// What gates ask for, whom, and what is still missing: one text for commands, reports and refusals.
extension RunState {
    /// The people who may still say yes at a gate that asks people.
    public func deciders(at gate: Step) -> [Roles.Person] {
        guard case .gate(.approval(let policy)) = gate.work else { return [] }
        return deciders(at: gate, under: policy)
    }

    /// The people who could say yes at a gate that had these rules.
    func deciders(at gate: Step, under policy: ApprovalPolicy) -> [Roles.Person] {
        (plan.roles.members[policy.role] ?? []).filter {
            exclusion(of: $0.email, under: policy, at: gate) == nil
                && (policy.signed == .optional || !keys(of: $0.email, for: policy.role).isEmpty)
        }
    }

    /// How a gate that asks people stands; nil for another step.
    public func standing(of gate: Step, now: Date) -> ApprovalStanding? {
        guard case .gate(.approval(let policy)) = gate.work else { return nil }
        return ApprovalStanding(policy, step: gate, in: self, now: now)
    }

    /// Who may decide, and why others may not.
    func whoMay(_ policy: ApprovalPolicy, at gate: Step) -> [String] {
        let people = deciders(at: gate).map(\.email)
        var lines = [
            plan.roles.members[policy.role]?.isEmpty != false
                ? "nobody has the role '\(policy.role)'; see environments/roles.yaml"
                : people.isEmpty
                    ? "nobody who has the role '\(policy.role)' may decide here"
                    : "these may: \(people.joined(separator: ", "))"
        ]
        lines += peopleLeftOut(at: gate).map { why, people in
            "not \(people.joined(separator: " or ")), who \(why.phrase)"
        }
        for case .approvers(let name) in policy.distinctFrom where !isAsked(for: name, about: gate) {
            lines.append(
                "nobody approves for '\(name)' in this run, and no earlier run knows who approved this package there")
        }
        return lines + doubts(at: gate).map { "\($0.text)\($0.advice.map { "; \($0)" } ?? "")" }
    }

    /// Something that is not known of who may decide at a gate, so that more people are left out than need be.
    public struct Doubt: Sendable, Hashable {
        /// `kebab-case`, for programs.
        public var code: String
        /// Lower case, no full stop.
        public var text: String
        /// What a person can do.
        public var advice: String?
    }

    /// What is not known of the people whom a gate leaves out.
    public func doubts(at gate: Step) -> [Doubt] {
        guard case .gate(.approval(let policy)) = gate.work else { return [] }
        var doubts: [Doubt] = []
        let approvers = policy.distinctFrom.compactMap { if case .approvers(let name) = $0 { name } else { nil } }
        if let first = people.unreadable.first, !approvers.isEmpty {
            let places = approvers.map { "'\($0)'" }.joined(separator: " and ")
            doubts.append(
                Doubt(
                    code: "approvers-unknown",
                    text:
                        "\(Exclusion.names(people.unreadable)) could not be read, so that nobody knows "
                        + "who approved for \(places) there, and no approval counts",
                    advice: "`almrun verify \(first)` names the damage: put the store back from a copy; without "
                        + "one `almrun doctor` names what gives that run up"
                        + (whoMayBypass(gate) == nil ? "" : "; `almrun bypass` opens this one")))
        }
        if let lookedThrough = people.lookedThrough, !approvers.isEmpty {
            let places = approvers.map { "'\($0)'" }.joined(separator: " and ")
            doubts.append(
                Doubt(
                    code: "approvers-older",
                    text: "only the newest \(lookedThrough) runs were looked through for who approved for \(places)"))
        }
        let writers = writers(at: gate)
        if policy.distinctFrom.contains(.committers), let doubt = writers.doubt {
            doubts.append(
                Doubt(
                    code: "committers-unknown",
                    text: writers.areUnknown
                        ? "nobody knows who wrote what is released: \(doubt)"
                        : "everybody who ever committed counts as one who wrote what is released: \(doubt)"))
        }
        return doubts
    }

    /// Whether somebody approves for an environment in this run, or did for a gate's package in an earlier one.
    private func isAsked(for environment: String, about gate: Step) -> Bool {
        let packages = packages(at: gate)
        if people.approvals.contains(where: { $0.environment == environment && packages.contains($0.package) }) {
            return true
        }
        return plan.steps.contains { step in
            guard step.environment == environment, case .gate(.approval) = step.work else { return false }
            return true
        }
    }

    /// Who may open a gate without what it asks for, in one line; nil when nobody may.
    public func whoMayBypass(_ gate: Step) -> String? {
        let rule = bypassPolicy(at: gate)
        let people = mayBypass(gate)
        guard people.count >= rule.count else { return nil }
        let who = people.joined(separator: ", ")
        return rule.secondPerson ? "two of '\(rule.role)' together: \(who)" : "one of '\(rule.role)': \(who)"
    }

    /// E-mails of those of whom each may open a gate without what it asks for, alone or as one of two.
    func mayBypass(_ gate: Step) -> [String] {
        let role = bypassPolicy(at: gate).role
        return (plan.roles.members[role] ?? []).map(\.email).filter { email in
            mayBypass(email, gate) && (!gate.wantsSignature || !keys(of: email, for: role).isEmpty)
        }
    }

    /// The command that opens a gate without what it asks for.
    public func bypassCommand(at gate: Step) -> String {
        "almrun bypass \(run) \(gate.id) --reason \"...\"\(gate.wantsSignature ? " --sign ~/.ssh/id_ed25519" : "")"
    }

    /// What else is known of a gate that waits, one line each.
    func question(_ gate: Step, _ known: StepState, _ now: Date) -> [String] {
        guard case .gate(let kind) = gate.work else { return [] }
        if let settlement = settlement(of: gate, now: now) {
            let end =
                otherFiles?.line
                ?? (settlement.isVoid
                    ? wayOnWhenOvertaken(at: gate)
                    : settlement.opens
                        ? settlement.lapsed?.line
                            ?? (settlement.lapsedApproval == nil
                                ? "that is enough: `almrun resume \(run)` carries on"
                                : "`almrun resume \(run)` asks again where it has run out")
                        : "nobody is asked any more")
            let notes = settlement.opens && !settlement.isVoid ? approvalNotes(beside: gate, now: now) : []
            return settlement.decisions.map(\.line) + notes + [end]
                + (settlement.opens ? unboundDrift(at: gate).map { [$0] } ?? [] : [])
        }
        var lines: [String] = []
        if case .approval(let policy) = kind { lines += question(policy, gate, known, now) }
        let bypasses = bypasses(at: gate)
        // Nobody is asked for anything before the run is taken up.
        if expiry(of: gate, now: now) != nil { return lines + bypasses.map(\.line) }
        if !bypasses.isEmpty {
            lines += bypasses.map(\.line)
            let missing = bypassPolicy(at: gate).count - bypasses.count
            if missing > 0 {
                lines.append("one more person must bypass it, with the role '\(bypassPolicy(at: gate).role)'")
            }
        }
        lines += approvalNotes(beside: gate, now: now)
        let overtaking = overtaking(of: gate)
        if let overtaking {
            // What is said before that is refused.
            lines.append(
                "what is asked about is not what would happen: \(overtaking); " + wayOnWhenOvertaken(at: gate))
        }
        if let drift = unboundDrift(at: gate) { lines.append(drift) }
        if let lapsed = lapsedEvidence(beside: gate, now: now) { lines.append(lapsed.line) }
        lines += looseManifestNotes(at: gate)
        if overtaking == nil, let who = whoMayBypass(gate) {
            lines.append("may open it with a reason (`almrun bypass`): \(who)")
        }
        return lines
    }

    private func question(_ policy: ApprovalPolicy, _ gate: Step, _ known: StepState, _ now: Date) -> [String] {
        var lines: [String] = []
        let counted: [Decision]
        switch ApprovalStanding(policy, step: gate, in: self, now: now) {
        case .open(let given, let missing):
            counted = given
            lines += given.map(\.line)
            lines.append("\(missing) more needed")
        // Then there is a settlement, and no question.
        case .approved, .bypassed, .rejected: return []
        case .expired:
            lines.append("\(wayToAskAnew(at: gate)); what was said before does not count then")
            return lines
        }
        // Whoever has approved counts once.
        let people = deciders(at: gate).filter { person in
            !counted.contains { $0.person.lowercased() == person.email.lowercased() }
        }
        lines.append("may decide: \(people.isEmpty ? "nobody" : people.map(\.email).joined(separator: ", "))")
        lines += whoMay(policy, at: gate).dropFirst()
        if policy.signed == .required { lines.append("only a signed approval counts: `almrun approve ... --sign KEY`") }
        if let end = deadline(of: gate) {
            lines.append("an approval counts when it is given before \(EventTime.text(end))")
        }
        if let instructions = policy.instructions { lines.append(instructions) }
        for decision in known.decisions where !counted.contains(decision) {
            guard let why = objection(to: decision, at: gate, now: now) else { continue }
            lines.append("does not count: \(decision.line) (\(why))")
        }
        return lines
    }

    /// The decisions that opened a gate, those of earlier rounds that counted among them.
    func opening(_ gate: Step, _ known: StepState) -> [Decision] {
        if let bypasses = bypass(of: gate) { return bypasses }
        guard case .gate(.approval(let policy)) = gate.work, let ended = known.ended else { return [] }
        return approvals(at: gate, under: policy, now: ended)
    }

    /// Until when an open gate stays open on what people said there; nil for always, and where nobody was asked.
    public func lapse(of gate: Step) -> Date? {
        guard bypass(of: gate) == nil, let known = self[gate.id], known.status == .succeeded, let ended = known.ended
        else {
            return nil
        }
        return lapse(of: gate, openedBy: opening(gate, known), at: ended)
    }

    /// Until when a gate stays open that these words open at a time; nil for always.
    public func lapse(of gate: Step, openedBy words: [Decision], at opened: Date) -> Date? {
        guard case .gate(.approval(let policy)) = gate.work, let expires = policy.expires, let known = self[gate.id]
        else {
            return nil
        }
        // A change to which somebody's word is not bound opens the gate anew, and makes that word no younger. What ends first
        // does no harm while as many as are needed stand.
        let since = words.map { $0.round == known.round ? opened : min($0.time, opened) }.sorted(by: >)
        return (since.prefix(policy.count).last ?? opened).addingTimeInterval(expires)
    }

    /// Why nothing came of a gate whose time to decide is over: who had approved or bypassed it in time, and that they were
    /// too few.
    public func shortfall(at gate: Step, now: Date) -> String {
        guard case .gate(.approval(let policy)) = gate.work else { return Self.nobody }
        let acts = [
            ("approved", approvals(at: gate, under: policy, now: now), policy.count),
            ("bypassed it", bypasses(at: gate), bypassPolicy(at: gate).count),
        ].filter { !$0.1.isEmpty }.map { verb, given, needed in
            let people = given.map { safeText($0.person) }.joined(separator: " and ")
            return "only \(people) had \(verb) in time, of \(needed) needed"
        }
        return acts.isEmpty ? Self.nobody : acts.joined(separator: ", and ")
    }

    /// How a gate that waits is asked anew when the time to decide is over.
    public func wayToAskAnew(at gate: Step) -> String {
        goesOn(beside: gate.id)
            ? "`almrun resume \(run)` shuts it, and then `almrun resume \(run) --rerun \(gate.id)` asks anew"
            : "`almrun resume \(run)` ends the run, and once more asks anew"
    }

    /// Whether anything of the run is left to do but what comes after a step.
    func goesOn(beside step: StepID) -> Bool {
        let after = following(step)
        let guarded = planned(step)?.guarding
        return zip(plan.steps, steps).contains { other, known in
            !known.status.isSettled && !other.isFinally && !after.contains(other.id)
                && (guarded == nil || other.guarding != guarded)
        }
    }

    static var nobody: String { "nobody decided in time" }

    /// What a step waits for by now, in one line: that the time to decide is over, what was decided, or what is missing of
    /// it and until when people can decide; nil for one that does not wait.
    ///
    /// - Parameter saysEnd: Whether until when is said.
    public func waitText(of step: Step, now: Date, saysEnd: Bool = true) -> String? {
        if let end = expiry(of: step, now: now) {
            return "\(shortfall(at: step, now: now)): expired \(EventTime.text(end))"
        }
        if let settlement = settlement(of: step, now: now) { return settlement.text }
        guard let message = self[step.id]?.suspension?.message else { return nil }
        let lapsed = lapsedEvidence(beside: step, now: now).map { "; meanwhile \($0.text)" } ?? ""
        let until = saysEnd ? openQuestion(step.id, now: now)?.until : nil
        let end = until.map { "; open until \(EventTime.text($0))" } ?? ""
        return message + missing(at: step, now: now) + end + lapsed
    }

    /// What is missing at a gate at which some have approved or bypassed, with a semicolon before it; empty otherwise.
    func missing(at gate: Step, now: Date) -> String {
        var text = ""
        if let question = openQuestion(gate.id, now: now), !question.given.isEmpty {
            let people = question.given.map { safeText($0.person) }.joined(separator: " and ")
            text = "; approved by \(people), \(question.missing) more needed"
        }
        text += undone(at: gate, now: now)
        guard let half = pendingBypass(of: gate.id, now: now) else { return text }
        return text + "; \(half.text)"
    }

    /// Whose approvals of a gate count no more, as they have approved or bypassed where it wants somebody else, with a
    /// semicolon before it; empty where there are none.
    private func undone(at gate: Step, now: Date) -> String {
        guard case .gate(.approval(let policy)) = gate.work else { return "" }
        return (self[gate.id]?.decisions ?? []).compactMap { decision in
            guard decision.verdict == .approve,
                case .excluded(let why)? = fault(of: decision, under: policy, at: gate, now: now), case .approver = why
            else { return nil }
            return "; the approval by \(safeText(decision.person)) counts no more: the person \(why.phrase)"
        }.joined()
    }

    /// When the time to decide at a waiting gate ended without enough answers; nil when it did not.
    public func expiry(of gate: Step, now: Date) -> Date? {
        guard self[gate.id]?.status == .waiting, case .expired? = standing(of: gate, now: now) else { return nil }
        return deadline(of: gate)
    }
}

extension Decision {
    /// `ann@contoso.com approved 2026-11-21T08:00:00.000Z, signed with SHA256:...: read it`.
    var line: String {
        let verb =
            switch verdict {
            case .approve: "approved"
            case .reject: "rejected"
            case .bypass: "bypassed"
            }
        let key = standing.fingerprint.map { ", signed with \($0)" } ?? ""
        return "\(person) \(verb) \(EventTime.text(time))\(key)\(comment.map { ": \($0)" } ?? "")"
    }
}
