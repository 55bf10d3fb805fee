import Pipelines

/// Whose turn it is when several runs wait for one concurrency group or one environment: first come, first served.
///
/// It is the turn of the run that was made first, of those that wait for it and on which a process works. One whose process
/// is gone waits for somebody who resumes it, and holds up nobody; neither does one that lets its turn pass.
extension RunDrive {
    /// Who comes before this run at a lock.
    enum Turn {
        case mine
        /// Another run has it. Who claimed it all the same could get it past older runs, when it is given back in between.
        case taken(Lock)
        /// It is free, and this one was made before and waits for it.
        case after(RunID)
    }

    /// Claims the group when it is this run's turn; nil when an earlier one waits, which is then written down as what is
    /// waited for.
    mutating func claimInTurn(_ name: String, _ concurrency: Plan.Concurrency) async throws -> Claim? {
        let group = concurrency.group
        let waiting = RunFilter(statuses: [.running, .waiting], group: group)
        // Who supersedes ends those that wait.
        let turn =
            concurrency.pending == .supersede
            ? .mine : try await turn(at: name, waiting) { $0.position(inLineForGroup: group) }
        switch turn {
        case .mine: return try await store.claim(name, run: state.run, step: "", now: now, until: nil)
        case .taken(let lock): return .held(lock)
        case .after(let first):
            if state.queue?.holder != first {
                // Nobody has it: there is no time since when.
                try await write { drive in try drive.stage(.queued(group: group, holder: first, since: nil)) }
            }
            return nil
        }
    }

    /// Whose turn it is at a lock, of the runs of a filter that have a position in its line.
    mutating func turn(
        at name: String, _ filter: RunFilter, _ position: (RunState) -> WaitingLine.Position?
    ) async throws -> Turn {
        let found = try await store.lock(named: name)
        if let lock = found, lock.expires.map({ $0 > now }) ?? true {
            if lock.run == state.run { return .mine }
            guard try await givesBackLeft(lock) else {
                lines[name, default: WaitingLine()].names(nil)
                return .taken(lock)
            }
        }
        let first = try await runBefore(name, filter, position)
        lines[name, default: WaitingLine()].names(first)
        guard let first else {
            others.removeAll()
            return .mine
        }
        return .after(first)
    }

    /// The oldest run that waits for its turn and does not let it pass, when it is older than this one.
    private mutating func runBefore(
        _ name: String, _ filter: RunFilter, _ position: (RunState) -> WaitingLine.Position?
    ) async throws -> RunID? {
        // Who was first at the last look is so as a rule, and sees itself to who has come before it since.
        if let first = lines[name]?.first, try await comesFirst(first, at: name, position) { return first }
        let older = try await store.runs(matching: filter)
            .filter { ($0.created, $0.run) < (state.created, state.run) && $0.mayWait(for: name) }
            .sorted { ($0.created, $0.run) < ($1.created, $1.run) }
        for other in older where try await comesFirst(other.run, at: name, position) { return other.run }
        return nil
    }

    /// Whether another run is in line, and is to be waited for.
    private mutating func comesFirst(
        _ other: RunID, at name: String, _ position: (RunState) -> WaitingLine.Position?
    ) async throws -> Bool {
        guard let holder = try await store.holder(of: other), let known = try await look(at: other),
            known.cancelRequest == nil, let position = position(known)
        else { return false }
        var line = lines[name] ?? WaitingLine()
        defer { lines[name] = line }
        // Who looks what would happen has as long as one that works.
        let patience = position.isLooking ? max(settings.lease, settings.turnPatience) : settings.turnPatience
        let wasPassed = line.hasPassed(other)
        guard line.isPassed(other, at: position, now: now, after: patience) else {
            if holder.isStopped, toldStopped.insert(other).inserted {
                runner.observe(
                    .remark(
                        "\(name): it is the turn of run '\(other)', whose process \(holder.process) is stopped: "
                            + "`kill -CONT \(holder.process)` lets it go on; it is waited for "
                            + "\(patience.formattedSeconds) at most"))
            }
            return true
        }
        if !wasPassed {
            runner.observe(
                .remark(
                    "\(name): it is the turn of run '\(other)', which has not taken it for "
                        + "\(patience.formattedSeconds): the next one goes"))
        }
        return false
    }

    /// Another run as it is now, of which only what came since the last look is read; nil for one that cannot be read.
    private mutating func look(at other: RunID) async throws -> RunState? {
        if var known = others.removeValue(forKey: other) {
            do {
                for line in try await store.events(of: other, after: known.sequence) { try known.apply(line) }
                others[other] = known
                return known
            } catch RunStoreError.damaged, RunStoreError.newer {
                return nil
            }
        }
        // What cannot be read waits for nothing.
        others[other] = try await RunState.loadUndamaged(other, from: store) { _, _ in }
        return others[other]
    }
}

extension RunSummary {
    /// Whether the run can be in line for a lock. The index names what a run waits for that no process drives on; it does not
    /// when one works on it.
    func mayWait(for lock: String) -> Bool {
        status != .waiting || waits.count >= 20
            || waits.contains { if case .lock(lock, _) = $0.suspension.cause { true } else { false } }
    }
}

extension RunState {
    /// Where the run stands that waits for its concurrency group; nil when it does not.
    func position(inLineForGroup group: String) -> WaitingLine.Position? {
        guard let queue, queue.group == group else { return nil }
        return WaitingLine.Position(cause: .lock(name: Lock.group(group), holder: queue.holder.rawValue))
    }

    /// Where the run stands of which a step has come to the environment and does not have it: it waits for it, or had its
    /// turn, found another plan than its gates had shown, and looks once more what would happen.
    ///
    /// A step whose gates wait for people or for a time is not in line, one that could not begin because other steps of its
    /// run have taken up its pool neither, nor a run that waits for its group.
    func position(inLineFor environment: String) -> WaitingLine.Position? {
        guard queue == nil else { return nil }
        for (step, known) in zip(plan.steps, steps) {
            guard step.locksEnvironment, step.environment == environment else { continue }
            switch known.status {
            case .waiting:
                guard case .lock(Lock.environment(environment), _)? = known.suspension?.cause, hasRoom(for: step) else {
                    continue
                }
                return WaitingLine.Position(attempts: known.attempts, cause: known.suspension?.cause)
            // One of `finally` comes after all else, whatever it tried before the run was taken up.
            case .pending where known.attempts > 0 && !step.isFinally && isNext(step):
                let isLooking = gates[step.id]?.contains { steps[$0].status == .running } ?? false
                return WaitingLine.Position(attempts: known.attempts, isLooking: isLooking)
            default: continue
            }
        }
        return nil
    }

    /// Whether the pool of a step has room for it.
    private func hasRoom(for step: Step) -> Bool {
        guard let pool = step.pool else { return true }
        let busy = zip(plan.steps, steps).count { $0.pool?.name == pool.name && $1.status == .running }
        return busy < max(1, pool.width)
    }

    /// Whether nothing but its own gates is left to do before a step, and none of these waits.
    private func isNext(_ step: Step) -> Bool {
        let own = (gates[step.id] ?? []).map { plan.steps[$0] }
        let names = Set(own.map(\.id))
        return own.allSatisfy {
            [.pending, .running].contains(self[$0.id]?.status) || self[$0.id]?.status.isGood == true
        }
            && (own + [step]).allSatisfy { member in
                needs(of: member).allSatisfy { names.contains($0.step) || self[$0.step]?.status.isSettled == true }
            }
    }
}
