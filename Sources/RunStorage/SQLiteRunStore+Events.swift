public import Engine
import GRDB

extension SQLiteRunStore {
    public func append(_ batch: EventBatch, to run: RunID) async throws(RunStoreError) {
        try await write { db in
            let number = try Self.place(of: run, batch, db)
            try Self.check(batch.holding, db)
            let insert = try db.cachedStatement(sql: "INSERT INTO event (id, line) VALUES (?, ?)")
            for line in batch.lines {
                try insert.execute(arguments: [number << 32 | Int64(line.event.sequence), line.text])
            }
            try Self.index(batch.summary, number, db)
            for result in batch.reusable { try Self.keep(result, db) }
            for lock in batch.releasing { try Self.letGo(lock, db) }
        }
    }

    /// The run's number; makes the run with its first batch.
    private static func place(of run: RunID, _ batch: EventBatch, _ db: Database) throws -> Int64 {
        let select = try db.cachedStatement(sql: "SELECT number, events FROM run WHERE name = ?")
        guard let row = try Row.fetchOne(select, arguments: [run.rawValue]) else {
            guard batch.after == 0 else { throw RunStoreError.conflict(run, events: 0) }
            let summary = batch.summary
            try db.execute(
                sql: """
                    INSERT INTO run (name, pipeline, status, requester, concurrency, created, updated, events, head,
                        steps, settled, waits) VALUES (?, ?, ?, ?, ?, ?, ?, 0, '', ?, 0, '[]')
                    """,
                arguments: [
                    run.rawValue, summary.pipeline, summary.status.rawValue, summary.requester, summary.group,
                    summary.created.milliseconds, summary.updated.milliseconds, summary.steps,
                ])
            return db.lastInsertedRowID
        }
        let events: Int = row["events"]
        guard events == batch.after else {
            throw batch.after == 0 ? RunStoreError.exists(run) : RunStoreError.conflict(run, events: events)
        }
        return row["number"]
    }

    private static func index(_ summary: RunSummary, _ number: Int64, _ db: Database) throws {
        let update = try db.cachedStatement(
            sql: """
                UPDATE run SET status = ?, updated = ?, events = ?, head = ?, settled = ?, waits = ? WHERE number = ?
                """)
        try update.execute(arguments: [
            summary.status.rawValue, summary.updated.milliseconds, summary.events, summary.head, summary.settled,
            Self.text(of: summary.waits), number,
        ])
    }

    public func events(of run: RunID, after sequence: Int) async throws(RunStoreError) -> [LedgerLine] {
        try await read { db in
            let select = try db.cachedStatement(sql: "SELECT number, events FROM run WHERE name = ?")
            guard let row = try Row.fetchOne(select, arguments: [run.rawValue]) else { return [] }
            let events: Int = row["events"]
            guard events > sequence else { return [] }
            let number: Int64 = row["number"]
            var lines: [LedgerLine] = []
            lines.reserveCapacity(events - sequence)
            let scan = try db.cachedStatement(sql: "SELECT line FROM event WHERE id > ? AND id < ? ORDER BY id")
            let cursor = try Row.fetchCursor(
                scan, arguments: [number << 32 | Int64(sequence), (number + 1) << 32])
            while let row = try cursor.next() {
                let bytes = try row.withUnsafeData(atIndex: 0) { data in data.map { Array($0) } ?? [] }
                lines.append(try LedgerLine(bytes: bytes))
            }
            return lines
        }
    }
}
