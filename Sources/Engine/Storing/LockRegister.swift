import Documents

import struct Foundation.Date

/// The locks of a store, for people: who has them, and how to take one away.
public struct LockRegister: Sendable {
    private let store: any RunStore
    private let clock: RunClock

    public init(store: any RunStore, clock: RunClock = .system) {
        self.store = store
        self.clock = clock
    }

    /// Every lock that is held, by name.
    public func held() async throws(RunStoreError) -> [HeldLock] {
        var found: [HeldLock] = []
        for lock in try await store.locks() { found.append(try await look(at: lock)) }
        return found
    }

    /// The lock with exactly this name; nil when nobody holds it. Throws when its row cannot be read.
    public func held(named name: String) async throws(RunStoreError) -> HeldLock? {
        guard let lock = try await store.lock(named: name) else { return nil }
        return try await look(at: lock)
    }

    private func look(at lock: Lock) async throws(RunStoreError) -> HeldLock {
        var held = HeldLock(
            lock: lock, status: try await status(of: lock.run), process: try await store.holder(of: lock.run))
        do throws(RunStoreError) {
            let state = try await RunState.load(lock.run, from: store)
            // One without an expiry is no lease, and must be released; of a run that cannot be read, or that worked on another host,
            // nobody knows here what it left at work.
            held.isLeft = lock.expires != nil && held.process == nil && state.leftItsLeaseHere
        } catch {
            switch error {
            case .damaged(let damage): held.damage = damage
            // Nothing is known to be damaged in what another version wrote.
            case .newer, .unknownRun: break
            default: throw error
            }
        }
        return held
    }

    /// How a run stands, by its events where the index cannot tell; nil when there is no such run.
    private func status(of run: RunID) async throws(RunStoreError) -> RunStatus? {
        do {
            return try await store.runs(matching: RunFilter(run: run, limit: 1)).first?.status
        } catch .damaged(let message) {
            guard let lines = try await store.stored(run)?.lines, !lines.isEmpty else { throw .damaged(message) }
            var events: [LedgerLine] = []
            for line in lines { events.append(try LedgerLine(bytes: line.bytes)) }
            return try RunState(events).status
        }
    }

    /// The held lock that a name means: that of the lock, or of the environment or the group alone.
    public func find(_ name: String) async throws -> HeldLock {
        let held = try await held()
        if let exact = held.first(where: { $0.lock.name == name }) { return exact }
        let meant = held.filter { [Lock.environment(name), Lock.group(name)].contains($0.lock.name) }
        if meant.count > 1 {
            throw Refusal(
                "lock/ambiguous", "'\(name)' is an environment and a group, and both are held",
                notes: ["say \(meant.map { "'\($0.lock.name)'" }.joined(separator: " or "))"])
        }
        guard let found = meant.first else {
            let names = [name, Lock.environment(name), Lock.group(name)]
            if let strange = try await store.unreadableLocks().first(where: { names.contains($0.name ?? "") }) {
                throw RunStoreError.damaged(strange.reason)
            }
            throw Self.unknown(name, held)
        }
        return found
    }

    private static func unknown(_ name: String, _ held: [HeldLock]) -> Refusal {
        let names = held.map(\.lock.name)
        let short = names.compactMap { $0.split(separator: " ", maxSplits: 1).last.map(String.init) }
        var notes = names.isEmpty ? ["no lock is held"] : ["these are held: \(names.joined(separator: ", "))"]
        if let near = suggestion(for: name, among: names + short) {
            notes.insert("did you mean '\(near)'?", at: 0)
        }
        return Refusal("lock/unknown", "no lock '\(name)' is held", notes: notes)
    }

