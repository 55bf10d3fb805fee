import Documents
public import Pipelines

public import struct Foundation.Date

/// What makes an answer at a gate come to nothing, whatever it is: evidence on which a gate beside it was opened is not good
/// any more, so that it shuts again before the deployment; or the files are others than those of the run.
public struct LapsedEvidence: Sendable, Hashable {
    /// What is not as it was when people answered.
    public enum Cause: Sendable, Hashable {
        /// The evidence on which a gate was opened.
        case evidence(at: StepID)
        /// The files of which the run is.
        case files
    }

    public var cause: Cause
    /// What is the matter, lower case, no full stop.
    public var text: String
    /// Since when it is too old, where that is the matter.
    public var since: Date?
    /// The commands that bring the run on all the same, for those who may; none where nobody may.
    public var commands: [String] = []
    /// What brings the deployment about all the same, lower case, no full stop.
    public var ways: String
    private let run: RunID

    /// What is so, what the run comes to, and what goes on instead, in one line.
    public var line: String { "\(outcome); \(ways)" }

    /// The same, with where to read what goes on instead.
    public var brief: String {
        switch cause {
        case .evidence(let gate): "\(outcome); `almrun why \(run) \(gate)` says what helps"
        case .files: line
        }
    }

    private var outcome: String {
        switch cause {
        case .evidence: "\(text), so that the run fails before it deploys"
        case .files: "\(text), so that `almrun resume \(run)` refuses it"
        }
    }

    init(_ refusal: Refusal, of state: RunState) {
        cause = .files
        run = state.run
        text = refusal.message
        ways = refusal.notes.last ?? "a new run asks anew: `\(state.plan.startCommand)`"
    }

    init(_ standing: EvidenceStanding, _ gate: Step, in state: RunState, now: Date) {
        cause = .evidence(at: gate.id)
        run = state.run
        let unmet = standing.items.filter { $0.verdict != .good }
        let names = unmet.map { "'\($0.name)'" }.joined(separator: ", ")
        if unmet.allSatisfy({ $0.verdict == .old }), let end = standing.expires {
            since = end
            text = "what shows \(names) is too old since \(EventTime.text(end))"
        } else {
            text = unmet.first?.message ?? "the evidence is not good any more"
        }
        let half = state.pendingBypass(of: gate.id, now: now)
        let who = half.map { "one more of '\($0.role)': \($0.may.joined(separator: ", "))" } ?? state.whoMayBypass(gate)
        let resume = "almrun resume \(state.run)"
        let bypass = state.bypassCommand(at: gate)
        let overtaking = state.overtaking(of: gate)
        // A bypass is refused while what it would be about is another thing than what would happen.
        commands = who == nil ? [] : overtaking == nil ? [bypass, resume] : [resume]
        let first = overtaking.map { "`\(resume)` first, as \($0), then " } ?? ""
        let way = who.map { "\(first)`\(bypass)`, by \($0), then `\(resume)`" }
        if state.plan.isRollback {
            ways = way.map { "only a bypass opens the gate: \($0)" } ?? "only a bypass opens the gate, and nobody may"
        } else {
            // What the pipeline is by now is not known here.
            ways =
                "a new run shows it anew where the pipeline still has what shows it: `\(state.plan.startCommand)`"
                + (way.map { "; or \($0)" } ?? "")
        }
    }
}

extension RunState {
    /// That what a gate was opened on has run out since, and nobody has opened it without; nil for another gate.
    public func lapsedEvidence(at gate: Step, now: Date) -> LapsedEvidence? {
        guard case .gate(.evidence(let policy)) = gate.work, isOpenBeforeDeployment(gate), bypass(of: gate) == nil
        else { return nil }
        let standing = EvidenceStanding(policy, step: gate, in: self, now: now)
        return standing.isMet ? nil : LapsedEvidence(standing, gate, in: self, now: now)
    }

    /// The run as it is for somebody who has looked whether it would be taken up with the files as they are.
    public func facing(_ refusal: Refusal) -> RunState {
        var state = self
        state.otherFiles = LapsedEvidence(refusal, of: self)
        return state
    }

    /// The same of the gates that stand before the same deployment as a step, or before the step itself; or of the files.
    public func lapsedEvidence(beside step: Step, now: Date) -> LapsedEvidence? {
        if let otherFiles { return otherFiles }
        return (gates[step.guarding ?? step.id] ?? []).lazy.compactMap {
            lapsedEvidence(at: plan.steps[$0], now: now)
        }.first
    }

    /// Whether people have begun to bypass a gate that had opened on evidence: it is asked again before the deployment.
    public func isBypassedSinceOpen(_ gate: Step) -> Bool {
        guard case .gate(.evidence) = gate.work, isOpenBeforeDeployment(gate) else { return false }
        return !bypasses(at: gate).isEmpty
    }

    /// Whether a gate has opened by what it asks for, and what it stands before has not begun.
    private func isOpenBeforeDeployment(_ gate: Step) -> Bool {
        guard !status.isFinished, cancelRequest == nil, let known = self[gate.id], known.status == .succeeded,
            known.output?["bypassedBy"] == nil, let guarded = gate.guarding.flatMap({ self[$0] })
        else { return false }
        return (guarded.status == .pending || guarded.status == .waiting) && !guarded.isInDoubt
    }
}
