import Documents
import Engine
import GRDB

import struct Foundation.Date

extension SQLiteRunStore {
    /// The numbers of all runs, those of which there are only events included.
    func runNumbers() async throws(RunStoreError) -> [Int64] {
        try await read { db in
            var numbers = try Set(Int64.fetchAll(db, sql: "SELECT number FROM run"))
            var last: Int64 = 0
            while let id = try Int64.fetchOne(
                db, sql: "SELECT id FROM event WHERE id >= ? ORDER BY id LIMIT 1", arguments: [last << 32])
            {
                numbers.insert(id >> 32)
                last = id >> 32 + 1
            }
            return numbers.sorted()
        }
    }

    /// Compares the index with the events of one run, as both are at one moment; nil when the run is gone.
    func audit(_ number: Int64, _ objects: ObjectStore) async throws(RunStoreError) -> RunAudit? {
        try await read { db in
            let row = try Row.fetchOne(db, sql: "SELECT * FROM run WHERE number = ?", arguments: [number])
            let (told, named) = Self.told(number, objects, db)
            if row == nil, case .failure(.unknownRun) = told { return nil }
            var audit = RunAudit(number: number, told: told.map(\.summary), objects: named)
            do {
                audit.indexed = try row.map(Self.summary)
            } catch {
                audit.indexFault = DatabaseProblem.error(error, file: "runs.sqlite").description
            }
            return audit
        }
    }

    /// Writes a run's index row as its events say; where there was none, the ledger keeps that it was so.
    func rebuildIndex(_ number: Int64, by person: String, now: Date) async throws(RunStoreError) {
        try await write { db in
            var state = try Self.told(number, nil, db).0.get()
            let row = try Row.fetchOne(db, sql: "SELECT * FROM run WHERE number = ?", arguments: [number])
            // A row that cannot be read vouches for as little as none.
            if row == nil || (try? row.map(Self.summary)) == nil {
                let line = try state.add(.indexRebuilt(by: person), now: now)
                try db.execute(
                    sql: "INSERT INTO event (id, line) VALUES (?, ?)",
                    arguments: [number << 32 | Int64(line.event.sequence), line.text])
            }
            let summary = state.summary
            try db.execute(
                sql: """
                    INSERT INTO run (number, name, pipeline, status, requester, concurrency, created, updated, events,
                        head, steps, settled, waits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (number) DO UPDATE SET name = excluded.name, pipeline = excluded.pipeline,
                        status = excluded.status, requester = excluded.requester, concurrency = excluded.concurrency,
                        created = excluded.created, updated = excluded.updated, events = excluded.events,
                        head = excluded.head, steps = excluded.steps, settled = excluded.settled, waits = excluded.waits
                    """,
                arguments: [
                    number, summary.run.rawValue, summary.pipeline, summary.status.rawValue, summary.requester,
                    summary.group, summary.created.milliseconds, summary.updated.milliseconds, summary.events,
                    summary.head, summary.steps, summary.settled, Self.text(of: summary.waits),
                ])
        }
    }

    /// The run that the events of a number make, and the objects that they name.
    private static func told(
        _ number: Int64, _ objects: ObjectStore?, _ db: Database
    ) -> (Result<RunState, RunStoreError>, [ObjectMentions.Mention]) {
        var mentions = ObjectMentions()
        do {
            let select = try db.cachedStatement(sql: "SELECT line FROM event WHERE id > ? AND id < ? ORDER BY id")
            let cursor = try Row.fetchCursor(select, arguments: [number << 32, (number + 1) << 32])
            var state: RunState?
            while let row = try cursor.next() {
                let bytes = try row.withUnsafeData(atIndex: 0) { data in data.map { Array($0) } ?? [] }
                let line = try LedgerLine(bytes: bytes)
                if state == nil { state = try RunState(line) } else { try state?.apply(line) }
                if let objects { mentions.look(at: line.event, objects) }
            }
            guard let state else { return (.failure(.unknownRun("number \(number)")), []) }
            return (.success(state), mentions.all)
        } catch {
            return (.failure(DatabaseProblem.error(error, file: "runs.sqlite")), mentions.all)
        }
    }

    /// How the file is kept.
    func settings() async throws(RunStoreError) -> StoreSettings {
        try await outsideTransactions { db in
            StoreSettings(
                journal: try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "",
                synchronous: try Self.synchronous(db),
                format: try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
                application: try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0)
        }
    }
}

/// How SQLite keeps the file.
struct StoreSettings: Sendable {
    var journal: String
    /// 2 is FULL.
    var synchronous: Int
    var format: Int
    var application: Int
}

/// The SQLite that is linked.
public enum SQLiteVersion {
    /// Such as `3.45.1`.
    public static var current: String {
        // Without SQLite nothing of this would run, so that it always answers.
        let version = try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
        return version ?? "unknown"
    }
}