    /// Takes a lock away from its run, which is told in its ledger; the next holder gets a higher fencing number.
    ///
    /// A result that comes with the lock afterwards is refused. Throws ``Refusal`` while a process works on the run,
    /// unless forced; then nothing is changed. Where none does, `clearing` is called first, while nobody else can take the
    /// run up: it ends what a dead process left running. A process that is stopped ends nothing of what it runs: for the
    /// lock of a group, `endingStopped` is called first in its place. Of a run that cannot be read a lock is only taken away
    /// when that is forced: then `clearingRemains` is called in the place of `clearing`, and `keeping` afterwards with what no
    /// ledger keeps.
    public func release(
        _ name: String, by person: String, reason: String, force: Bool = false,
        clearing: (RunState) async -> Void = { _ in }, clearingRemains: (RunRemains) async -> Void = { _ in },
        endingStopped: (RunRemains) async -> Void = { _ in },
        keeping: (HeldLock) async -> Void = { _ in }
    ) async throws -> HeldLock {
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw Refusal("lock/no-reason", "taking a lock away needs a reason, which the run's ledger keeps")
        }
        while true {
            var held = try await find(name)
            if let process = held.process, !force { throw await inUse(held, process) }
            if held.runsUnderItWhileStopped {
                await endingStopped(try await RunRemains.of(held.lock.run, in: store))
            }
            do {
                do {
                    if held.process == nil {
                        try await clear(held.lock, clearing) {
                            try await takeAway(held.lock, by: person, reason: reason)
                        }
                    } else {
                        try await takeAway(held.lock, by: person, reason: reason)
                    }
                } catch RunStoreError.damaged(let damage) {
                    guard force else { throw Self.unreadable(held.lock, damage) }
                    held.damage = damage
                    try await takeAwayUnread(held, clearingRemains, keeping)
                }
                return held
            } catch RunStoreError.conflict, RunStoreError.lockLost, RunStoreError.busy {
                // Somebody was faster: look again.
                continue
            }
        }
    }

    private func inUse(_ held: HeldLock, _ process: RunHold.Holder) async -> Refusal {
        let who =
            process.obstacle == nil
            ? "process \(process.process) on \(process.host) works" : "a process may be at work"
        let ending = held.runsUnderItWhileStopped ? ", and ends here what that process runs" : ""
        var notes = [
            await wayOn(held, process),
            process.isStopped
                ? "--force takes the lock away all the same\(ending); what it brings once it goes on is refused"
                : "--force takes the lock away all the same: what works under it is stopped, and what it brings is refused",
        ]
        if let damage = held.damage {
            notes = ["that run cannot be read: \(damage)"] + notes
            notes.append("the run's ledger cannot keep who did it and why: .almrun/removed.jsonl does")
        }
        return Refusal(
            "lock/in-use", "\(who) on run '\(held.lock.run)', which holds \(held.lock.name)", notes: notes)
    }

    private static func unreadable(_ lock: Lock, _ damage: String) -> Refusal {
        Refusal(
            "lock/unreadable-run", "run '\(lock.run)', which holds \(lock.name), cannot be read: \(damage)",
            // The damage may name these commands itself.
            notes: (damage.contains("`almrun verify \(lock.run)`")
                ? []
                : [
                    "`almrun verify \(lock.run)` says what was changed, `almrun doctor` what can be mended, or what gives the "
                        + "run up"
                ]) + [
                    "--force takes the lock away all the same, and ends what its commands left running here: the run's ledger "
                        + "cannot keep who did it and why, .almrun/removed.jsonl does"
                ])
    }

    /// Takes the lock of a run away that no ledger can tell, and where no process works on it ends what one left first.
    private func takeAwayUnread(
        _ held: HeldLock, _ clearing: (RunRemains) async -> Void, _ keeping: (HeldLock) async -> Void
    ) async throws {
        let hold = held.process == nil ? try await store.hold(held.lock.run) : nil
        defer { hold?.release() }
        if hold != nil { await clearing(try await RunRemains.of(held.lock.run, in: store)) }
        // What was forced is not meant for another run that has it by now.
        guard try await store.release(held.lock) else { throw try await gone(held.lock) }
        await keeping(held)
    }

    /// That a run does not have a lock any more, and who does.
    private func gone(_ lock: Lock) async throws(RunStoreError) -> Refusal {
        let now = try await store.lock(named: lock.name)
        return Refusal(
            "lock/unknown", "run '\(lock.run)' does not have \(lock.name) any more: nothing was taken away",
            notes: [now.map { "run '\($0.run)' has it since \(EventTime.text($0.since))" } ?? "nobody has it now"])
    }

    /// How a lock comes back of which the process lives.
    private func wayOn(_ held: HeldLock, _ process: RunHold.Holder) async -> String {
        let run = held.lock.run
        if let obstacle = process.obstacle { return "it cannot be told: \(obstacle)" }
        // What cannot be read was not called off as far as anybody knows.
        let isCalledOff = (try? await RunState.load(run, from: store))?.isCalledOff ?? false
        if process.isStopped {
            return "the process is stopped: `kill -CONT \(process.process)` lets it go on"
                + (isCalledOff ? ", and then it hears that it was asked to stop" : "")
        }
        if held.damage != nil {
            return "nothing can be asked of such a run: `kill \(process.process)` on \(process.host) ends the process, "
                + "with what it runs"
        }
        return isCalledOff
            ? "it was asked to stop, and gives the lock back then: `almrun show \(run)` says how far it is"
            : "`almrun cancel \(run)` asks it to stop and gives the lock back"
    }

    /// Does something while nothing of the lock's run goes on, neither a process that works on it nor what one left.
    private func clear(
        _ lock: Lock, _ clearing: (RunState) async -> Void, _ body: () async throws -> Void
    ) async throws {
        let lines = try await store.events(of: lock.run, after: 0)
        guard !lines.isEmpty else { return try await body() }
        let hold = try await store.hold(lock.run)
        defer { hold.release() }
        await clearing(try await RunState.load(lock.run, from: store))
        try await body()
    }

    private func takeAway(_ lock: Lock, by person: String, reason: String) async throws {
        let lines = try await store.events(of: lock.run, after: 0)
        // A lock of a run that is gone has no ledger to write to.
        guard !lines.isEmpty else {
            try await store.release(lock)
            return
        }
        var state = try RunState(lines)
        let line = try state.add(
            .lockBroken(lock: lock.name, fence: lock.fence, by: person, reason: reason), now: clock.now())
        let batch = EventBatch(
            after: state.sequence - 1, lines: [line], summary: state.summary, holding: [lock], releasing: [lock])
        let store = store
        try await shielded { try await store.append(batch, to: lock.run) }
    }
}

extension HeldLock {
    /// Whether commands may be at work under the lock that a stopped process does not end: no command is under that of an
    /// environment, and what lies beside it has nothing to do with that.
    fileprivate var runsUnderItWhileStopped: Bool {
        process?.isStopped == true && lock.name.hasPrefix(Lock.group(""))
    }
}

extension RunStore {
    /// What is damaged in the events of a run; nil for one that is whole, for one of a newer version, which cannot be read here
    /// either, and where there is none.
    public func damage(of run: RunID?) async throws(RunStoreError) -> String? {
        guard let run else { return nil }
        do {
            _ = try await RunState.load(run, from: self)
            return nil
        } catch .damaged(let damage) {
            return damage
        } catch .newer, .unknownRun {
            return nil
        }
    }
}

extension Lock {
    /// The command that takes a lock away from a run that cannot be read.
    public static func forcedRelease(of name: String) -> String {
        "almrun locks release \(shellWord(name)) --reason \"...\" --force"
    }

    /// The names of locks, those first for which others wait without an end.
    public static func inTheWay(_ names: [String]) -> [String] {
        let isGroup = { (name: String) in name.hasPrefix(group("")) }
        return names.filter(isGroup) + names.filter { !isGroup($0) }
    }
}
