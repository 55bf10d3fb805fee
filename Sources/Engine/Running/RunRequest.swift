/// Who wants a run, and what is known of the repository.
public struct RunRequest: Sendable {
    /// The run's name; a new one is made when absent.
    public var run: RunID?
    /// E-mail of who asks.
    public var requester: String
    /// E-mails of who wrote the commits that are released.
    public var committers: [String]
    /// E-mails of all who ever committed, for what is brought to an environment for the first time.
    public var everybody: [String]
    /// Why it is not known since when commits are released, so that everybody in the history counts; nil when it is known.
    public var committersDoubt: String?
    public var commit: String?
    /// How many files differed from the commit.
    public var uncommitted: Int
    /// SHA-256 of those files as they were, with their paths; nil where no gate leaves out committers.
    public var uncommittedDigest: String?
    /// E-mails of who brought changes that are in no commit into what is released.
    public var uncommittedBy: [String]
    /// The commits since which what is written is released; nil where no gate leaves out committers.
    public var bases: [String]?
    /// The version of almrun.
    public var version: String
    /// What earlier runs have shown of the package, for a run that does not make it itself.
    public var evidence: [Evidence]
    /// Who opened gates in earlier runs, for gates that leave such people out.
    public var approvals: [EarlierApproval]
    /// Earlier runs that could not be read: who opened gates in them is not known.
    public var unreadable: [RunID]
    /// The pipelines, environments, roles and templates among the files that differed from the commit; at most 20.
    public var looseManifests: [String] = []
    /// How many of the newest runs were looked through for approvals; nil when there were no more.
    public var lookedThrough: Int?

    public init(
        run: RunID? = nil, requester: String, committers: [String] = [], everybody: [String] = [],
        committersDoubt: String? = nil, commit: String? = nil, uncommitted: Int = 0,
        uncommittedDigest: String? = nil, uncommittedBy: [String] = [],
        version: String = "",
        evidence: [Evidence] = [], approvals: [EarlierApproval] = [], unreadable: [RunID] = [],
        lookedThrough: Int? = nil, bases: [String]? = nil
    ) {
        self.run = run
        self.requester = requester
        self.committers = committers
        self.everybody = everybody
        self.committersDoubt = committersDoubt
        self.commit = commit
        self.uncommitted = uncommitted
        self.uncommittedDigest = uncommittedDigest
        self.uncommittedBy = uncommittedBy
        self.version = version
        self.evidence = evidence
        self.approvals = approvals
        self.unreadable = unreadable
        self.lookedThrough = lookedThrough
        self.bases = bases
    }
}
