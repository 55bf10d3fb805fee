public import Engine
import Synchronization

public import struct Foundation.Date

/// Keeps runs in memory, and fails when a test wants it to.
public final class MemoryRunStore: RunStore {
    private struct State {
        var runs: [RunID: (summary: RunSummary, lines: [LedgerLine])] = [:]
        var locks: [String: Lock] = [:]
        var fences: [String: Int] = [:]
        var results: [String: ReusedResult] = [:]
        var holds: Set<RunID> = []
        var writes = 0
        var failAfter: Int?
        var losesAnswer = false
    }

    private let state = Mutex(State())

    public init() {}

    /// How many times something was written.
    public var writes: Int { state.withLock(\.writes) }

    /// From the write after so many on, every write fails; with `losesAnswer` the first of them is kept all the same.
    public func fail(after writes: Int?, losesAnswer: Bool = false) {
        state.withLock { state in
            state.writes = 0
            state.failAfter = writes
            state.losesAnswer = losesAnswer
        }
    }

    /// A process died: nobody works on any run.
    public func dropHolds() { state.withLock { $0.holds = [] } }

    public func append(_ batch: EventBatch, to run: RunID) async throws(RunStoreError) {
        let outcome = state.withLock { state -> Result<Void, RunStoreError> in
            let isLost: Bool
            switch Self.count(&state) {
            case .success(let loses): isLost = loses
            case .failure(let error): return .failure(error)
            }
            let present = state.runs[run]?.lines.count ?? 0
            guard present == batch.after else {
                return .failure(
                    batch.after == 0 && present > 0 ? .exists(run) : .conflict(run, events: present))
            }
            for lock in batch.holding where state.locks[lock.name]?.fence != lock.fence {
                return .failure(.lockLost(lock.name))
            }
            for lock in batch.releasing where state.locks[lock.name]?.fence == lock.fence {
                state.locks[lock.name] = nil
            }
            state.runs[run] = (batch.summary, (state.runs[run]?.lines ?? []) + batch.lines)
            for (_, result) in batch.reusable { state.results[result.inputDigest] = result }
            return isLost ? .failure(.unavailable("the answer was lost")) : .success(())
        }
        try outcome.get()
    }

    private static func count(_ state: inout State) -> Result<Bool, RunStoreError> {
        if let limit = state.failAfter, state.writes >= limit {
            if state.losesAnswer {
                state.losesAnswer = false
                return .success(true)
            }
            return .failure(.unavailable("the store fails because the test wants it to"))
        }
        state.writes += 1
        return .success(false)
    }

    public func events(of run: RunID, after sequence: Int) async throws(RunStoreError) -> [LedgerLine] {
        state.withLock { Array(($0.runs[run]?.lines ?? []).dropFirst(sequence)) }
    }

    public func runs(matching filter: RunFilter) async throws(RunStoreError) -> [RunSummary] {
        let found = state.withLock { state in state.runs.values.map(\.summary).filter(filter.matches) }
        let sorted = found.sorted { ($0.created, $0.run) > ($1.created, $1.run) }
        return filter.limit.map { Array(sorted.prefix($0)) } ?? sorted
    }

    public func run(named prefix: String) async throws(RunStoreError) -> RunID {
        let found = state.withLock { state in state.runs.keys.filter { $0.rawValue.hasPrefix(prefix) }.sorted() }
        if found.contains(RunID(prefix)) { return RunID(prefix) }
        guard let first = found.first else { throw .unknownRun(prefix) }
        guard found.count == 1 else { throw .ambiguousRun(prefix, candidates: found) }
        return first
    }

    public func claim(
        _ lock: String, run: RunID, step: String, now: Date, until expiry: Date?
    ) async throws(RunStoreError) -> Claim {
        let outcome = state.withLock { state -> Result<Claim, RunStoreError> in
            if case .failure(let error) = Self.count(&state) { return .failure(error) }
            if let held = state.locks[lock], held.run != run || held.step != step,
                held.expires.map({ $0 > now }) ?? true
            {
                return .success(.held(held))
            }
            let fence = (state.fences[lock] ?? 0) + 1
            let granted = Lock(name: lock, run: run, step: step, fence: fence, since: now, expires: expiry)
            state.fences[lock] = fence
            state.locks[lock] = granted
            return .success(.granted(granted))
        }
        return try outcome.get()
    }

    public func renew(_ lock: Lock, until expiry: Date) async throws(RunStoreError) -> Bool {
        state.withLock { state in
            guard state.locks[lock.name]?.fence == lock.fence else { return false }
            state.locks[lock.name]?.expires = expiry
            return true
        }
    }

    @discardableResult public func release(_ lock: Lock) async throws(RunStoreError) -> Bool {
        state.withLock { state in
            guard state.locks[lock.name]?.fence == lock.fence else { return false }
            state.locks[lock.name] = nil
            return true
        }
    }

    public func locks() async throws(RunStoreError) -> [Lock] {
        state.withLock { $0.locks.values.sorted { $0.name < $1.name } }
    }

    public func results(for inputDigests: [String]) async throws(RunStoreError) -> EarlierResults {
        state.withLock { state in
            EarlierResults(
                found: Dictionary(inputDigests.compactMap { digest in state.results[digest].map { (digest, $0) } }) {
                    $1
                })
        }
    }

    public func auditResults() async throws(RunStoreError) -> ResultAudit {
        ResultAudit(count: state.withLock(\.results.count))
    }

    public func hold(_ run: RunID) async throws(RunStoreError) -> RunHold {
        let isFree = state.withLock { $0.holds.insert(run).inserted }
        guard isFree else { throw .busy(run, Self.holder) }
        return RunHold { [self] in _ = state.withLock { $0.holds.remove(run) } }
    }

    public func holder(of run: RunID) async throws(RunStoreError) -> RunHold.Holder? {
        state.withLock { $0.holds.contains(run) } ? Self.holder : nil
    }

    private static let holder = RunHold.Holder(process: 1, host: "here", since: Date(timeIntervalSince1970: 0))
}
