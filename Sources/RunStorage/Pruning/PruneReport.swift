public import Engine

/// What was removed, or would be.
public struct PruneReport: Sendable, Hashable, Codable {
    /// Files of one kind.
    public struct Amount: Sendable, Hashable, Codable {
        public var count = 0
        public var bytes = 0

        public init(count: Int = 0, bytes: Int = 0) {
            self.count = count
            self.bytes = bytes
        }
    }

    /// A run that the policy lets go and that stays all the same.
    public struct Kept: Sendable, Hashable, Codable {
        public var run: RunID
        public var reason: String
    }

    /// Newest first.
    public var runs: [RunID] = []
    public var kept: [Kept] = []
    public var events = Amount()
    /// Results that later runs could have reused.
    public var results = 0
    public var logs = Amount()
    public var objects = Amount()
    /// Objects that nothing names and that stay, because a process may have just written them.
    public var youngObjects = 0
    /// Objects that nothing names and that stay, because runs that cannot be read may need them.
    public var neededObjects = 0
    /// These runs, as they are called.
    public var unreadable: [String] = []
    /// What nobody knows any more once the runs are gone, and gates ask for.
    public var lost: [String] = []
    /// Locks that such a run held.
    public var locks: [String] = []
    /// The space of the removed runs is free for new ones, and the file keeps its size until a prune beside which none runs.
    public var staysLarge = false
    /// Bytes of the store's file before and after; the same when nothing was changed.
    public var fileBefore = 0
    public var fileAfter = 0

    /// Everything together.
    public var bytes: Int { events.bytes + logs.bytes + objects.bytes }
}
