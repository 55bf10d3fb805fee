/// Who wants a run, and what is known of the repository.
public struct RunRequest: Sendable {
    /// The run's name; a new one is made when absent.
    public var run: RunID?
    /// E-mail of who asks.
    public var requester: String
    /// Who made what is released, and who approved it before.
    public var people: KnownPeople
    public var commit: String?
    /// The version of almrun.
    public var version: String
    /// What earlier runs have shown of the package, for a run that does not make it itself.
    public var evidence: [Evidence]

    public init(
        run: RunID? = nil, requester: String, people: KnownPeople = KnownPeople(), commit: String? = nil,
        version: String = "", evidence: [Evidence] = []
    ) {
        self.run = run
        self.requester = requester
        self.people = people
        self.commit = commit
        self.version = version
        self.evidence = evidence
    }
}
