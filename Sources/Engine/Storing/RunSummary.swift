public import struct Foundation.Date

/// One run, as a list of runs shows it.
public struct RunSummary: Sendable, Hashable, Codable {
    /// A step that waits.
    public struct Wait: Sendable, Hashable, Codable {
        public var step: String
        public var suspension: Suspension
        /// The role whose decision it waits for.
        public var role: String?

        public init(step: String, suspension: Suspension, role: String? = nil) {
            self.step = step
            self.suspension = suspension
            self.role = role
        }
    }

    public var run: RunID
    public var pipeline: String
    public var status: RunStatus
    public var requester: String
    /// The concurrency group.
    public var group: String?
    public var created: Date
    /// Of the last event.
    public var updated: Date
    /// How many events there are.
    public var events: Int
    /// SHA-256 of the last event's line.
    public var head: String
    public var steps: Int
    /// How many steps have come to an end.
    public var settled: Int
    /// The first 20 steps that wait.
    public var waits: [Wait]

    public init(
        run: RunID, pipeline: String, status: RunStatus, requester: String, group: String? = nil, created: Date,
        updated: Date, events: Int, head: String, steps: Int, settled: Int, waits: [Wait] = []
    ) {
        self.run = run
        self.pipeline = pipeline
        self.status = status
        self.requester = requester
        self.group = group
        self.created = created
        self.updated = updated
        self.events = events
        self.head = head
        self.steps = steps
        self.settled = settled
        self.waits = waits
    }
}
