public import Pipelines

extension Plan {
    /// Whether a gate before the step asks people.
    public func asksPeople(before step: StepID) -> Bool {
        steps.contains { gate in
            guard gate.guarding == step, case .gate(.approval) = gate.work else { return false }
            return true
        }
    }
}
