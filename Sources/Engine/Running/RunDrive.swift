import Documents
import Pipelines

import struct Foundation.Date

/// One process's work on one run: owns the state and the schedule; children only bring outcomes.
struct RunDrive {
    let runner: Runner
    let executor: any StageExecutor
    let decider: Decider
    let stops: StopSignal
    var state: RunState
    var schedule: Schedule
    /// Attempts and looks that children have, by number of the step.
    var inFlight: [Int: Launch] = [:]
    var leases: [Int: Lock] = [:]
    /// The concurrency group, under the number that this process has it.
    var groupLock: Lock?
    /// Somebody took the group away: nothing more begins, what runs is stopped, and its results do not count.
    var hasLostGroup = false
    /// What is applied and not yet durable.
    var staged: [LedgerLine] = []
    /// How many of them are more than what an earlier result makes of a step.
    var stagedDeeds = 0
    var launches: [Launch] = []
    var looks: [Look] = []
    /// Steps for whose earlier result a child looks.
    var looking: Set<Int> = []
    /// The digests of inputs that were looked for in vain.
    var digests: [Int: String] = [:]
    /// Why the result that is kept for a step is not used.
    var refusals: [Int: String] = [:]
    /// Gates before which it could not be looked up who may not approve, by number, and when that is tried again.
    var unlearned: [Int: Date] = [:]
    /// Steps in doubt whose package may not come there as far as the environment before says now, and why.
    var ineligible: [StepID: [String]] = [:]
    /// Who comes before this run, by lock.
    var lines: [String: WaitingLine] = [:]
    /// The runs before it as they were at the last look.
    var others: [RunID: RunState] = [:]
    /// Runs whose process died and whose leases are left to run out: what it started may go on.
    var leftAlone: Set<RunID> = []
    /// Runs of which it was said that they have a lock, or that it is their turn, and that their process is stopped.
    var toldStopped: Set<RunID> = []
    /// Steps that wait for a run on which no process worked when that was last asked, by number.
    var deserted: [Int: RunID] = [:]
    /// Runs of which it was said that they cannot be read.
    var unreadable: Set<RunID> = []
    /// Why the group does not let the run in, of one that began in the same instant as another.
    var refusal: Refusal?
    var mustStop = false
    var wasStopped = false
    /// How many events are in the store for certain.
    var durable: Int
    let tally = Tally()
    var taken = 0
    var store: any RunStore { runner.store }
    var settings: RunnerSettings { runner.settings }

    init(runner: Runner, state: RunState, stops: StopSignal) {
        self.runner = runner
        self.state = state
        self.stops = stops
        durable = state.sequence
        executor = runner.makeExecutor(state)
        decider = Decider(
            width: runner.settings.width, rounds: runner.settings.rounds, reuses: runner.settings.reuses,
            opening: runner.openingByClock)
        schedule = Schedule(state)
    }

    /// Never before the last event, also when somebody sets the clock back.
    var now: Date { max(EventTime.rounded(runner.clock.now()), state.updated) }

    mutating func run(first: [RunEvent.Kind]) async throws -> RunEnding {
        if !first.isEmpty {
            let aftermath = Aftermath(executor: executor, logs: runner.logs, clock: runner.clock)
            for remark in await aftermath.clear(state) { runner.observe(.remark(remark)) }
            let logs = aftermath.logsOfCutOff(state)
            try await write { drive in
                // It may have been called off since it was asked for.
                let isOver = drive.state.status.isFinished && drive.state.isCalledOff
                let callOff = isOver ? drive.state.cancelRequest : nil
                var named: [StepID] = []
                if case .resumed(_, _, let only)? = first.first { named = only }
                for (place, kind) in first.enumerated() {
                    try drive.stage([kind], logs: place == 0 ? logs : [])
                    guard place == 0, let callOff else { continue }
                    try drive.stage([.askedAnew(because: callOff.text)])
                    try drive.stage(drive.state.gatesLeftOut(doing: named).map { .cancelled($0) })
                }
            }
            schedule = Schedule(state)
            try await releaseForgottenLeases()
            try await lookBeforeCancelling()
        }
        if try await enterGroup() {
            if !first.isEmpty {
                try await learnWhatIsCleared()
                try await lookAtGatesAnew()
                try await askEnvironmentsAnew()
            }
            while !state.status.isFinished, state.status != .waiting {
                try await phase()
                if hasLostGroup, !state.status.isFinished { try await restWithoutGroup() }
            }
        }
        if let refusal { throw refusal }
        return RunEnding(state: state)
    }

