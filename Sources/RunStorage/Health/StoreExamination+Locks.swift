import Engine
import Foundation

extension StoreExamination {
    /// Leases of runs that ended or are gone, and leases that ran out.
    func locks(of store: SQLiteRunStore, _ audits: [RunAudit], _ repairing: Bool) async throws -> [Diagnosis] {
        let faults = try await lockRows(of: store, fences(audits), repairing)
        // While a row cannot be read, its lease cannot be looked at.
        if faults.contains(where: { $0.verdict == .problem }) { return faults }
        let groups = try await groups(of: store, audits)
        let areFine = faults.isEmpty && groups.isEmpty
        return faults + groups + (try await leases(of: store, audits, repairing, areFine: areFine))
    }

    /// Rows that hold what almrun never writes, whether or not the lock is held, and numbers that went back.
    private func lockRows(
        of store: SQLiteRunStore, _ known: FenceEvidence, _ repairing: Bool
    ) async throws -> [Diagnosis] {
        let faults = try await store.lockFaults(known, now: clock.now(), mending: repairing)
        var found: [Diagnosis] = []
        let mendable = faults.mendable
        if !mendable.isEmpty {
            found.append(
                Diagnosis(
                    "locks", repairing ? .repaired : .problem,
                    "\(mendable.count) row\(mendable.count == 1 ? " is" : "s are") not as almrun writes them",
                    details: mendable.map(\.message),
                    repair: "write them anew, each with a higher number than any that is known"))
        }
        if let first = faults.busy.first {
            let count = faults.busy.count
            let isKnown = faults.busy.allSatisfy { $0.fault.holder != nil }
            found.append(
                Diagnosis(
                    "locks", .problem,
                    "\(count) row\(count == 1 ? " is" : "s are") not as almrun writes them, and a process works "
                        + "on \(isKnown ? "the run that holds the lock" : "a run that may hold the lock, '\(first.run)'"): "
                        + "when it has ended, --repair mends them",
                    details: faults.busy.map(\.fault.message), command: "almrun cancel \(first.run)"))
        }
        if !faults.exhausted.isEmpty {
            found.append(
                Diagnosis(
                    "locks", .problem,
                    "the highest number that there can be was given out, so that nobody gets the lock any more",
                    details: faults.exhausted.map(\.message) + ["put the store back from a copy"],
                    command: "ls -la '\(folder)'"))
        }
        return found
    }

    private func leases(
        of store: SQLiteRunStore, _ audits: [RunAudit], _ repairing: Bool, areFine: Bool
    ) async throws -> [Diagnosis] {
        let register = LockRegister(store: store, clock: clock)
        let all = try await register.held()
        // A run that the index has lost is not gone: once that is written anew, it has its lock.
        let open = Set(audits.filter { $0.isUnfinished }.compactMap(\.toldName))
        // Nor is one that was lost: what it holds goes when somebody gives it up.
        let lost = Set(try await store.lostRuns().map(\.name))
        let held = all.filter { one in
            one.status != nil || !(open.contains(one.lock.run.rawValue) || lost.contains(one.lock.run.rawValue))
        }
        let now = clock.now()
        // A run that is not there may be one whose name was changed: while any process works it may be that one's.
        let worked = held.contains { $0.status == nil } ? store.locking.workedOn : []
        let doubtful = held.filter { $0.isLeftOver && $0.status == nil && !worked.isEmpty }
        let left = held.filter { one in one.isLeftOver && !doubtful.contains(one) }
        let out = held.filter { !$0.isLeftOver && $0.hasRunOut(now) }
        var found: [Diagnosis] = []
        if let run = worked.first, !doubtful.isEmpty {
            found.append(
                Diagnosis(
                    "locks", .problem,
                    "\(doubtful.count) of runs that are gone, and a process works on run '\(run)', which may hold what "
                        + "they name: when it has ended, --repair releases them",
                    details: doubtful.map { "\($0.lock.name), of run '\($0.lock.run)'" },
                    command: "almrun cancel \(run)"))
        }
        if !left.isEmpty {
            let details = left.map {
                "\($0.lock.name), of run '\($0.lock.run)', \($0.status?.rawValue ?? "which is gone")"
            }
            let repair = "release them, and say so in the ledgers of their runs"
            if repairing {
                for one in left {
                    _ = try await register.release(
                        one.lock.name, by: person, reason: "almrun doctor: the run has ended or is gone")
                }
            }
            found.append(
                Diagnosis(
                    "locks", repairing ? .repaired : .problem,
                    "\(left.count) of runs that have ended or are gone", details: details, repair: repair))
        }
        if !out.isEmpty {
            found.append(
                Diagnosis(
                    "locks", .note, "\(out.count) ran out; the run whose turn it is gets it",
                    details: out.map { "\($0.lock.name), of run '\($0.lock.run)'" }))
        }
        if found.isEmpty, areFine {
            found.append(Diagnosis("locks", .ok, all.isEmpty ? "none is held" : "\(all.count) held, each by a run"))
        }
        return found
    }

