import Documents
public import Pipelines

public import struct Foundation.Date

/// What people have decided at a gate that waits, and that nobody acted on yet.
public struct Settlement: Sendable, Hashable {
    /// How they decided.
    public enum Outcome: String, Sendable, Hashable { case approved, bypassed, rejected }

    public var outcome: Outcome
    /// The decisions that settle it.
    public var decisions: [Decision]
    /// What was decided about and is another thing now, as far as somebody has looked; one line each.
    public var drift: [String]
    /// Evidence beside the gate that has run out meanwhile, or files that are others, so that opening it is not enough.
    public var lapsed: LapsedEvidence?
    /// Of another gate before the same deployment, that its approval has run out, so that opening this one is not enough.
    public var lapsedApproval: String?
    /// Until when it is enough, where somebody's word is of an earlier round and makes it end before the others do.
    public var until: Date?
    /// Whether something is left to do where somebody has said no.
    private let goesOn: Bool
    private let run: RunID
    /// What comes of it when the run is taken up and what was decided about is another thing.
    private let wayOn: String

    init(
        _ outcome: Outcome, _ decisions: [Decision], drift: [String] = [], lapsed: LapsedEvidence? = nil,
        lapsedApproval: String? = nil, until: Date? = nil, goesOn: Bool = false, wayOn: String = "", run: RunID
    ) {
        self.goesOn = goesOn
        self.until = until
        self.wayOn = wayOn
        self.lapsedApproval = lapsedApproval
        self.drift = drift
        self.lapsed = lapsed
        self.outcome = outcome
        self.decisions = decisions
        self.run = run
    }

    /// Whether the gate opens, as long as what was decided about is still the same.
    public var opens: Bool { outcome != .rejected }

    /// Whether it counts for nothing once the run is taken up.
    public var isVoid: Bool { opens && !drift.isEmpty }

    /// Whether taking the run up opens the gate and what it guards is not asked about anew.
    public var carriesOn: Bool { opens && !isVoid && lapsed == nil && lapsedApproval == nil }

    /// The command that acts on it.
    public var command: String { "almrun resume \(run)" }

    /// Who decided, that it is enough, and what carries on, in one line.
    public var text: String {
        let who = decisions.map { safeText($0.person) }.joined(separator: " and ")
        if let lapsed, lapsed.cause == .files { return "\(outcome.rawValue) by \(who), but \(safeText(lapsed.brief))" }
        guard opens else {
            let why = decisions.first?.comment.map { ": \(safeText($0))" } ?? ""
            let end = goesOn ? "carries on with what is left of the run" : "carries on and ends the run"
            return "\(outcome.rawValue) by \(who)\(why); `\(command)` \(end)"
        }
        if isVoid {
            return
                "\(outcome.rawValue) by \(who), but \(safeText(drift.joined(separator: ", and "))): void when the run "
                + "is taken up; \(safeText(wayOn))"
        }
        if let lapsed { return "\(outcome.rawValue) by \(who), but \(lapsed.brief)" }
        if let lapsedApproval { return "\(outcome.rawValue) by \(who), but \(lapsedApproval); `\(command)` asks there" }
        let end = until.map { " until \(EventTime.text($0))" } ?? ""
        return "\(outcome.rawValue) by \(who): that is enough\(end); `\(command)` carries on"
    }
}

extension RunState {
    /// What was decided at a gate that waits and nobody acted on yet; nil while it waits for more.
    public func settlement(of gate: Step, now: Date) -> Settlement? {
        guard !status.isFinished, self[gate.id]?.status == .waiting, case .gate = gate.work else { return nil }
        func opened(_ outcome: Settlement.Outcome, _ decisions: [Decision]) -> Settlement {
            let isOlder = outcome == .approved && decisions.contains { $0.round != self[gate.id]?.round }
            return Settlement(
                outcome, decisions, drift: drift(at: gate), lapsed: lapsedEvidence(beside: gate, now: now),
                lapsedApproval: lapsedApprovals(beside: gate, now: now).first.map { Self.text(ofLapsed: $0, $1) },
                until: isOlder ? lapse(of: gate, openedBy: decisions, at: now) : nil,
                wayOn: wayOnWhenOvertaken(at: gate), run: run)
        }
        if let bypasses = bypass(of: gate) { return opened(.bypassed, bypasses) }
        switch standing(of: gate, now: now) {
        case .approved(let given)?: return opened(.approved, given)
        case .bypassed(let given)?: return opened(.bypassed, given)
        case .rejected(let no)?:
            return Settlement(.rejected, [no], lapsed: otherFiles, goesOn: goesOn(beside: gate.id), run: run)
        case .open?, .expired?, nil: return nil
        }
    }
}
