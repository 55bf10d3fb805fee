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
    private let run: RunID

    init(_ outcome: Outcome, _ decisions: [Decision], run: RunID) {
        self.outcome = outcome
        self.decisions = decisions
        self.run = run
    }

    /// Whether the gate opens.
    public var opens: Bool { outcome != .rejected }

    /// The command that acts on it.
    public var command: String { "almrun resume \(run)" }

    /// Who decided, that it is enough, and what carries on, in one line.
    public var text: String {
        let who = decisions.map { safeText($0.person) }.joined(separator: " and ")
        guard opens else {
            let why = decisions.first?.comment.map { ": \(safeText($0))" } ?? ""
            return "\(outcome.rawValue) by \(who)\(why); `\(command)` carries on and ends the run"
        }
        return "\(outcome.rawValue) by \(who): that is enough; `\(command)` carries on"
    }
}

extension RunState {
    /// What was decided at a gate that waits and nobody acted on yet; nil while it waits for more.
    public func settlement(of gate: Step, now: Date) -> Settlement? {
        guard !status.isFinished, self[gate.id]?.status == .waiting, case .gate = gate.work else { return nil }
        if let bypasses = bypass(of: gate) { return Settlement(.bypassed, bypasses, run: run) }
        switch standing(of: gate, now: now) {
        case .approved(let given)?: return Settlement(.approved, given, run: run)
        case .bypassed(let given)?: return Settlement(.bypassed, given, run: run)
        case .rejected(let no)?: return Settlement(.rejected, [no], run: run)
        case .open?, .expired?, nil: return nil
        }
    }
}
