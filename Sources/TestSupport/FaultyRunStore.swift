public import Engine
import Synchronization

public import struct Foundation.Date

/// Another store, as a process sees it that dies at one of its writes: from that write on nothing is answered.
public final class FaultyRunStore: RunStore {
    private struct State {
        var writes = 0
        var isDead = false
        var questions = 0
    }

    private let inner: any RunStore
    private let failing: Int?
    private let losesAnswer: Bool
    private let losesRenewals: Bool
    private let refused: RunID?
    private let question: Int
    private let meanwhile: (@Sendable () async -> Void)?
    private let looked: (@Sendable (Look) async -> Void)?
    private let state = Mutex(State())

    /// A question that was answered.
    public enum Look: Sendable, Hashable {
        case locks
        case runs
        case events(RunID, after: Int)
        case holder(RunID)
    }

    /// - Parameters:
    ///   - failing: The number of the write, from 1, that the process dies at; nil: never.
    ///   - losesAnswer: The write is kept all the same; only its answer is lost.
    ///   - losesRenewals: Leases run out though the process believes that it has renewed them.
    ///   - refused: A run that cannot be held, as its lock file may not be written.
    ///   - question: Which of the questions who works on a run, or whether one may, others are faster than, from 1.
    ///   - meanwhile: What they do just before it is answered.
    ///   - looked: What they do just after any such question was.
    public init(
        _ inner: any RunStore, failing: Int?, losesAnswer: Bool = false, losesRenewals: Bool = false,
        refusing refused: RunID? = nil, at question: Int = 1, meanwhile: (@Sendable () async -> Void)? = nil,
        looked: (@Sendable (Look) async -> Void)? = nil
    ) {
        self.inner = inner
        self.looked = looked
        self.losesRenewals = losesRenewals
        self.refused = refused
        self.question = question
        self.meanwhile = meanwhile
        self.failing = failing
        self.losesAnswer = losesAnswer
    }

    /// How many writes there were.
    public var writes: Int { state.withLock(\.writes) }

    /// Whether the process has died.
    public var isDead: Bool { state.withLock(\.isDead) }

    private static let death = RunStoreError.unavailable("the process dies because the test wants it to")

    /// Does a write, unless the process dies before it; says so when it dies after it.
    private func write<Result>(_ body: () async throws(RunStoreError) -> Result) async throws(RunStoreError) -> Result {
        let isLast = try count()
        if isLast, !losesAnswer { throw Self.death }
        let result = try await body()
        if isLast { throw Self.death }
        return result
    }

    private func count() throws(RunStoreError) -> Bool {
        let (wasDead, isLast) = state.withLock { state in
            if state.isDead { return (true, false) }
            state.writes += 1
            state.isDead = state.writes == failing
            return (false, state.isDead)
        }
        if wasDead { throw Self.death }
        return isLast
    }

    private func read<Result>(_ body: () async throws(RunStoreError) -> Result) async throws(RunStoreError) -> Result {
        if isDead { throw Self.death }
        return try await body()
    }

    public func append(_ batch: EventBatch, to run: RunID) async throws(RunStoreError) {
        try await write { () async throws(RunStoreError) in try await inner.append(batch, to: run) }
    }

    public func events(of run: RunID, after sequence: Int) async throws(RunStoreError) -> [LedgerLine] {
        let lines = try await read { () async throws(RunStoreError) in
            try await inner.events(of: run, after: sequence)
        }
        await looked?(.events(run, after: sequence))
        return lines
    }

    public func runs(matching filter: RunFilter) async throws(RunStoreError) -> [RunSummary] {
        let runs = try await read { () async throws(RunStoreError) in try await inner.runs(matching: filter) }
        await looked?(.runs)
        return runs
    }

    public func unreadableRuns() async throws(RunStoreError) -> [UnreadableRun] {
        try await read { () async throws(RunStoreError) in try await inner.unreadableRuns() }
    }

    public func run(named prefix: String) async throws(RunStoreError) -> RunID {
        try await read { () async throws(RunStoreError) in try await inner.run(named: prefix) }
    }

    public func claim(
        _ lock: String, run: RunID, step: String, now: Date, until expiry: Date?
    ) async throws(RunStoreError) -> Claim {
        try await write { () async throws(RunStoreError) in
            try await inner.claim(lock, run: run, step: step, now: now, until: expiry)
        }
    }

    public func renew(_ lock: Lock, until expiry: Date) async throws(RunStoreError) -> Bool {
        if losesRenewals { return true }
        return try await write { () async throws(RunStoreError) in try await inner.renew(lock, until: expiry) }
    }

    @discardableResult public func release(_ lock: Lock) async throws(RunStoreError) -> Bool {
        try await write { () async throws(RunStoreError) in try await inner.release(lock) }
    }

    public func locks() async throws(RunStoreError) -> [Lock] {
        let locks = try await read { () async throws(RunStoreError) in try await inner.locks() }
        await looked?(.locks)
        return locks
    }

    public func unreadableLocks() async throws(RunStoreError) -> [UnreadableLock] {
        try await read { () async throws(RunStoreError) in try await inner.unreadableLocks() }
    }

    public func unindexedRuns() async throws(RunStoreError) -> [UnreadableRun] {
        try await read { () async throws(RunStoreError) in try await inner.unindexedRuns() }
    }

    public func givenUpRuns() async throws(RunStoreError) -> [RunID] {
        try await read { () async throws(RunStoreError) in try await inner.givenUpRuns() }
    }

    public func results(for inputDigests: [String]) async throws(RunStoreError) -> EarlierResults {
        try await read { () async throws(RunStoreError) in try await inner.results(for: inputDigests) }
    }

    public func auditResults() async throws(RunStoreError) -> ResultAudit {
        try await read { () async throws(RunStoreError) in try await inner.auditResults() }
    }

    public func hold(_ run: RunID) async throws(RunStoreError) -> RunHold {
        if run == refused { throw .unavailable("its lock file may not be written") }
        await isAsked()
        return try await read { () async throws(RunStoreError) in try await inner.hold(run) }
    }

    public func holder(of run: RunID) async throws(RunStoreError) -> RunHold.Holder? {
        await isAsked()
        let holder = try await read { () async throws(RunStoreError) in try await inner.holder(of: run) }
        await looked?(.holder(run))
        return holder
    }

    /// Who works on a run is asked, or the right to do so is asked for.
    private func isAsked() async {
        let number = state.withLock { state in
            state.questions += 1
            return state.questions
        }
        if number == question { await meanwhile?() }
    }
}
