import Documents

/// Puts the gates of an environment, as steps of their own, before a stage that changes it.
struct GateExpansion {
    /// The gates in their fixed order, then the stage.
    static func steps(for stage: Step, in environment: EnvironmentFile) -> [Step] {
        let gates = environment.gates
        var chain: [(suffix: String, gate: Gate)] = [("preview", .preview)]
        if environment.after != nil || gates.soak > 0 {
            chain.append(("eligible", .eligible(after: environment.after, soak: gates.soak)))
        }
        if let evidence = gates.evidence { chain.append(("evidence", .evidence(evidence))) }
        for (index, policy) in gates.approvals.enumerated() {
            chain.append((index == 0 ? "approval" : "approval-\(index + 1)", .approval(policy)))
        }
        if !gates.windows.isEmpty || !gates.freezes.isEmpty {
            chain.append(("window", .window(gates.windows, freezes: gates.freezes)))
        }
        var steps: [Step] = []
        // What may show evidence stands in the way of that gate alone.
        let own = stage.needs.filter { $0.reason != .evidence }
        for (suffix, gate) in chain {
            // Every gate has the stage's own needs and condition: a stage that is turned off asks nobody anything.
            var needs = own
            if case .evidence = gate { needs += stage.needs.filter { $0.reason == .evidence } }
            if let before = steps.last { needs.append(Need(before.id, .gate)) }
            steps.append(
                Step(
                    id: StepID("\(stage.id).\(suffix)"), work: .gate(gate), effect: .none,
                    environment: stage.environment, input: stage.input, needs: needs, condition: stage.condition,
                    isFinally: stage.isFinally, guarding: stage.id, place: stage.place))
        }
        var guarded = stage
        guarded.needs = own
        guarded.locksEnvironment = true
        if let last = steps.last { guarded.needs.append(Need(last.id, .gate)) }
        return steps + [guarded]
    }
}
