extension RunState {
    /// Whether all its processes were of this host and are gone, so that the next run takes its environment at once.
    public var leftItsLeaseHere: Bool { Aftermath.isHere(self) }
}
