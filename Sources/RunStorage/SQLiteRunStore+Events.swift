public import Engine
import GRDB

extension SQLiteRunStore {
    public func append(_ batch: EventBatch, to run: RunID) async throws(RunStoreError) {
        try await write(isAlone: batch.isAlone) { [numbers, reserve, locking, place] db in
            do {
                try locking.check(run)
            } catch {
                // Where the store is gone altogether that is what to tell.
                try place?.check()
                throw error
            }
            let known = numbers.value(run)
            let number = try Self.write(batch, to: run, knownAs: known, db)
            if known != number { numbers.keep(number, of: run) }
            reserve.keep()
        }
    }

    /// The writing of a batch, in a transaction; gives the run's number.
    @discardableResult
    static func write(
        _ batch: EventBatch, to run: RunID, knownAs known: Int64? = nil, _ db: Database
    ) throws -> Int64 {
        let number = try known.flatMap { try advance($0, run, batch, db) } ?? place(of: run, batch, db)
        try check(batch.holding, db)
        let insert = try db.cachedStatement(sql: "INSERT INTO event (id, line) VALUES (?, ?)")
        for line in batch.lines {
            try insert.execute(arguments: [number << 32 | Int64(line.event.sequence), line.text])
        }
        for (sequence, result) in batch.reusable { try keep(result, by: number << 32 | Int64(sequence), db) }
        for lock in batch.releasing { try letGo(lock, db) }
        return number
    }

    /// Writes the summary of a run that goes on as it stood, which leaves the indices alone; nil when there is more to it.
    private static func advance(_ number: Int64, _ run: RunID, _ batch: EventBatch, _ db: Database) throws -> Int64? {
        let summary = batch.summary
        guard summary.waits.isEmpty else { return nil }
        let update = try db.cachedStatement(
            sql: """
                UPDATE run SET updated = ?, events = ?, head = ?, settled = ?
                WHERE number = ? AND name = ? AND events = ? AND status = ? AND waits = '[]'
                """)
        try update.execute(arguments: [
            summary.updated.milliseconds, summary.events, summary.head, summary.settled, number, run.rawValue,
            batch.after, summary.status.rawValue,
        ])
        return db.changesCount == 1 ? number : nil
    }

