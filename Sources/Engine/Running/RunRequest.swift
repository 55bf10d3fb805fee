/// Who wants a run, and what is known of the repository.
public struct RunRequest: Sendable {
    /// The run's name; a new one is made when absent.
    public var run: RunID?
    /// E-mail of who asks.
    public var requester: String
    /// E-mails of who wrote what is released.
    public var committers: [String]
    public var commit: String?
    /// How many files differed from the commit.
    public var uncommitted: Int
    /// The version of almrun.
    public var version: String
    /// What earlier runs have shown of the package, for a run that does not make it itself.
    public var evidence: [Evidence]
    /// Who opened gates in earlier runs, for gates that leave such people out.
    public var approvals: [EarlierApproval]

    public init(
        run: RunID? = nil, requester: String, committers: [String] = [], commit: String? = nil, uncommitted: Int = 0,
        version: String = "", evidence: [Evidence] = [], approvals: [EarlierApproval] = []
    ) {
        self.run = run
        self.requester = requester
        self.committers = committers
        self.commit = commit
        self.uncommitted = uncommitted
        self.version = version
        self.evidence = evidence
        self.approvals = approvals
    }
}
