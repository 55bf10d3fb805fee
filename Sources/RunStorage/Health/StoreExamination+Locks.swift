import Engine
import Foundation

extension StoreExamination {
    /// Leases of runs that ended or are gone, and leases that ran out.
    func locks(of store: SQLiteRunStore, _ repairing: Bool) async throws -> [Diagnosis] {
        let register = LockRegister(store: store, clock: clock)
        let held = try await register.held()
        let now = clock.now()
        let left = held.filter(\.isLeftOver)
        let out = held.filter { !$0.isLeftOver && $0.hasRunOut(now) }
        var found: [Diagnosis] = []
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
                    "locks", .note, "\(out.count) ran out; the next one that asks gets it",
                    details: out.map { "\($0.lock.name), of run '\($0.lock.run)'" }))
        }
        if found.isEmpty {
            found.append(Diagnosis("locks", .ok, held.isEmpty ? "none is held" : "\(held.count) held, each by a run"))
        }
        return found
    }

    /// Runs that were cut off with their process.
    func orphans(of store: SQLiteRunStore) async throws -> Diagnosis {
        var found: [RunID] = []
        for run in try await store.runs(matching: RunFilter(statuses: [.running]))
        where try await store.holder(of: run.run) == nil { found.append(run.run) }
        guard let first = found.first else { return Diagnosis("processes", .ok, "every running run has its process") }
        return Diagnosis(
            "processes", .problem,
            "\(found.count) run\(found.count == 1 ? " was" : "s were") cut off with \(found.count == 1 ? "its" : "their") process",
            details: found.map { "run '\($0)'" }, command: "almrun resume \(first)")
    }
}
