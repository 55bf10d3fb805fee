import Pipelines

/// Whose turn it is when several runs wait for one concurrency group or one environment: first come, first served.
///
/// It is the turn of the run that was made first, of those that wait for it and on which a process works. One whose process
/// is gone waits for somebody who resumes it, and holds up nobody.
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
            concurrency.pending == .supersede ? .mine : try await turn(at: name, waiting) { $0.queue?.group == group }
        switch turn {
        case .mine: return try await store.claim(name, run: state.run, step: "", now: now, until: nil)
        case .taken(let lock): return .held(lock)
        case .after(let first):
            if state.queue?.holder != first {
                let since = now
                try await write { drive in try drive.stage(.queued(group: group, holder: first, since: since)) }
            }
            return nil
        }
    }

    /// Whose turn it is at a lock, of the runs of a filter that wait for it.
    func turn(at name: String, _ filter: RunFilter, _ waits: (RunState) -> Bool) async throws -> Turn {
        if let lock = try await store.lock(named: name), lock.expires.map({ $0 > now }) ?? true {
            return lock.run == state.run ? .mine : .taken(lock)
        }
        return try await runBefore(filter, waits).map(Turn.after) ?? .mine
    }

    /// The oldest run that waits for its turn, when it is older than this one.
    private func runBefore(_ filter: RunFilter, _ waits: (RunState) -> Bool) async throws -> RunID? {
        let older = try await store.runs(matching: filter)
            .filter { ($0.created, $0.run) < (state.created, state.run) }
            .sorted { ($0.created, $0.run) < ($1.created, $1.run) }
        for other in older where try await store.holder(of: other.run) != nil {
            // What cannot be read waits for nothing.
            let known = try await RunState.loadUndamaged(other.run, from: store) { _, _ in }
            guard let known, known.cancelRequest == nil, waits(known) else { continue }
            return other.run
        }
        return nil
    }
}

extension RunState {
    /// Whether a step has come to the environment and does not have it: it waits for it, or had its turn, found another plan
    /// than its gates had shown, and looks once more what would happen.
    ///
    /// A step whose gates wait for people or for a time is not in line, and neither is a run that waits for its group.
    func isInLine(for environment: String) -> Bool {
        guard queue == nil else { return false }
        return zip(plan.steps, steps).contains { step, known in
            guard step.locksEnvironment, step.environment == environment else { return false }
            switch known.status {
            case .waiting:
                if case .lock(Lock.environment(environment), _)? = known.suspension?.cause { return true }
                return false
            // One of `finally` comes after all else, whatever it tried before the run was taken up.
            case .pending: return known.attempts > 0 && !step.isFinally && isNext(step)
            default: return false
            }
        }
    }

    /// Whether nothing but its own gates is left to do before a step, and none of these waits.
    private func isNext(_ step: Step) -> Bool {
        let own = (gates[step.id] ?? []).map { plan.steps[$0] }
        let names = Set(own.map(\.id))
        return own.allSatisfy {
            [.pending, .running].contains(self[$0.id]?.status) || self[$0.id]?.status.isGood == true
        }
            && (own + [step]).allSatisfy { member in
                member.needs.allSatisfy { names.contains($0.step) || self[$0.step]?.status.isSettled == true }
            }
    }
}
