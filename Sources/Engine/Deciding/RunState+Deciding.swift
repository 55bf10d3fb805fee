import OrderedCollections
import Pipelines
import Signatures

import struct Foundation.Date

/// What is checked before a decision is written down.
extension RunState {
    /// The gates that a name means: the gate itself, or those of the step it stands before.
    private func gates(named name: StepID) throws(Refusal) -> [Step] {
        guard let step = planned(name) else {
            throw Refusal("run/unknown-step", "run '\(run)' has no step '\(name)'", notes: waitingNote)
        }
        return if case .gate = step.work { [step] } else { (gates[name] ?? []).map { plan.steps[$0] } }
    }

    private var waitingNote: [String] {
        waits.isEmpty ? [] : ["these wait: \(waits.map(\.step.id.rawValue).joined(separator: ", "))"]
    }

    /// How a run goes on that has failed at gates which people have opened since; nil for another.
    private var wayPastFailedGates: String? {
        let opened = bypassedFailures.map { "'\($0.id)'" }
        guard !opened.isEmpty else { return nil }
        let what = "\(opened.joined(separator: " and ")) \(opened.count == 1 ? "is" : "are") bypassed"
        return "\(what), so that `almrun resume \(run)` takes it up; what comes after it asks then"
    }

    /// Of the gates that a name means, those that wait.
    private func candidates(_ name: StepID) throws(Refusal) -> [Step] {
        guard !status.isFinished else {
            throw Refusal(
                "run/finished", "run '\(run)' has ended: it is \(status.rawValue)",
                notes: status == .rejected
                    ? ["`almrun resume \(run)` asks again"] : wayPastFailedGates.map { [$0] } ?? [])
        }
        let named = try gates(named: name)
        let waiting = named.filter { self[$0.id]?.status == .waiting }
        guard !waiting.isEmpty else {
            let status = self[name]?.status ?? .pending
            let shut = named.first { gate in
                [.rejected, .cancelled].contains(self[gate.id]?.status) && isRerunnableNow(gate.id)
                    && obstacles()[gate.id] == nil
            }
            throw Refusal(
                "gate/not-waiting", "'\(name)' does not wait for a decision: it is \(status.rawValue)",
                notes: (shut.map { ["`almrun resume \(run) --rerun \($0.guarding ?? $0.id)` asks anew"] } ?? [])
                    + waitingNote)
        }
        return waiting
    }

    /// The gate that asks people; of several, the first for which the person counts.
    func askingGate(_ name: StepID, person: String, _ now: Date) throws(Refusal) -> (Step, ApprovalPolicy) {
        let asking = try candidates(name).compactMap { step -> (Step, ApprovalPolicy)? in
            if case .gate(.approval(let policy)) = step.work { (step, policy) } else { nil }
        }
        guard let first = asking.first else {
            throw Refusal(
                "gate/not-asking", "'\(name)' waits, but not for a person",
                notes: ["`almrun why` says what it waits for; `almrun bypass` opens it with a reason"])
        }
        return asking.first { gate, policy in
            exclusion(of: person, under: policy, at: gate) == nil && !hasApproved(person, gate, policy, now)
        } ?? first
    }

    /// Whether an approval of the person counts already.
    func hasApproved(_ person: String, _ gate: Step, _ policy: ApprovalPolicy, _ now: Date) -> Bool {
        approvals(at: gate, under: policy, now: now).contains { $0.person.lowercased() == person.lowercased() }
    }

    /// The gate that a bypass is about: the first that waits, one that has failed, or one whose evidence has run out.
    func closedGate(_ name: StepID, _ now: Date) throws(Refusal) -> Step {
        let named = try gates(named: name)
        if status.isFinished, isCalledOff, let request = cancelRequest {
            throw Refusal(
                "run/finished", "run '\(run)' was \(isWithdrawn ? "withdrawn" : "cancelled") \(request.said)",
                notes: ["`almrun resume \(run)` takes it up all the same, and asks anew at every gate"])
        }
        let failed = named.first { gate in
            guard case .gate(let kind) = gate.work, kind != .preview else { return false }
            return self[gate.id]?.status == .failed
        }
        let isWaiting = named.contains { self[$0.id]?.status == .waiting }
        if let failed, status.isFinished || !isWaiting { return failed }
        if !isWaiting, let lapsed = named.first(where: { lapsedEvidence(at: $0, now: now) != nil }) { return lapsed }
        return try candidates(name)[0]
    }