    /// Runs that were cut off with their process, and those whose process was stopped.
    func orphans(of store: SQLiteRunStore) async throws -> [Diagnosis] {
        var found: [RunID] = []
        var stopped: [(run: RunID, process: Int)] = []
        for run in try await store.runs(matching: RunFilter(statuses: [.running])) {
            guard let holder = try await store.holder(of: run.run) else {
                found.append(run.run)
                continue
            }
            if holder.isStopped { stopped.append((run.run, holder.process)) }
        }
        var diagnoses: [Diagnosis] = []
        if let first = stopped.first {
            diagnoses.append(
                Diagnosis(
                    "processes", .problem,
                    "\(stopped.count) run\(stopped.count == 1 ? " has a process that is" : "s have processes that are") "
                        + "stopped: nothing goes on there, and their leases run out",
                    details: stopped.map { "run '\($0.run)', process \($0.process)" },
                    command: "kill -CONT \(first.process)"))
        }
        if !found.isEmpty { return diagnoses + [try await cutOff(found, in: store)] }
        return diagnoses.isEmpty ? [Diagnosis("processes", .ok, "every running run has its process")] : diagnoses
    }

    /// - Parameter runs: Those that were cut off, newest first.
    private func cutOff(_ runs: [RunID], in store: SQLiteRunStore) async throws -> Diagnosis {
        var details: [String] = []
        var free: RunID?
        var last: RunID?
        var release: String?
        var unreadable: RunID?
        let locks = try await store.locks()
        // It is the oldest one's turn of those that wait for none of the others.
        for run in runs {
            var isNewer = false
            let read = try await RunState.loadUndamaged(run, from: store) { _, error in
                if case .newer = error { isNewer = true }
            }
            guard let state = read?.facing(locks) else {
                // It cannot be taken up; what it has is in the way of others. One of a newer version is told of elsewhere.
                if !isNewer { unreadable = run }
                let names = isNewer ? [] : locks.filter { $0.run == run }.map(\.name)
                let releases = Lock.inTheWay(names).map { Lock.forcedRelease(of: $0) }
                release = releases.first ?? release
                let way = releases.map { "`\($0)`" }.joined(separator: " and ")
                details.append(
                    "run '\(run)', which \(isNewer ? "cannot be read by this version" : "is damaged")"
                        + (way.isEmpty ? "" : ": \(way) free\(releases.count == 1 ? "s" : "") what it has"))
                continue
            }
            last = run
            let holders = state.waitsForLocks.compactMap { $0.suspension.lock?.holder }
            let before = holders.first { $0 != run && runs.contains($0) }
            if before == nil { free = run }
            details.append(
                "run '\(run)'" + (before.map { ", which waits for run '\($0)'" } ?? "")
                    + (state.cancelRequest == nil ? "" : ": `almrun resume \(run)` cancels it, as was asked"))
        }
        let command = (free ?? (release == nil ? last : nil)).map { "almrun resume \($0)" } ?? release
        return Diagnosis(
            "processes", .problem,
            "\(runs.count) run\(runs.count == 1 ? " was" : "s were") cut off with \(runs.count == 1 ? "its" : "their") process",
            details: details, command: command ?? unreadable?.removal ?? runs.first.map { "almrun verify \($0)" })
    }
}