    /// Works until the run ends or rests, or until all that ran when it was cancelled has come back.
    private mutating func phase() async throws {
        // The signal may have come while the run waited for others.
        if stops.isSet { wasStopped = true }
        try await withThrowingTaskGroup(of: Arrival.self) { group in
            defer { group.cancelAll() }
            if !wasStopped {
                group.addTask { [stops] in
                    await stops.wait()
                    return .cancelled
                }
            }
            var tick: Date?
            looking.removeAll()
            // No child of an earlier phase is left; what its looks found is not taken in any more.
            taken = tally.count
            var isDraining = false
            var arrivals: [Arrival] = []
            while true {
                let came = arrivals
                try await advance(came, isDraining: isDraining)
                arrivals.removeAll(keepingCapacity: true)
                if mustStop {
                    mustStop = false
                    isDraining = true
                    group.cancelAll()
                }
                for launch in launches { add(launch, to: &group) }
                launches.removeAll(keepingCapacity: true)
                if !isDraining { addLooks(to: &group) }
                try await commitBeginnings()
                if hasLostGroup, !isDraining { continue }
                if inFlight.isEmpty, looking.isEmpty || isDraining {
                    if isDraining || state.status.isFinished || state.status == .waiting { return }
                }
                if !isDraining, let deadline = nextTick(before: tick) {
                    tick = deadline
                    // The ledger may be ahead of a clock that was set back: what counts is how long it is until then.
                    let wake = runner.clock.now().addingTimeInterval(deadline.timeIntervalSince(now))
                    group.addTask { [clock = runner.clock] in
                        // A cancelled sleep is a tick that comes too early, which does no harm.
                        try? await clock.sleep(wake)
                        return .tick(deadline)
                    }
                }
                repeat {
                    guard let arrival = try await group.next() else { return }
                    if arrival.isWork { taken += 1 }
                    if case .tick(let date) = arrival, date == tick { tick = nil }
                    arrivals.append(arrival)
                } while taken < tally.count && arrivals.count < 1024
            }
        }
    }

    /// When to look around next; nil when an earlier look is planned.
    private func nextTick(before planned: Date?) -> Date? {
        if planned != nil, schedule.waiting.isEmpty { return nil }
        let now = self.now
        var tick = now.addingTimeInterval(settings.poll)
        if let next = decider.nextTime(state, schedule), next > now { tick = min(tick, next) }
        if let planned, planned <= tick { return nil }
        return tick
    }

    /// Takes in what children brought, decides, and makes it durable.
    private mutating func advance(_ arrivals: [Arrival], isDraining: Bool) async throws {
        var arrivals = arrivals
        if arrivals.contains(where: { if case .tick = $0 { true } else { false } }) {
            try await settleStaged()
            try await lookAround()
            if !isDraining { schedule.retryLocks(state) }
        }
        // Who waits for the signal comes back without it when all that runs is stopped.
        for case .cancelled in arrivals where stops.isSet { wasStopped = true }
        while true {
            if hasLostGroup { arrivals = arrivals.map { $0.losingGroup(groupLock, by: state) } }
            do {
                try await attemptAdvance(arrivals, isDraining: isDraining)
                break
            } catch RunStoreError.conflict {
                try await reload()
            } catch RunStoreError.lockLost(let name) {
                let isGroup = loses(group: name)
                try await reload()
                if !isGroup { arrivals = arrivals.map { $0.losing(name, by: state) } }
            }
        }
        if hasLostGroup { mustStop = true }
        for arrival in arrivals {
            guard case .ended(let launch, _) = arrival else { continue }
            inFlight[launch.number] = nil
            // An attempt that begins again at once has a lease of its own by now.
            if let lock = launch.lock, leases[launch.number]?.fence == lock.fence { leases[launch.number] = nil }
        }
        for launch in launches { inFlight[launch.number] = launch }
        if leases.count > 0 { try await releaseUnusedLeases() }
    }

    private mutating func attemptAdvance(_ arrivals: [Arrival], isDraining: Bool) async throws {
        launches.removeAll(keepingCapacity: true)
        looks.removeAll(keepingCapacity: true)
        var ending: [Lock] = []
        if wasStopped { try stageInterruption() }
        for arrival in arrivals {
            switch arrival {
            case .tick, .cancelled: break
            case .looked(let looks): for look in looks where !hasLostGroup { try takeIn(look) }
            case .ended(let launch, let report):
                if let lock = launch.lock { ending.append(lock) }
                try takeIn(launch, report)
            }
        }
        let isOver = isDraining || hasLostGroup
        if !isOver { try await decide() }
        let isEverythingBack = inFlight.count == arrivals.count(where: \.isEnd)
        if !isOver, isEverythingBack, launches.isEmpty, looking.isEmpty, looks.isEmpty { try await restIfIdle() }
        // Who claims the lock of its own last attempt again had it until then.
        ending.removeAll { old in
            launches.contains { $0.lock?.name == old.name && $0.lock?.fence == old.fence + 1 }
        }
        if areOnlyBeginnings || (areOnlyFindings && !isDraining) { return }
        try await commit(ending, isAlone: isEverythingBack && looking.count == looks.count)
    }

    /// Whether all that is staged is what earlier results make of steps, while a child looks for more of them.
    ///
    /// Nothing began and nothing was done, so that it need not be durable before the next look.
    private var areOnlyFindings: Bool {
        launches.isEmpty && !looking.isEmpty && stagedDeeds == 0 && staged.count < 1024
    }

