public import Pipelines

/// Everything a run is made with: it needs no file of the repository after that.
public struct RunCreation: Sendable, Hashable, Codable {
    public var run: RunID
    public var plan: Plan
    /// E-mail of who asked for the run.
    public var requester: String
    /// E-mails of who wrote the commits that are released.
    public var committers: [String]
    /// E-mails of all who ever committed, for what is brought to an environment for the first time.
    public var everybody: [String]
    /// Why it is not known since when commits are released, so that everybody in the history counts; nil when it is known.
    public var committersDoubt: String?
    /// The commit that the repository was at.
    public var commit: String?
    /// How many files differed from the commit: who wrote what is in them is not known.
    public var uncommitted: Int
    /// SHA-256 of those files as they were, with their paths; nil where no gate leaves out committers.
    public var uncommittedDigest: String?
    /// E-mails of who brought changes that are in no commit into what is released.
    public var uncommittedBy: [String]
    /// The commits since which what is written is released; nil where no gate leaves out committers.
    public var bases: [String]?
    /// The pipelines, environments, roles and templates among the files that differed from the commit; at most 20.
    public var looseManifests: [String]
    /// Host and process that made the run.
    public var process: String
    /// The version of almrun.
    public var version: String
    /// What earlier runs have shown of the package, for a run that does not make it itself.
    public var evidence: [Evidence]
    /// Who opened gates for the package in earlier runs, for gates that leave such people out.
    public var approvals: [EarlierApproval]
    /// Earlier runs that could not be read: who opened gates in them is not known.
    public var unreadable: [RunID]
    /// How many of the newest runs were looked through for approvals; nil when there were no more.
    public var lookedThrough: Int?

    public init(
        run: RunID, plan: Plan, requester: String, committers: [String] = [], everybody: [String] = [],
        committersDoubt: String? = nil, commit: String? = nil, uncommitted: Int = 0,
        uncommittedDigest: String? = nil, uncommittedBy: [String] = [],
        process: String = "",
        version: String = "", evidence: [Evidence] = [], approvals: [EarlierApproval] = [], unreadable: [RunID] = [],
        lookedThrough: Int? = nil, bases: [String]? = nil, looseManifests: [String] = []
    ) {
        self.run = run
        self.plan = plan
        self.requester = requester
        self.committers = committers
        self.everybody = everybody
        self.committersDoubt = committersDoubt
        self.commit = commit
        self.uncommitted = uncommitted
        self.uncommittedDigest = uncommittedDigest
        self.uncommittedBy = uncommittedBy
        self.process = process
        self.version = version
        self.evidence = evidence
        self.approvals = approvals
        self.unreadable = unreadable
        self.lookedThrough = lookedThrough
        self.bases = bases
        self.looseManifests = looseManifests
    }

    private enum Key: String, CodingKey {
        case run, plan, requester, committers, everybody, committersDoubt, commit, uncommitted, uncommittedDigest,
            uncommittedBy, process,
            version
        case evidence, approvals, unreadable, lookedThrough, bases, looseManifests
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            run: try container.decode(RunID.self, forKey: .run), plan: try container.decode(Plan.self, forKey: .plan),
            requester: try container.decode(String.self, forKey: .requester),
            committers: try container.decode([String].self, forKey: .committers),
            everybody: try container.decodeIfPresent([String].self, forKey: .everybody) ?? [],
            committersDoubt: try container.decodeIfPresent(String.self, forKey: .committersDoubt),
            commit: try container.decodeIfPresent(String.self, forKey: .commit),
            uncommitted: try container.decodeIfPresent(Int.self, forKey: .uncommitted) ?? 0,
            uncommittedDigest: try container.decodeIfPresent(String.self, forKey: .uncommittedDigest),
            uncommittedBy: try container.decodeIfPresent([String].self, forKey: .uncommittedBy) ?? [],
            process: try container.decode(String.self, forKey: .process),
            version: try container.decode(String.self, forKey: .version),
            evidence: try container.decodeIfPresent([Evidence].self, forKey: .evidence) ?? [],
            approvals: try container.decodeIfPresent([EarlierApproval].self, forKey: .approvals) ?? [],
            unreadable: try container.decodeIfPresent([RunID].self, forKey: .unreadable) ?? [],
            lookedThrough: try container.decodeIfPresent(Int.self, forKey: .lookedThrough),
            bases: try container.decodeIfPresent([String].self, forKey: .bases),
            looseManifests: try container.decodeIfPresent([String].self, forKey: .looseManifests) ?? [])
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(run, forKey: .run)
        try container.encode(plan, forKey: .plan)
        try container.encode(requester, forKey: .requester)
        try container.encode(committers, forKey: .committers)
        if !everybody.isEmpty { try container.encode(everybody, forKey: .everybody) }
        try container.encodeIfPresent(committersDoubt, forKey: .committersDoubt)
        try container.encodeIfPresent(commit, forKey: .commit)
        if uncommitted > 0 { try container.encode(uncommitted, forKey: .uncommitted) }
        try container.encodeIfPresent(uncommittedDigest, forKey: .uncommittedDigest)
        if !uncommittedBy.isEmpty { try container.encode(uncommittedBy, forKey: .uncommittedBy) }
        try container.encode(process, forKey: .process)
        try container.encode(version, forKey: .version)
        if !evidence.isEmpty { try container.encode(evidence, forKey: .evidence) }
        if !approvals.isEmpty { try container.encode(approvals, forKey: .approvals) }
        if !unreadable.isEmpty { try container.encode(unreadable, forKey: .unreadable) }
        try container.encodeIfPresent(lookedThrough, forKey: .lookedThrough)
        try container.encodeIfPresent(bases, forKey: .bases)
        if !looseManifests.isEmpty { try container.encode(looseManifests, forKey: .looseManifests) }
    }
}
