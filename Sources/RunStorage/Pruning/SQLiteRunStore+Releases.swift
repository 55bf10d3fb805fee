import Documents
public import Engine
public import Foundation

extension SQLiteRunStore {
    /// Keeps in `removed.jsonl` who took a lock away from a run that cannot be read, and why: its ledger cannot.
    public func keepRelease(
        of held: HeldLock, by person: String, reason: String, at time: Date = Date()
    ) throws(RunStoreError) {
        // A line without 'runs' gives up none.
        try RemovalRecord(folder: folder).append([
            "time": .string(time.formatted(.iso8601)), "by": .string(person), "reason": .string(reason),
            "run": .string(held.lock.run.rawValue), "locks": [.string(RemovalRecord.text(of: held.lock))],
        ])
    }
}

extension RemovalRecord {
    /// A lock that was taken away.
    static func text(of lock: Lock) -> String { "\(lock.name), number \(lock.fence)" }
}
