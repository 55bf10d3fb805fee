/// Which finished runs may go; a run goes when every condition that is given says so.
public struct PrunePolicy: Sendable, Hashable {
    /// So many finished runs of each pipeline stay, the newest.
    public var keep: Int?
    /// Only runs that nothing has happened to for so many seconds.
    public var olderThan: Double?

    public init(keep: Int? = nil, olderThan: Double? = nil) {
        self.keep = keep
        self.olderThan = olderThan
    }
}
