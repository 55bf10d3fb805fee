import Engine
import Foundation
import GRDB
import TestSupport

@testable import RunStorage

/// A store in a folder of its own, whose rows another program changes, and what the doctor says of its locks.
struct ChangedStore {
    let folder: TemporaryFolder
    let store: SQLiteRunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteRunStore(folder: folder.path)
    }

    func change(_ sql: String) throws {
        try DatabaseQueue(path: folder.path("runs.sqlite")).write { db in try db.execute(sql: sql) }
    }

    /// - Parameter now: The time by which locks are judged; the real one when nil.
    func examine(repairing: Bool, now: Date? = nil) async -> [Diagnosis] {
        let clock = now.map { now in RunClock(now: { now }, sleep: { _ in }) } ?? .system
        return await StoreExamination(
            folder: folder.path, objects: ObjectStore(folder: folder.path("objects")), person: "a@b.c", clock: clock
        ).examine(repairing: repairing).found.filter { $0.check == "locks" }
    }
}
