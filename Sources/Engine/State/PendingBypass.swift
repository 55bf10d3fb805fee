import Documents
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// A gate, waiting or failed, that waits for a bypass: one more person must bypass it too, or only a bypass opens it.
public struct PendingBypass: Sendable, Hashable {
    /// The gate.
    public var step: Step
    public var role: String
    /// The bypasses that count; none where nobody has bypassed it yet.
    public var given: [Decision]
    /// How many people are needed in all.
    public var needed: Int
    /// E-mails of those who may give what is missing.
    public var may: [String]
    /// What it is about and is another thing now, so that the run is to be taken up first; nil where it is not.
    public var overtaking: String?
    private let run: RunID
    private let wayOn: String

    fileprivate init(_ step: Step, after given: [Decision], in state: RunState) {
        let rule = state.bypassPolicy(at: step)
        self.step = step
        self.given = given
        role = rule.role
        needed = rule.count
        run = state.run
        may = state.mayBypass(step).filter { email in
            !given.contains { $0.person.lowercased() == email.lowercased() }
        }
        overtaking = state.overtaking(of: step)
        wayOn = state.wayOnWhenOvertaken(at: step)
    }

    /// Who has bypassed it, and who may give what is missing, lower case, no full stop.
    public var text: String {
        if let overtaking {
            let who = given.map { safeText($0.person) }.joined(separator: " and ")
            let said = given.isEmpty ? "only a bypass opens it" : "bypassed by \(who)"
            return said + ", but \(safeText(overtaking)): "
                + (given.isEmpty
                    ? "`almrun resume \(run)` first, which asks about what would happen then"
                    : "void when the run is taken up; \(safeText(wayOn))")
        }
        let people = may.isEmpty ? "nobody else may" : may.joined(separator: ", ")
        if given.isEmpty {
            return "only a bypass opens it, by \(needed == 1 ? "one" : "two different people") of '\(role)' (\(people))"
        }
        return "bypassed by \(given.map { safeText($0.person) }.joined(separator: " and ")), and one more of '\(role)' "
            + "(\(people)) must bypass it"
    }

    /// Whether somebody has begun it, and one more person completes it as it stands.
    public var isCompletable: Bool { !given.isEmpty && !may.isEmpty && overtaking == nil }

    /// Whether a person may give what is missing.
    public func waits(for person: String) -> Bool { may.contains { $0.lowercased() == person.lowercased() } }
}

extension RunState {
    /// That a gate that waits or has failed was bypassed by too few people; nil where nobody did, or enough, and where the
    /// time is over in which one more person could.
    public func pendingBypass(of id: StepID, now: Date) -> PendingBypass? {
        guard isShut(id), let step = planned(id), case .gate = step.work, expiry(of: step, now: now) == nil
        else { return nil }
        let given = bypasses(at: step)
        guard !given.isEmpty, given.count < bypassPolicy(at: step).count else { return nil }
        // What people have approved waits for nobody's bypass.
        if case .approved? = standing(of: step, now: now) { return nil }
        return PendingBypass(step, after: given, in: self)
    }

    /// That a gate of a rollback waits for a bypass that nobody has begun: what it asks for is not shown or too old, and no
    /// rollback shows it; nil for another gate.
    public func wantedBypass(of id: StepID, now: Date) -> PendingBypass? {
        guard plan.isRollback, let gate = planned(id), bypasses(at: gate).isEmpty,
            whoMayBypass(gate) != nil
        else { return nil }
        let isWanted = lacksEvidenceForGood(at: id) || lapsedEvidence(at: gate, now: now) != nil
        return isWanted ? PendingBypass(gate, after: [], in: self) : nil
    }

    /// That a gate waits for a bypass that nobody has begun, as too few people are left who may approve; nil for another gate.
    public func bypassOfImpasse(at gate: Step, now: Date) -> PendingBypass? {
        guard impasse(at: gate, now: now) != nil, bypasses(at: gate).isEmpty, whoMayBypass(gate) != nil else {
            return nil
        }
        return PendingBypass(gate, after: [], in: self)
    }

    /// Who may bypass a gate that waits for a time alone, and that nobody has begun to bypass; nil for another gate, and where
    /// nobody may.
    public func bypassOfTime(at gate: Step) -> PendingBypass? {
        guard isShut(gate.id), case .gate = gate.work, case .until? = self[gate.id]?.suspension?.cause,
            bypasses(at: gate).isEmpty, whoMayBypass(gate) != nil
        else { return nil }
        return PendingBypass(gate, after: [], in: self)
    }

