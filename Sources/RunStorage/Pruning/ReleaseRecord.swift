import Documents
public import Engine
public import Foundation

/// Who took a lock away from a run that cannot be read, and why: its ledger cannot keep that.
public struct ReleaseRecord: Sendable {
    private let value: Value

    public init(of held: HeldLock, by person: String, reason: String, at time: Date = Date()) {
        // A line without 'runs' gives up none.
        value = [
            "time": .string(time.formatted(.iso8601)), "by": .string(person), "reason": .string(reason),
            "run": .string(held.lock.run.rawValue), "locks": [.string(RemovalRecord.text(of: held.lock))],
        ]
    }

    /// The line as it is kept.
    public var text: String { value.json() }

    /// Adds the line to `removed.jsonl` in the folder of a store.
    public func keep(in folder: String) throws(RunStoreError) { try RemovalRecord(folder: folder).append(value) }
}

extension RemovalRecord {
    /// A lock that was taken away.
    static func text(of lock: Lock) -> String { "\(lock.name), number \(lock.fence)" }
}
