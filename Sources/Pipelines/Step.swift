import Documents
public import OrderedCollections

/// One node of a plan: a stage, or a gate that stands before one.
public struct Step: Sendable, Hashable, Codable, Identifiable {
    /// What is to be done.
    public enum Work: Sendable, Hashable, Codable {
        /// A stage of this kind.
        case stage(String)
        case gate(Gate)
    }

    public var id: StepID
    public var work: Work
    public var effect: StageDescription.Effect
    /// The environment that the step reads or changes.
    public var environment: String?
    /// The effect lands in ``environment``: one such step at a time, across runs and processes.
    public var locksEnvironment: Bool
    /// The stage's inputs, a map with defaults filled in.
    public var input: Argument
    public var needs: [Need]
    public var condition: Condition?
    public var retry: RetryPolicy?
    /// Seconds of one attempt.
    public var timeout: Double?
    /// Runs after everything else, whatever happened.
    public var isFinally: Bool
    /// For a gate: the step it stands before.
    public var guarding: StepID?
    /// At most this many steps of the named group run at once (`forEach` with `maxParallel`).
    public var pool: Pool?
    /// Where the step is written.
    public var place: SourcePlace?

    public init(
        id: StepID, work: Work, effect: StageDescription.Effect, environment: String? = nil,
        locksEnvironment: Bool = false, input: Argument = .map([:]), needs: [Need] = [], condition: Condition? = nil,
        retry: RetryPolicy? = nil, timeout: Double? = nil, isFinally: Bool = false, guarding: StepID? = nil,
        pool: Pool? = nil, place: SourcePlace? = nil
    ) {
        self.id = id
        self.work = work
        self.effect = effect
        self.environment = environment
        self.locksEnvironment = locksEnvironment
        self.input = input
        self.needs = needs
        self.condition = condition
        self.retry = retry
        self.timeout = timeout
        self.isFinally = isFinally
        self.guarding = guarding
        self.pool = pool
        self.place = place
    }

    /// Whether it changes nothing outside the run: by its kind, or because its manifest says `effect: none`.
    public var leavesNoTrace: Bool {
        guard effect == .repeatable, case .map(let members) = input else { return effect == .none }
        return members[StageDescription.effectInput]?.literal?.string == "none"
    }

    /// Whether only what is signed counts at this gate: approvals, and bypasses that take their place.
    public var wantsSignature: Bool {
        if case .gate(.approval(let policy)) = work { policy.signed == .required } else { false }
    }
}
