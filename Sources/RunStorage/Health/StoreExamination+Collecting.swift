import Engine
import Foundation
import GRDB

/// Reads in a damaged file what can be read.
extension StoreExamination {
    /// Makes a new store of what can be read; gives how much that was.
    ///
    /// The events are those that SQLite gives, as they are. Only where their tree has a fault are all pages looked through,
    /// in which there may be runs, too, that were removed.
    func collect(_ replacement: StoreReplacement) throws -> Saved {
        let copy = try replacement.copy()
        let damaged = try? DatabaseQueue(path: copy)
        // What is only in the write-ahead log comes into the pages; where that fails, the pages are what there is.
        try? damaged?.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        let runs = rows(of: "run", by: "number", in: damaged)
        let locks = rows(of: "lock", by: "name", in: damaged)
        let numbers = Set(runs.compactMap { Int64.fromDatabaseValue($0["number"] ?? .null) })
        let (areRunsSound, areEventsSound) = (isSound("run", in: damaged), isSound("event", in: damaged))
        let store = try SQLiteRunStore(folder: replacement.newFolder)
        let isComplete = try store.database.write { db in
            for (table, rows) in [("run", runs), ("lock", locks)] {
                for row in rows {
                    let names = row.keys.sorted()
                    try? db.execute(
                        sql: "INSERT OR IGNORE INTO \(table) (\(names.joined(separator: ", "))) VALUES "
                            + "(\(names.map { _ in "?" }.joined(separator: ", ")))",
                        arguments: StatementArguments(names.map { row[$0] ?? .null }))
                }
            }
            var found = try copyEvents(of: damaged, to: db)
            if !areEventsSound {
                let pages = EventPages(try Data(contentsOf: URL(filePath: copy), options: .alwaysMapped))
                let insert = try db.makeStatement(sql: Self.insertion)
                try pages.visit { id, line in
                    if !areRunsSound || numbers.contains(id >> 32) || found.contains(id >> 32) {
                        try insert.execute(arguments: [id, line])
                    }
                    return true
                }
                found = try Set(Int64.fetchAll(db, sql: "SELECT DISTINCT id >> 32 FROM event"))
            }
            // Either names all runs: each has a row and at least one event.
            return areEventsSound || (areRunsSound && found.isSubset(of: numbers))
        }
        // A lock that was let go and a result may be of runs that were removed.
        let holding = locks.filter { !isComplete || Int.fromDatabaseValue($0["held"] ?? .null) != 0 }
        let making = isComplete ? [] : rows(of: "result", by: "digest", in: damaged)
        let named = Set((holding + making).compactMap { String.fromDatabaseValue($0["run"] ?? .null) })
        try? damaged?.close()
        try store.database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        let (events, count, first) = try store.database.read { db in
            (
                try Int.fetchOne(db, sql: "SELECT count(*) FROM event") ?? 0,
                try Int.fetchOne(db, sql: "SELECT count(DISTINCT id >> 32) FROM event") ?? 0,
                try Row.fetchAll(db, sql: "SELECT CAST(line AS BLOB) AS line FROM event WHERE id & 4294967295 = 1")
            )
        }
        try store.database.close()
        var told = Set(runs.compactMap { String.fromDatabaseValue($0["name"] ?? .null) })
        for row in first {
            let line: Data = row["line"]
            if case .created(let creation)? = try? LedgerLine(bytes: Array(line)).event.kind {
                told.insert(creation.run.rawValue)
            }
        }
        return Saved(
            events: events, runs: count, isComplete: isComplete, told: told,
            named: named.filter { $0.contains(Self.runName) })
    }

    private static let insertion = "INSERT OR IGNORE INTO event (id, line) VALUES (?, ?)"

    /// Copies the events from the beginning of their tree and from its end, whatever they say; gives the numbers of their
    /// runs.
    private func copyEvents(of damaged: DatabaseQueue?, to db: Database) throws -> Set<Int64> {
        var numbers: Set<Int64> = []
        let insert = try db.makeStatement(sql: Self.insertion)
        for order in ["", " DESC"] {
            var failure: (any Error)?
            do {
                try damaged?.read { damaged in
                    let cursor = try Row.fetchCursor(
                        damaged, sql: "SELECT id, line FROM event NOT INDEXED ORDER BY id\(order)")
                    while let row = try cursor.next() {
                        guard let id = Int64.fromDatabaseValue(row["id"]), id > 1 << 32, id >> 32 <= Int64(Int32.max)
                        else { continue }
                        let line: DatabaseValue = row["line"]
                        do {
                            try insert.execute(arguments: [id, line])
                        } catch {
                            failure = error
                            throw error
                        }
                        numbers.insert(id >> 32)
                    }
                }
                break
            } catch {
                if let failure { throw failure }
                // The other end is tried; what is in the middle is what is missing.
                continue
            }
        }
        return numbers
    }

    /// Whether SQLite finds nothing wrong with a table that is there.
    private func isSound(_ table: String, in database: DatabaseQueue?) -> Bool {
        let found = try? database?.read { db in
            try db.tableExists(table) ? String.fetchAll(db, sql: "PRAGMA integrity_check('\(table)')") : []
        }
        return found == ["ok"]
    }

    /// The rows of a table that can be read, from its beginning and from its end.
    private func rows(of table: String, by key: String, in database: DatabaseQueue?) -> [[String: DatabaseValue]] {
        var found: [[String: DatabaseValue]] = []
        guard let database else { return [] }
        for order in ["", " DESC"] {
            do {
                try database.read { db in
                    // Not by an index, which may be the damaged part.
                    let cursor = try Row.fetchCursor(
                        db, sql: "SELECT * FROM \(table) NOT INDEXED ORDER BY \(key)\(order)")
                    while let row = try cursor.next() {
                        found.append(Dictionary(row.map { ($0.0, $0.1) }) { $1 })
                    }
                }
                return found
            } catch {
                // The other end is tried; what is in the middle is what is missing.
                continue
            }
        }
        return found
    }
}
