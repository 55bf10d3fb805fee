/// Which runs a list holds; newest first.
public struct RunFilter: Sendable, Hashable {
    /// Any of these; all when empty.
    public var statuses: Set<RunStatus>
    public var pipeline: String?
    public var group: String?
    /// Only the run of exactly this name.
    public var run: RunID?
    /// At most this many.
    public var limit: Int?

    public init(
        statuses: Set<RunStatus> = [], pipeline: String? = nil, group: String? = nil, run: RunID? = nil,
        limit: Int? = nil
    ) {
        self.statuses = statuses
        self.pipeline = pipeline
        self.group = group
        self.run = run
        self.limit = limit
    }

    /// Every run.
    public static var all: RunFilter { RunFilter() }

    /// Runs that have not come to an end.
    public static var unfinished: RunFilter { RunFilter(statuses: [.running, .waiting]) }

    /// Whether the filter lets a run through; the limit is not looked at.
    public func matches(_ summary: RunSummary) -> Bool {
        (statuses.isEmpty || statuses.contains(summary.status)) && (pipeline ?? summary.pipeline) == summary.pipeline
            && (group == nil || group == summary.group) && (run ?? summary.run) == summary.run
    }
}
