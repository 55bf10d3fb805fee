import Pipelines

/// How what happens gets into the ledger, and what others write there gets into the state.
extension RunDrive {
    /// Applies an event that shall be written.
    mutating func stage(_ kind: RunEvent.Kind) throws(RunStoreError) {
        try stage([kind])
    }

    /// Applies that somebody stopped this process, unless the run is to end anyway.
    mutating func stageInterruption() throws(RunStoreError) {
        guard state.cancelRequest == nil else { return }
        try stage(.interrupted(by: state.requester))
    }

    /// Applies events that belong together before anything is made of them.
    ///
    /// What the logs hold goes with the first one.
    mutating func stage(_ kinds: [RunEvent.Kind], logs: [LogDigest] = []) throws(RunStoreError) {
        let time = now
        let start = staged.count
        for (place, kind) in kinds.enumerated() {
            let line = LedgerLine(
                RunEvent(
                    sequence: state.sequence + 1, time: time, previous: state.head, kind: kind,
                    logs: place == 0 ? logs : []))
            try state.apply(line)
            staged.append(line)
            switch kind {
            case .reused, .skipped, .blocked: break
            default: stagedDeeds += 1
            }
        }
        for line in staged[start...] { follow(line.event) }
    }

    private mutating func follow(_ event: RunEvent) {
        if case .voided = event.kind {
            // Those that are looked for are looked for again.
            looking.removeAll()
            schedule = Schedule(state)
        } else {
            schedule.follow(event, in: state)
        }
    }

    /// Makes what is staged durable.
    mutating func commit(_ ending: [Lock] = [], isAlone: Bool = false) async throws {
        guard !staged.isEmpty else { return }
        var releasing = ending
        if state.status.isFinished {
            // Also those that an earlier process took for the run and died before it wrote that down.
            for lock in try await store.locks() where lock.run == state.run && !releasing.contains(lock) {
                releasing.append(lock)
            }
        }
        var holding = ending
        if let groupLock, !hasLostGroup { holding.append(groupLock) }
        let batch = EventBatch(
            after: state.sequence - staged.count, lines: staged, summary: state.summary, holding: holding,
            releasing: releasing, isAlone: isAlone)
        try await store.append(batch, to: state.run)
        durable = state.sequence
        for line in staged { runner.observe(.event(line.event)) }
        staged.removeAll(keepingCapacity: true)
        stagedDeeds = 0
    }

    /// Stages and commits, again and again while others write to the run.
    mutating func write(_ body: (inout RunDrive) throws -> Void) async throws {
        while true {
            do {
                try body(&self)
                return try await commit()
            } catch RunStoreError.conflict {
                try await reload()
            } catch RunStoreError.lockLost(let name) where loses(group: name) {
                try await reload()
            }
        }
    }

    /// Reads what others wrote since; the fold starts again where nothing of ours is in it that is not durable.
    mutating func reload() async throws {
        staged.removeAll()
        stagedDeeds = 0
        launches.removeAll()
        // Who looks brings what he found all the same; what is decided anew is looked for again.
        looking.removeAll()
        let lines = try await store.events(of: state.run, after: 0)
        state = try RunState(lines)
        if let objects = runner.objects { state.fetchOutputs(from: objects) }
        for line in lines.dropFirst(durable) { heed(line.event) }
        // What runs and was not yet written down begins once more on paper.
        for (number, launch) in inFlight.sorted(by: { $0.key < $1.key })
        where state.steps[number].status != .running {
            try stage(
                .started(
                    state.plan.steps[number].id, attempt: launch.attempt, token: launch.token,
                    fence: launch.lock?.fence, recovering: launch.recovering))
        }
        schedule = Schedule(state)
        for line in lines.dropFirst(durable) { runner.observe(.event(line.event)) }
        durable = lines.count
    }

    /// Makes what is staged durable, also when others write to the run.
    mutating func settleStaged() async throws {
        while !staged.isEmpty {
            do {
                try await commit()
            } catch RunStoreError.conflict {
                try await reload()
            } catch RunStoreError.lockLost(let name) where loses(group: name) {
                try await reload()
            }
        }
    }

    /// Takes in events that other processes wrote.
    mutating func takeInOthers() async throws {
        for line in try await store.events(of: state.run, after: state.sequence) {
            try state.apply(line)
            durable = state.sequence
            follow(line.event)
            heed(line.event)
            runner.observe(.event(line.event))
        }
    }
}
