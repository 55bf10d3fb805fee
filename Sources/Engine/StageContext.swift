import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// What a stage may know and use: nothing else of the run can be reached from it.
public struct StageContext: Sendable {
    public var run: RunID
    public var step: Step
    /// 1 for the first attempt.
    public var attempt: Int
    /// How many attempts before this one only looked what an interrupted one had done.
    public var looks = 0
    /// Absolute path of the repository's root.
    public var root: String
    /// The environment that the step names.
    public var environment: EnvironmentFile?
    /// All environments of the plan, to see whose connection is whose.
    public var environments: [EnvironmentFile]
    /// The same for every attempt of this step on this package and plan; makes an effect recognisable.
    public var token: String
    /// What the gates before this step found out and people approved.
    public var approved: Preview?
    /// Whether a gate before this step asks people.
    public var asksPeople = true
    /// The commit that the run was made at.
    public var commit: String?
    public var objects: ObjectStore
    public var secrets: Secrets
    /// E-mail of who asked for the run.
    public var requester: String
    public var now: @Sendable () -> Date
    public var emit: @Sendable (StageMessage) -> Void
    /// Asks once more whether the attempt may change something, for a stage that had to wait before it does.
    ///
    /// Throws `CancellationError` when the run was stopped meanwhile, or a lock is not its own any more.
    public var confirm: @Sendable () async throws -> Void
    /// Whether a preview may make in its target what later plans are told apart by; not where somebody only looks.
    public var mayPrepareTarget = false
    /// Whether another stage, which is not one of `finally`, uses an output of this one.
    public var isOutputUsed: @Sendable (String) -> Bool = { _ in false }
    /// Shown what a package is made of, or what is judged, as it was read: throws where that may not be.
    public var examine: @Sendable (ReadFiles) throws -> Void = { _ in }

    public init(
        run: RunID, step: Step, attempt: Int = 1, root: String, environment: EnvironmentFile? = nil,
        environments: [EnvironmentFile] = [], token: String, approved: Preview? = nil, commit: String? = nil,
        objects: ObjectStore,
        secrets: Secrets = Secrets(), requester: String = "", now: @escaping @Sendable () -> Date = { Date() },
        emit: @escaping @Sendable (StageMessage) -> Void = { _ in },
        confirm: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.run = run
        self.step = step
        self.attempt = attempt
        self.root = root
        self.environment = environment
        self.environments = environments
        self.token = token
        self.approved = approved
        self.commit = commit
        self.objects = objects
        self.secrets = secrets
        self.requester = requester
        self.now = now
        self.emit = emit
        self.confirm = confirm
    }

    /// The absolute path of one relative to the repository's root; refuses one that leaves it, also through a symbolic link.
    public func path(_ relative: String) throws(StageFailure) -> String {
        try RepositoryPath.resolve(relative, in: root)
    }

    /// Puts the values of secrets in place of `${{ secrets.NAME }}`; the result must not be written anywhere that is kept.
    public func reveal(_ text: String) throws(StageFailure) -> String { try secrets.reveal(text) }

    /// Puts secrets in only where the stage itself names one at this place of its inputs; text that came from elsewhere stays as it is.
    public func reveal(_ text: String, at input: String, _ key: String) throws(StageFailure) -> String {
        guard case .map(let members) = step.input, case .map(let entries)? = members[input],
            let argument = entries[key],
            argument.references.contains(where: { if case .secret = $0 { true } else { false } })
        else { return text }
        return try secrets.reveal(text)
    }

    /// Writes a line to the step's log.
    public func log(_ line: String) { emit(.line(line, .note)) }
}
