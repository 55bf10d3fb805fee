public import Pipelines

/// Everything a run is made with: it needs no file of the repository after that.
public struct RunCreation: Sendable, Hashable, Codable {
    public var run: RunID
    public var plan: Plan
    /// E-mail of who asked for the run.
    public var requester: String
    /// Who made what is released, and who approved it before.
    public var people: KnownPeople
    /// The commit that the repository was at.
    public var commit: String?
    /// Host and process that made the run.
    public var process: String
    /// The version of almrun.
    public var version: String
    /// What earlier runs have shown of the package, for a run that does not make it itself.
    public var evidence: [Evidence]

    public init(
        run: RunID, plan: Plan, requester: String, people: KnownPeople = KnownPeople(), commit: String? = nil,
        process: String = "", version: String = "", evidence: [Evidence] = []
    ) {
        self.run = run
        self.plan = plan
        self.requester = requester
        self.people = people
        self.commit = commit
        self.process = process
        self.version = version
        self.evidence = evidence
    }

    private enum Key: String, CodingKey {
        case run, plan, requester, committers, commit, process, version, evidence
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            run: try container.decode(RunID.self, forKey: .run), plan: try container.decode(Plan.self, forKey: .plan),
            requester: try container.decode(String.self, forKey: .requester), people: try KnownPeople(from: decoder),
            commit: try container.decodeIfPresent(String.self, forKey: .commit),
            process: try container.decode(String.self, forKey: .process),
            version: try container.decode(String.self, forKey: .version),
            evidence: try container.decodeIfPresent([Evidence].self, forKey: .evidence) ?? [])
        people.committers = try container.decode([String].self, forKey: .committers)
    }

    /// The order of the members is that of format 3.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(run, forKey: .run)
        try container.encode(plan, forKey: .plan)
        try container.encode(requester, forKey: .requester)
        // Said also when it is nobody.
        try container.encode(people.committers, forKey: .committers)
        try people.encode([.everybody, .committersDoubt], to: encoder)
        try container.encodeIfPresent(commit, forKey: .commit)
        try people.encode([.uncommitted, .uncommittedDigest, .uncommittedBy], to: encoder)
        try container.encode(process, forKey: .process)
        try container.encode(version, forKey: .version)
        if !evidence.isEmpty { try container.encode(evidence, forKey: .evidence) }
        try people.encode([.approvals, .unreadable, .lookedThrough, .bases, .looseManifests], to: encoder)
    }
}