    /// Who may bypass a gate that has failed in a run which waits elsewhere, where nothing shows anew what it asks for; nil for
    /// another gate, and where nobody may.
    public func bypassOfFailure(at gate: Step) -> PendingBypass? {
        guard status == .waiting, case .gate(.evidence) = gate.work, self[gate.id]?.status == .failed, isShut(gate.id),
            isRerunnableNow(gate.id), bypasses(at: gate).isEmpty, whoMayBypass(gate) != nil,
            !gate.needs.contains(where: { $0.reason == .evidence && isRerunnableNow($0.step) }),
            obstacles()[gate.id] == nil
        else { return nil }
        return PendingBypass(gate, after: [], in: self)
    }

    /// Codes of a gate that has failed as nothing showed what it asks for, or nothing young enough did.
    public static let lackingEvidence: Set<String> = ["gate/no-evidence", "gate/old-evidence"]

    /// Who may bypass a gate at which a run has failed for want of evidence, and at nothing else; nil for another gate, where
    /// somebody has begun to, and where nobody may.
    public func bypassOfMissingEvidence(at gate: Step) -> PendingBypass? {
        let failed = steps.filter { $0.status == .failed }
        guard status == .failed, !isCalledOff, !plan.isRollback, case .gate(.evidence) = gate.work,
            self[gate.id]?.status == .failed, isShut(gate.id), bypasses(at: gate).isEmpty, whoMayBypass(gate) != nil,
            failed.allSatisfy({ $0.failure.map { Self.lackingEvidence.contains($0.code) } == true })
        else { return nil }
        return PendingBypass(gate, after: [], in: self)
    }

    /// Whether a gate is shut, and a bypass would open it for who takes the run up.
    func isShut(_ gate: StepID) -> Bool {
        guard cancelRequest == nil, let known = self[gate] else { return false }
        return switch known.status {
        case .waiting: !status.isFinished
        case .failed: !status.isFinished || status == .failed
        case .succeeded: planned(gate).map(isBypassedSinceOpen) ?? false
        default: false
        }
    }

    /// Whether the run has failed at a gate that a bypass opens or would open, so that it is not over for all.
    var mayBeWithdrawn: Bool {
        guard status == .failed, cancelRequest == nil else { return false }
        return plan.steps.contains { gate in
            guard case .gate(let kind) = gate.work, kind != .preview, isShut(gate.id), self[gate.id]?.status == .failed
            else { return false }
            return !bypasses(at: gate).isEmpty || whoMayBypass(gate) != nil
        }
    }

    /// Whether somebody called the run off after it had failed: no bypass opens its gates any more.
    public var isWithdrawn: Bool { status == .failed && isCalledOff }

    /// What comes of a bypass of a gate that has failed in a run that is being cancelled.
    var bypassWhileCancelled: String {
        "the run is being cancelled: `almrun resume \(run)` asks anew once it is, and what was said before does not count then"
    }

    /// What is to be known of a step that has failed, beside its message; none of a gate of a run that was called off, as that
    /// teaches the bypass which is refused.
    public func notes(ofFailed step: Step) -> [String] {
        if isCalledOff, case .gate = step.work { return [] }
        return self[step.id]?.failure?.notes ?? []
    }

    /// The gates that have failed, and that enough people have opened since: who takes the run up comes past them.
    public var bypassedFailures: [Step] {
        plan.steps.filter { step in
            guard case .gate = step.work, self[step.id]?.status == .failed else { return false }
            return isShut(step.id) && bypass(of: step) != nil
        }
    }

    /// The gates at which the run has failed, where people have opened each of them since, or only a bypass opens it, and
    /// nothing has changed that they are about; none of another run.
    public func failedGatesToBypass(now: Date) -> [Step] {
        let failed = plan.steps.filter { self[$0.id]?.status == .failed }
        guard status == .failed else { return [] }
        let opened = Set(bypassedFailures.map(\.id))
        let areAll = failed.allSatisfy { gate in
            guard case .gate = gate.work, drift(at: gate).isEmpty else { return false }
            return opened.contains(gate.id)
                || (pendingBypass(of: gate.id, now: now) ?? wantedBypass(of: gate.id, now: now)) != nil
        }
        return areAll ? failed : []
    }

    /// Whether the run waits for people at some gate.
    public func isAsking(now: Date) -> Bool {
        !openQuestions(now: now).isEmpty
            || plan.steps.contains { pendingBypass(of: $0.id, now: now) ?? wantedBypass(of: $0.id, now: now) != nil }
    }
}
