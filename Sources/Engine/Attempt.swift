import Documents

/// What an executor knows of the attempt it carries out.
public struct Attempt: Sendable {
    /// Which run, and who asked for it.
    public var run: RunID
    public var requester: String
    /// 1 for the first.
    public var number: Int
    /// How many attempts before this one only looked what an interrupted one had done.
    public var looks = 0
    /// The idempotency key of the step: the same for every attempt.
    public var token: String
    /// An earlier attempt started and never ended: look first whether it took effect.
    public var recovering: Bool
    /// All tries are used up: when the earlier attempt took no effect, the step has failed.
    public var looksOnly: Bool
    /// Why gates before the step are not open any more: when the earlier attempt took no effect, nothing is to be done.
    public var shut: [String] = []
    /// What the gates before the step found out.
    public var approved: Preview?
    /// The commit that the run was made at.
    public var commit: String?
    /// Takes what the stage says while it works.
    public var emit: @Sendable (StageMessage) -> Void
    /// To be called when it is known what an interrupted attempt did, and the work itself goes on; a task that is cancelled
    /// by then does nothing more, as nobody may wait for it.
    public var looked: @Sendable () -> Void
    /// Throws `CancellationError` when the attempt may not change anything any more.
    public var confirm: @Sendable () async throws -> Void

    public init(
        run: RunID, requester: String = "", number: Int = 1, token: String, recovering: Bool = false,
        looksOnly: Bool = false, approved: Preview? = nil, commit: String? = nil,
        emit: @escaping @Sendable (StageMessage) -> Void = { _ in },
        looked: @escaping @Sendable () -> Void = {},
        confirm: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.run = run
        self.requester = requester
        self.number = number
        self.token = token
        self.recovering = recovering
        self.looksOnly = looksOnly
        self.approved = approved
        self.commit = commit
        self.emit = emit
        self.looked = looked
        self.confirm = confirm
    }
}
