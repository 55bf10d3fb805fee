public import Pipelines

extension RunState {
    /// The gates, not open yet, that ask for what a stage shows and fail where a person alone says that it was done.
    public func gatesThatNoWordOpens(for stage: Step) -> [Step] {
        guard case .stage(let kind) = stage.work else { return [] }
        return plan.steps.filter { gate in
            guard case .gate(.evidence(let policy)) = gate.work, gate.needs.contains(Need(stage.id, .evidence)),
                policy.stages.contains(where: { EvidencePolicy.matches($0, step: stage.id, kind: kind) }),
                self[gate.id]?.status.isGood != true, bypass(of: gate) == nil
            else { return false }
            return PackageTies(of: binding(of: gate).package, in: self).objection(to: stage) == nil
        }
    }

    /// What a person may say of an effect in doubt, with what is to be known of it; what carries the run on comes first.
    public func words(of step: Step) -> [(word: String, remark: String?)] {
        // Where others use what it gives, the run cannot go on with the word alone that it was done.
        guard need(of: step.id) == nil else { return [("not-done", nil)] }
        let gates = gatesThatNoWordOpens(for: step).map { "'\($0.id)'" }
        guard !gates.isEmpty else { return [("done", nil), ("not-done", nil)] }
        let fail = gates.count == 1 ? "fails" : "fail"
        return [
            ("not-done", nil),
            ("done", "\(gates.joined(separator: ", ")) \(fail) then: a person's word is no evidence"),
        ]
    }
}
