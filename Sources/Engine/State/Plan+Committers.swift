public import Pipelines

extension Step {
    /// Whether it is a gate at which who wrote what is released may not approve.
    public var leavesOutCommitters: Bool {
        guard case .gate(.approval(let policy)) = work else { return false }
        return policy.distinctFrom.contains(.committers)
    }
}

extension Plan {
    /// Whether a gate leaves out who wrote what is released, so that a run must know who that is.
    public var leavesOutCommitters: Bool { steps.contains(where: \.leavesOutCommitters) }
}
