public import Pipelines

/// Everything a run is made with: it needs no file of the repository after that.
public struct RunCreation: Sendable, Hashable, Codable {
    public var run: RunID
    public var plan: Plan
    /// E-mail of who asked for the run.
    public var requester: String
    /// E-mails of who wrote what is released.
    public var committers: [String]
    /// The commit that the repository was at.
    public var commit: String?
    /// Host and process that made the run.
    public var process: String
    /// The version of almrun.
    public var version: String

    public init(
        run: RunID, plan: Plan, requester: String, committers: [String] = [], commit: String? = nil,
        process: String = "", version: String = ""
    ) {
        self.run = run
        self.plan = plan
        self.requester = requester
        self.committers = committers
        self.commit = commit
        self.process = process
        self.version = version
    }
}
