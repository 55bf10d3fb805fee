import Foundation
import OrderedCollections
public import Pipelines

/// Runs plans: carries out what the decider says, and writes down what happened.
public struct Runner: Sendable {
    let store: any RunStore
    let makeExecutor: @Sendable (RunState) -> any StageExecutor
    let objects: ObjectStore?
    let logs: StepLogs?
    let clock: RunClock
    let settings: RunnerSettings
    let opening: Decider.WindowOpening
    let learning: Learning?
    let observe: @Sendable (RunNotice) -> Void

    /// A runner whose executor is made for each run, from its stored plan.
    public init(
        store: any RunStore, objects: ObjectStore? = nil, logs: StepLogs? = nil, clock: RunClock = .system,
        settings: RunnerSettings = RunnerSettings(),
        opening: @escaping Decider.WindowOpening = { WindowPolicy.nextOpening($0, $1, after: $2) },
        learning: Learning? = nil, observe: @escaping @Sendable (RunNotice) -> Void = { _ in },
        executor: @escaping @Sendable (RunState) -> any StageExecutor
    ) {
        self.store = store
        self.objects = objects
        self.logs = logs
        self.clock = clock
        self.settings = settings
        self.opening = opening
        self.learning = learning
        self.observe = observe
        makeExecutor = executor
    }

    /// Makes a run of a plan and works on it until it ends or only waits are left.
    ///
    /// Throws ``RunStoreError``, and ``Refusal`` when the concurrency group does not let it in. Cancelling the task cancels the run.
    public func start(_ plan: Plan, _ request: RunRequest) async throws -> RunEnding {
        var random = SystemRandomNumberGenerator()
        let now = EventTime.rounded(clock.now())
        let run = request.run ?? RunID.new(for: plan, at: now, using: &random)
        try await refuseIfHeld(plan.concurrency, run)
        let creation = RunCreation(
            run: run, plan: plan, requester: request.requester, people: request.people, commit: request.commit,
            process: Self.process, version: request.version, evidence: request.evidence)
        let hold = try await store.hold(run)
        defer { hold.release() }
        return try await work(on: try await create(creation, at: now), first: [])
    }

    /// Makes the run durable; its first line, as long as the plan, does not outlive this.
    private func create(_ creation: RunCreation, at now: Date) async throws -> RunState {
        let first = LedgerLine(RunEvent(sequence: 1, time: now, previous: "", kind: .created(creation)))
        let state = try RunState(first)
        let batch = EventBatch(after: 0, lines: [first], summary: state.summary)
        try await shielded { try await store.append(batch, to: creation.run) }
        observe(.began(state))
        observe(.event(first.event))
        return state
    }

