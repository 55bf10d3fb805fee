import Documents
import Engine
import GRDB

import struct Foundation.Date

extension SQLiteRunStore {
    /// The numbers of all runs, those of which there are only events included.
    func runNumbers() async throws(RunStoreError) -> [Int64] {
        try await read { db in
            try (Int64.fetchAll(db, sql: "SELECT number FROM run") + Self.unindexedNumbers(db)).sorted()
        }
    }

    /// Compares the index with the events of one run, as both are at one moment; nil when the run is gone.
    func audit(
        _ number: Int64, _ objects: ObjectStore?, logs: StepLogs? = nil
    ) async throws(RunStoreError) -> RunAudit? {
        try await read { db in
            let row = try Row.fetchOne(db, sql: "SELECT * FROM run WHERE number = ?", arguments: [number])
            let told = Self.told(number, objects, logs, db)
            if row == nil, case .failure(.unknownRun) = told.state { return nil }
            var audit = RunAudit(
                number: number, voucher: row.map(IndexVoucher.init), told: told.state.map(\.summary),
                objects: told.objects, fences: told.fences, deployments: told.deployments,
                lostLogs: told.lostLogs)
            do {
                audit.indexed = try row.map(Self.summary)
            } catch {
                audit.indexFault = DatabaseProblem.error(error, file: "runs.sqlite").description
            }
            return audit
        }
    }

    /// Puts rows of the index under the numbers of their events; what they say stays as it is.
    func renumber(_ moves: [Renumbering.Move]) async throws(RunStoreError) {
        try await write { db in
            // All are put aside first: two may have each other's number.
            for move in moves {
                try db.execute(
                    sql: "UPDATE run SET number = ? WHERE number = ? AND name = ?",
                    arguments: [-1 - move.to, move.from, move.run])
                guard db.changesCount == 1 else {
                    throw RunStoreError.unavailable("run '\(move.run)' was written to meanwhile: look again")
                }
            }
            for move in moves {
                try db.execute(
                    sql: "UPDATE run SET number = ? WHERE number = ?", arguments: [move.to, -1 - move.to])
            }
        }
    }

    /// Writes a run's index row as its events say; where nothing told where they end, the ledger keeps that it was so.
    func rebuildIndex(_ number: Int64, by person: String, now: Date) async throws(RunStoreError) {
        try await write { db in
            var state = try Self.told(number, nil, nil, db).state.get()
            let row = try Row.fetchOne(db, sql: "SELECT * FROM run WHERE number = ?", arguments: [number])
            switch row.map(IndexVoucher.init)?.standing(state.summary) ?? .unknown {
            case .vouched: break
            case .lost: throw RunStoreError.unavailable("run '\(state.run)' was written to meanwhile: look again")
            case .unknown:
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

    /// What the events of a number say.
    private static func told(
        _ number: Int64, _ objects: ObjectStore?, _ logs: StepLogs?, _ db: Database
    ) -> ToldRun {
        var told = ToldRun(objects, logs)
        do {
            // No event can have another number.
            guard (0...Int64(Int32.max)).contains(number) else { return told }
            let select = try db.cachedStatement(sql: "SELECT line FROM event WHERE id > ? AND id <= ? ORDER BY id")
            let cursor = try Row.fetchCursor(
                select, arguments: [number << 32, number << 32 | 0xFFFF_FFFF])
            while let row = try cursor.next() {
                told.take(try row.withUnsafeData(atIndex: 0) { data in data.map { Array($0) } ?? [] })
            }
        } catch {
            told.fail(DatabaseProblem.error(error, file: "runs.sqlite"))
        }
        told.end(number)
        return told
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