    func checkOpen(_ gate: Step, _ now: Date) throws(Refusal) {
        guard let end = deadline(of: gate), now >= end else { return }
        var note = wayToAskAnew(at: gate)
        switch standing(of: gate, now: now) {
        case .approved?: note = "enough people had approved by then: `almrun resume \(run)` goes on"
        case .bypassed?: note = "it was bypassed by then: `almrun resume \(run)` goes on"
        case .open?, .rejected?, .expired?, nil: break
        }
        throw Refusal(
            "gate/expired", "the time to decide on '\(gate.id)' ended \(EventTime.text(end))", notes: [note])
    }

    /// Refuses a yes, or to open a gate with a reason, where somebody's no stands: it ends the run first, for all to see.
    func checkUnrejected(_ gate: Step, before verdict: Decision.Verdict, _ now: Date) throws(Refusal) {
        guard case .rejected(let no)? = standing(of: gate, now: now) else { return }
        throw Refusal(
            "gate/rejected",
            "\(no.person) has said no at '\(gate.id)'\(no.comment.map { ": \($0)" } ?? ""), and that stands",
            notes: [
                (goesOn(beside: gate.id)
                    ? "`almrun resume \(run)` shuts it, and what is left of the run goes on; once that has ended, `almrun resume \(run)` asks anew"
                    : "`almrun resume \(run)` ends the run; once more, and it asks anew")
                    + ": then the gate can be " + (verdict == .bypass ? "bypassed" : "approved")
            ])
    }

    /// Refuses to approve another plan than the one that was read.
    func check(plan wanted: String, at gate: Step) throws(Refusal) {
        guard let plan = binding(of: gate).plan else {
            throw Refusal(
                "gate/other-plan", "'\(gate.id)' is about no deployment plan",
                notes: ["leave `--plan` out; `almrun show \(run) --gate \(gate.id)` shows what it is about"])
        }
        guard !wanted.isEmpty, plan.hasPrefix(wanted.lowercased()) else {
            throw Refusal(
                "gate/other-plan", "the plan that waits at '\(gate.id)' is \(plan.prefix(12)), not '\(wanted)'",
                notes: ["read it first: `almrun show \(run) --gate \(gate.id)`"])
        }
    }

    /// What is said to somebody who did not sign where it must be.
    func unsigned(_ verdict: Decision.Verdict, _ gate: Step, _ role: String) -> Refusal {
        let people = (plan.roles.members[role] ?? []).filter { person in
            guard !keys(of: person.email, for: role).isEmpty else { return false }
            return verdict == .bypass
                ? mayBypass(person.email, gate) : deciders(at: gate).contains { $0.email == person.email }
        }.map(\.email)
        let example =
            verdict == .bypass
            ? "almrun bypass \(run) \(gate.id) --reason \"...\" --sign ~/.ssh/id_ed25519"
            : "almrun \(verdict.rawValue) \(run) \(gate.id) --sign ~/.ssh/id_ed25519"
        return Refusal(
            "gate/unsigned", "at '\(gate.id)' only what is signed counts",
            notes: [
                "sign it: `\(example)`",
                people.isEmpty
                    ? "nobody with the role '\(role)' may do it and has a key in environments/roles.yaml"
                    : "these have a key in environments/roles.yaml: \(people.joined(separator: ", "))",
            ])
    }

    /// The decision, signed when somebody can sign it; a signature that would not count is refused.
    func decision(
        _ gate: Step, _ verdict: Decision.Verdict, _ person: Decisions.Person, _ comment: String?, _ now: Date,
        _ sign: Decisions.Signing?
    ) throws -> Decision {
        let binding = binding(of: gate)
        var decision = Decision(
            step: gate.id, verdict: verdict, person: person.email, name: person.name, comment: comment,
            round: self[gate.id]?.round ?? 1, package: binding.package, plan: binding.plan, target: binding.target,
            time: now)
        guard let sign else { return decision }
        decision.ledger = head
        decision.signature = try sign(ApprovalRecord(self, decision))
        guard case .wrong(let code, let message) = signatureStanding(of: decision, after: head) else { return decision }
        guard code == "gate/unknown-key" else {
            throw Refusal(
                code, message,
                notes: ["sign again: `almrun \(verdict.rawValue) \(run) \(gate.id) --sign ~/.ssh/id_ed25519`"])
        }
        let keys = role(for: verdict, at: gate).map { self.keys(of: person.email, for: $0).map(\.fingerprint) } ?? []
        throw Refusal(
            code, message,
            notes: [
                keys.isEmpty
                    ? "put the line of your `.pub` file under 'key' in environments/roles.yaml; a run keeps the roles it "
                        + "started with"
                    : "the roles with which the run started have \(keys.joined(separator: " and ")) of '\(person.email)': "
                        + "sign with that key (`ssh-keygen -l -f FILE` shows which one a file holds)"
            ])
    }
}
