public import Pipelines

extension Step {
    /// Whether it is a gate at which who wrote what is released may not approve.
    public var leavesOutCommitters: Bool {
        guard case .gate(.approval(let policy)) = work else { return false }
        return policy.distinctFrom.contains(.committers)
    }
}

extension Plan {
    /// Whether a gate stands before anything, apart from one that only finds out what would be done.
    public var hasGates: Bool {
        steps.contains { step in
            guard case .gate(let gate) = step.work else { return false }
            return gate != .preview
        }
    }

    /// Whether a gate leaves out who wrote what is released, so that a run must know who that is.
    public var leavesOutCommitters: Bool { steps.contains(where: \.leavesOutCommitters) }
}

extension RunState {
    /// Whether what stages read is compared with the commit of the run, and with what was in no commit when it was made; runs
    /// of earlier versions kept that only where a gate leaves out who wrote it.
    public var comparesFiles: Bool { plan.leavesOutCommitters || people.uncommittedDigest != nil }
}