    /// Whether all that is staged is that steps without effects begin: they need not wait until that is durable.
    private var areOnlyBeginnings: Bool {
        guard !launches.isEmpty else { return false }
        return staged.allSatisfy { line in
            guard case .started(let step, _, _, _, _) = line.event.kind else { return false }
            return state.planned(step)?.effect == StageDescription.Effect.none
        }
    }

    /// Makes the beginnings durable that are not, unless their steps have ended already and it can be done in one go.
    private mutating func commitBeginnings() async throws {
        guard !staged.isEmpty, !areOnlyFindings else { return }
        for _ in 0..<4 where tally.count == taken { await Task.yield() }
        if tally.count == taken { try await settleStaged() }
    }

    /// Does as the decider says until it has nothing more to say.
    private mutating func decide() async throws {
        while true {
            let commands = decider.decide(state, &schedule, now: now)
            if commands.isEmpty { return }
            var shut = 0
            for command in commands {
                switch command {
                case .record(let kind):
                    switch try await lesson(before: kind) {
                    case .nothing: try stage(kind)
                    case .news: continue
                    case .unknown: shut += 1
                    }
                case .look(let step, let input):
                    guard let number = state.index[step] else { continue }
                    if !executor.mayReuse(state.plan.steps[number]) {
                        schedule.enqueue(number)
                    } else if looking.insert(number).inserted {
                        looks.append(Look(number: number, input: input))
                    }
                case .start(let step, let input, let attempt, let token, let recovering):
                    try await begin(step, input, attempt, token, recovering)
                case .stop:
                    // What is to run in spite of the cancellation starts when everything else has come back.
                    if !inFlight.isEmpty {
                        mustStop = true
                        return try sweep()
                    }
                case .finish(let status):
                    try stage(.finished(status))
                    return
                }
            }
            if shut == commands.count { return }
        }
    }

    private mutating func sweep() throws {
        for number in schedule.unsettled where !schedule.isRunning(number) {
            let step = state.plan.steps[number]
            if !step.isFinally { try stage(.cancelled(step.id)) }
        }
    }

    /// Takes in events that other processes wrote, and renews leases.
    private mutating func lookAround() async throws {
        try await takeInOthers()
        await noticeLosses()
        let now = self.now
        for (number, lock) in leases {
            guard let expires = lock.expires, expires.timeIntervalSince(now) < settings.lease / 2 else { continue }
            let later = now.addingTimeInterval(settings.lease)
            if try await store.renew(lock, until: later) {
                leases[number]?.expires = later
            } else {
                revoke(number)
            }
        }
    }

    /// Nothing runs: waits a little, or lets the run rest until somebody takes it up again.
    private mutating func restIfIdle() async throws {
        guard !state.status.isFinished, !mustStop else { return }
        guard !schedule.waiting.isEmpty else {
            throw Refusal(
                "engine/stuck", "nothing can run, though \(schedule.unsettled.count) steps have not ended",
                notes: ["the plan's needs go round in a circle"])
        }
        let now = self.now
        for number in schedule.waiting {
            let known = state.steps[number]
            switch known.reason {
            case .retry(let date, _):
                if date.timeIntervalSince(now) <= settings.retryPatience { return }
            case .suspended(let suspension):
                switch suspension.cause {
                case .until(let date):
                    if date.timeIntervalSince(now) <= settings.patience { return }
                case .lock(_, let holder):
                    if now.timeIntervalSince(known.waitingSince ?? now) < settings.lockPatience { return }
                    // Who works gives it back; what a dead process left runs out.
                    if let process = try await store.holder(of: RunID(holder)), process.obstacle == nil {
                        deserted[number] = nil
                        return
                    }
                    // It may have been given back since the look at the lock, which comes first then.
                    guard deserted.updateValue(RunID(holder), forKey: number) == RunID(holder) else { return }
                case .approval:
                    if now.timeIntervalSince(known.waitingSince ?? now) < settings.personPatience { return }
                case .uncertainEffect: break
                }
            default: break
            }
        }
        try stage(.rested)
    }
}

extension Arrival {
    fileprivate var isEnd: Bool { if case .ended = self { true } else { false } }

    /// The same, unless it counted on this lock: then its result cannot be trusted. The ledger says who took it, if anybody.
    fileprivate func losing(_ name: String, by state: RunState) -> Arrival {
        guard case .ended(var launch, _) = self, launch.lock?.name == name else { return self }
        launch.lock = nil
        let why = state.steps[launch.number].taken ?? "\(name) went to another run"
        return .ended(launch, .ending(.lost("\(why); the attempt was under way, and its result does not count")))
    }

    /// The same, under a group that is no longer the run's; the lease of the step is given back all the same.
    fileprivate func losingGroup(_ lock: Lock?, by state: RunState) -> Arrival {
        guard case .ended(let launch, let report) = self, let lock else { return self }
        // What had done nothing brings nothing that could count.
        if case .untouched = report { return self }
        let why = state.groupLoss?.text ?? "\(lock.name) was taken away"
        return .ended(launch, .ending(.lost("\(why); the attempt was under way, and its result does not count")))
    }
}