    /// Takes a run up again: what ended well stays, what was cut off is looked after, what failed is done again.
    ///
    /// With `only`, of a run that ended badly just these steps are done again, with what was blocked by them. Assumptions
    /// alone are taken down of a run that is over, and nothing begins. Who asks for
    /// it with a run that had not ended when they `saw` it does not begin anew what another process has ended since.
    /// Throws ``RunStoreError``, and ``Refusal`` for an assumption or a step that does not fit.
    public func resume(
        _ run: RunID, by person: String, assumptions: [Assumption] = [], only: [StepID] = [], seen: RunState? = nil
    ) async throws -> RunEnding {
        let hold = try await holdSoon(run)
        defer { hold.release() }
        let state = try await RunState.loadJustified(run, from: store, objects: objects)
        if let seen, !seen.status.isFinished, state.status.isFinished {
            observe(.began(state))
            observe(.remark("another process has ended the run meanwhile: `almrun resume \(run)` takes it up anew"))
            return RunEnding(state: state)
        }
        let isOnlyNoted = state.takesDown(assumptions, rerunning: only)
        if let seen, seen.takesDown(assumptions, rerunning: only), !isOnlyNoted {
            throw Refusal(
                "run/not-ended", "another process has taken the run up meanwhile",
                notes: ["what is said of an effect in doubt can be said again when it waits for that"])
        }
        for assumption in assumptions { try state.check(assumption, goesOn: !isOnlyNoted) }
        if !isOnlyNoted, !state.status.isFinished,
            let apart = assumptions.first(where: { state.isLeftInDoubt($0.step) && !only.contains($0.step) })
        {
            throw Refusal(
                "run/not-in-doubt",
                "the run does not go on with '\(apart.step)', so that what is said of it is only taken down",
                notes: [
                    "say it by itself: `almrun resume \(run) --assume \(apart.step)=\(apart.isDone ? "done" : "not-done")`"
                ])
        }
        if isOnlyNoted {
            _ = try await unanswered(assumptions, in: state)
            return RunEnding(state: try await decisions.note(assumptions, in: run, by: person), isOnlyNoted: true)
        }
        try await refuseBesideOthers(state)
        let said = state.status.isFinished && !only.isEmpty ? assumptions.map(\.step) : []
        let named = only + state.openedMeanwhile.filter { !only.contains($0) }
        let again = try state.rerun(named + said.filter { !only.contains($0) }, assumed: said)
        let assumptions = try await unanswered(assumptions, in: state)
        observe(.began(state))
        guard state.status != .succeeded else { return RunEnding(state: state) }
        for name in only {
            guard let remark = state.remark(onTakingBack: name) else { continue }
            observe(.remark(remark))
        }
        var first: [RunEvent.Kind] = [.resumed(by: person, process: Self.process, only: again)]
        for assumption in assumptions {
            first.append(
                .assumed(assumption.step, done: assumption.isDone, by: person, comment: assumption.comment))
        }
        first += state.triedNow(only, by: person, at: EventTime.rounded(clock.now()))
        return try await work(on: state, first: first)
    }

    /// Ends a run: asks the process that works on it to stop, or ends it here when there is none.
    ///
    /// Throws ``RunStoreError``, and ``Refusal`` when the run has ended already.
    public func cancel(_ run: RunID, by person: String, reason: String? = nil) async throws -> RunState {
        try await decisions.cancel(run, by: person, reason: reason)
        // A process that works on it sees the request; one that only ends what the run left running, or whose run has come to
        // rest, looks no more, and leaves soon.
        let hold: RunHold
        do {
            hold = try await holdSoon(run)
        } catch RunStoreError.busy(let run, let holder) {
            let now = try await RunState.load(run, from: store, objects: objects)
            if now.status.isFinished || holder.map({ $0.isLast(of: now) || $0.isStopped }) ?? true { return now }
            throw RunStoreError.busy(run, holder)
        }
        defer { hold.release() }
        let now = try await RunState.load(run, from: store, objects: objects)
        // Another process has ended it meanwhile, and maybe begun it anew: what was asked for is done.
        guard !now.status.isFinished, now.cancelRequest != nil else { return now }
        observe(.began(now))
        return try await work(on: now, first: [.resumed(by: person, process: Self.process, only: [])]).state
    }

    var decisions: Decisions { Decisions(store: store, objects: objects, clock: clock) }

    /// The same runner without an audience.
    var silent: Runner {
        Runner(
            store: store, objects: objects, logs: logs, clock: clock, settings: settings, opening: opening,
            learning: learning, executor: makeExecutor)
    }

    /// The host and process that work here.
    static var process: String { "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)" }

    /// Works in a task of its own, so that cancellation reaches the steps and never the writing.
    private func work(on state: RunState, first: [RunEvent.Kind]) async throws -> RunEnding {
        let stops = StopSignal()
        let task = Task {
            var drive = RunDrive(runner: self, state: state, stops: stops)
            return try await drive.run(first: first)
        }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            stops.set()
        }
    }
}

/// Runs the body where the caller's cancellation does not reach it.
func shielded<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    try await Task { try await body() }.value
}
