import Documents
import OrderedCollections
public import Pipelines

/// What helps where a run has failed because of the evidence that a gate asks for.
extension RunState {
    /// Whether a gate has failed for want of evidence that the run can never show: no stage of a rollback shows anything.
    func lacksEvidenceForGood(at gate: StepID) -> Bool {
        plan.isRollback && isShut(gate) && self[gate]?.status == .failed
            && self[gate]?.failure.map { Self.lackingEvidence.contains($0.code) } == true
    }

    /// The package that a rollback brings back, as people name it.
    var rolledBack: String {
        func input(_ name: String) -> String? { plan.inputs[name]?.string }
        guard let solution = input("solution"), let version = input("to") else { return "PACKAGE" }
        return shellWord("\(solution)@\(version)")
    }

    /// Whether the run has failed, and nothing but gates for want of evidence that it can never show.
    public var lacksEvidenceForGood: Bool {
        let failed = zip(plan.steps, steps).filter { $1.status == .failed }
        return status == .failed && !failed.isEmpty
            && failed.allSatisfy { step, _ in lacksEvidenceForGood(at: step.id) }
    }

    /// The new run that shows what a gate has failed for want of, where that takes no other pipeline, with the command that starts
    /// it, where the same one does; this one fails there again.
    public func newRunToBeShown(at gate: Step) -> (text: String, command: String?)? {
        let missing = missingEvidence(at: gate)
        let skipped = missing.compactMap(\.step).filter { self[$0]?.status == .skipped }
        if let stage = skipped.first {
            let names = skipped.map { "'\($0)'" }.joined(separator: " and ")
            let are = skipped.count == 1 ? "is" : "are"
            return (
                "a new run in which \(names) \(are) not skipped: `almrun why \(run) \(stage)` says why it was", nil
            )
        }
        guard !missing.isEmpty, missing.allSatisfy(ranTooEarly) else { return nil }
        return ("a new run: `\(plan.startCommand)`", plan.startCommand)
    }

    private func missingEvidence(at gate: Step) -> [EvidenceStanding.Item] {
        guard case .gate(.evidence(let policy)) = gate.work else { return [] }
        return EvidenceStanding(policy, step: gate, in: self, now: updated).items.filter { $0.verdict == .missing }
    }

    /// Whether it is missing as the stage that should show it ran before one that it comes after was done.
    func ranTooEarly(_ item: EvidenceStanding.Item) -> Bool {
        item.verdict == .missing && item.step.flatMap(planned).flatMap(stageDoneLater) != nil
    }

    /// The command that takes the run up and has looked for anew what counts as done by a person's word alone, where a gate
    /// fails again because of that; all else it only takes up.
    public var resumeCommand: String { resumeCommand(rerunning: assumedEvidence) }

    /// What opens a gate that has failed as a person's word is no evidence; nil for another one.
    public func waysPastWord(at gate: Step) -> String? {
        guard self[gate.id]?.failure?.code == "gate/bad-evidence", isShut(gate.id), bypasses(at: gate).isEmpty,
            gate.needs.contains(where: { $0.reason == .evidence && assumedEvidence.contains($0.step) })
        else { return nil }
        let isTaken = status.isFinished || assumedEvidence.allSatisfy(isRerunnableNow)
        return "\(isTaken ? "" : "once the run has ended, ")`\(resumeCommand)` has it looked for once more"
            + (bypassCommand(ofFailed: gate).map { "; or \($0)" } ?? "")
    }

    /// How a failed gate that nobody has begun to bypass is bypassed, and by whom; nil where nobody may.
    public func bypassCommand(ofFailed gate: Step) -> String? {
        guard gate.work != .gate(.preview), bypasses(at: gate).isEmpty, let who = whoMayBypass(gate) else { return nil }
        let first = overtaking(of: gate).map { "`almrun resume \(run)` first, as \($0), then " } ?? ""
        return "\(first)`\(bypassCommand(at: gate))`, by \(who), then `almrun resume \(run)`"
    }
}
