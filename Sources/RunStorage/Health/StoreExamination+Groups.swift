import Engine

extension StoreExamination {
    /// Concurrency groups that the store gives to one run, while the ledger of another one that has not ended says that it
    /// has them and not that anybody took them away.
    func groups(of store: SQLiteRunStore, _ audits: [RunAudit]) async throws -> [Diagnosis] {
        var found: [Diagnosis] = []
        for lock in try await store.locks() where lock.name.hasPrefix(Lock.group("")) {
            // Of one that is gone or has ended its leases tell.
            guard let holder = audits.first(where: { $0.toldName == lock.run.rawValue }),
                let holding = try await store.audit(holder.number, nil), holding.isUnfinished
            else { continue }
            for audit in audits {
                guard let entry = audit.fences.entered[lock.name], entry.run != lock.run, entry.fence <= lock.fence,
                    // It may have given the group away since it was looked at.
                    let other = try await store.audit(audit.number, nil), other.isUnfinished,
                    other.fences.entered[lock.name]?.fence == entry.fence
                else { continue }
                let doesSaySo = holding.fences.entered[lock.name]?.fence == lock.fence && lock.fence > entry.fence
                // Who has just taken it says so next.
                if !doesSaySo, lock.fence > entry.fence, try await store.holder(of: lock.run) != nil { continue }
                found.append(Self.diagnosis(lock, entry, doesSaySo))
            }
        }
        return found
    }

    private static func diagnosis(_ lock: Lock, _ entry: FenceEvidence.Entry, _ doesSaySo: Bool) -> Diagnosis {
        let message =
            "\(lock.name): its row gives it to run '\(lock.run)' with number \(lock.fence), and by its ledger run "
            + "'\(entry.run)', which has not ended, has it with number \(entry.fence)"
        guard !doesSaySo else {
            return Diagnosis(
                "locks", .note, message,
                details: [
                    "the ledger of run '\(lock.run)' says so too: run '\(entry.run)' waits for it when it is taken up"
                ])
        }
        return Diagnosis(
            "locks", .problem, message,
            details: [
                "the ledger of run '\(lock.run)' does not say so, and none says who took the group away: once it is "
                    + "released, `almrun resume \(entry.run)` takes it again"
            ], command: "almrun locks release \(shellWord(lock.name)) --reason WHY")
    }
}