    /// The run's number, after its summary was written; makes the run with its first batch.
    private static func place(of run: RunID, _ batch: EventBatch, _ db: Database) throws -> Int64 {
        let summary = batch.summary
        let select = try db.cachedStatement(sql: "SELECT number, events FROM run WHERE name = ?")
        guard let row = try Row.fetchOne(select, arguments: [run.rawValue]) else {
            guard batch.after == 0 else { throw RunStoreError.conflict(run, events: 0) }
            try db.execute(
                sql: """
                    INSERT INTO run (number, name, pipeline, status, requester, concurrency, created, updated, events,
                        head, steps, settled, waits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    try nextNumber(db), run.rawValue, summary.pipeline, summary.status.rawValue, summary.requester,
                    summary.group,
                    summary.created.milliseconds, summary.updated.milliseconds, summary.events, summary.head,
                    summary.steps, summary.settled, Self.text(of: summary.waits),
                ])
            return db.lastInsertedRowID
        }
        let events = try row.readCount("events")
        guard events == batch.after else {
            throw batch.after == 0 ? RunStoreError.exists(run) : RunStoreError.conflict(run, events: events)
        }
        let number = Int64(try row.readCount("number"))
        guard try isEnd(events, of: number, before: batch, db) else {
            throw RunStoreError.damaged(
                "event \(events) of run '\(run)' is not where the run index says: `almrun doctor` looks what can be mended"
            )
        }
        let update = try db.cachedStatement(
            sql: """
                UPDATE run SET status = ?, updated = ?, events = ?, head = ?, settled = ?, waits = ? WHERE number = ?
                """)
        try update.execute(arguments: [
            summary.status.rawValue, summary.updated.milliseconds, summary.events, summary.head, summary.settled,
            Self.text(of: summary.waits), number,
        ])
        return number
    }

    /// The number after those of all rows and of all events: the row of a run may be gone while its events are there.
    private static func nextNumber(_ db: Database) throws -> Int64 {
        let rows = try db.cachedStatement(sql: "SELECT max(number) FROM run WHERE number < ?")
        let events = try db.cachedStatement(sql: "SELECT max(id) FROM event WHERE id < ?")
        // What another program wrote beyond the last number stands in nobody's way.
        let last = Int64(Int32.max)
        let number = try Int64.fetchOne(rows, arguments: [last]) ?? 0
        let id = try Int64.fetchOne(events, arguments: [last << 32]) ?? 0
        return max(number, id >> 32, 0) + 1
    }

    /// Whether the event that the batch follows stands under the number: under another one it would be lost to its run.
    private static func isEnd(_ events: Int, of number: Int64, before batch: EventBatch, _ db: Database) throws -> Bool
    {
        guard let previous = batch.lines.first?.event.previous else { return true }
        let select = try db.cachedStatement(sql: "SELECT line FROM event WHERE id = ?")
        guard let row = try Row.fetchOne(select, arguments: [number << 32 | Int64(events)]) else { return false }
        return try row.withUnsafeData(atIndex: 0) { data in data.map { ObjectStore.digest(of: $0) } } == previous
    }

    public func events(of run: RunID, after sequence: Int) async throws(RunStoreError) -> [LedgerLine] {
        try await read { [folder] db in
            let select = try db.cachedStatement(sql: "SELECT number, events, head FROM run WHERE name = ?")
            guard let row = try Row.fetchOne(select, arguments: [run.rawValue]) else {
                try LostRuns(folder: folder).refuse(run)
                return []
            }
            let events = try row.readCount("events")
            guard events > sequence else { return [] }
            let number = Int64(try row.readCount("number"))
            var lines: [LedgerLine] = []
            lines.reserveCapacity(min(events - sequence, 100_000))
            let scan = try db.cachedStatement(sql: "SELECT line FROM event WHERE id > ? AND id < ? ORDER BY id")
            let cursor = try Row.fetchCursor(
                scan, arguments: [number << 32 | Int64(sequence), (number + 1) << 32])
            while let row = try cursor.next() {
                let bytes = try row.withUnsafeData(atIndex: 0) { data in data.map { Array($0) } ?? [] }
                do {
                    lines.append(try LedgerLine(bytes: bytes))
                } catch RunStoreError.damaged(let what) {
                    throw RunStoreError.damaged("event \(sequence + lines.count + 1) of run '\(run)': \(what)")
                }
            }
            guard lines.count == events - sequence else {
                throw RunStoreError.damaged(
                    "run '\(run)' has \(lines.count + sequence) events, and its index counts \(events): "
                        + "`almrun verify \(run)` says which are missing, `almrun doctor` what can be mended, or what gives the "
                        + "run up")
            }
            // Nothing that comes after the last event vouches for it but the index.
            let head = String.fromDatabaseValue(row["head"])
            guard lines.last?.hash == head else {
                throw RunStoreError.damaged(
                    "event \(events) of run '\(run)' and the run index do not agree: one of them was changed")
            }
            return lines
        }
    }

    public func mentioning(
        _ texts: [String], among runs: [RunID], after sequence: Int
    ) async throws(RunStoreError) -> Set<RunID> {
        guard !texts.isEmpty, !runs.isEmpty else { return [] }
        return try await read { db in
            let select = try db.cachedStatement(sql: "SELECT number FROM run WHERE name = ?")
            let has = texts.map { _ in "instr(line, ?)" }.joined(separator: " OR ")
            let scan = try db.cachedStatement(sql: "SELECT 1 FROM event WHERE id > ? AND id < ? AND (\(has)) LIMIT 1")
            var found: Set<RunID> = []
            for run in runs {
                guard let number = try Int64.fetchOne(select, arguments: [run.rawValue]) else { continue }
                let bounds = [number << 32 | Int64(sequence), (number + 1) << 32]
                let arguments = StatementArguments(bounds) + StatementArguments(texts)
                if try Int.fetchOne(scan, arguments: arguments) != nil { found.insert(run) }
            }
            return found
        }
    }
}
