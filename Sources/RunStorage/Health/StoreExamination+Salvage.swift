import Engine
import Foundation
import GRDB

/// A file that SQLite finds faults in is put aside, and what can be read of it goes into a new one.
extension StoreExamination {
    /// What a repair of a damaged file does.
    static let salvaging = "put the damaged file aside, and what can be read of it into a new one"

    /// Looks at everything.
    public func examine(repairing: Bool) async -> Outcome {
        guard repairing, await isDamaged else { return await examineAll(repairing: repairing) }
        let saved = salvage()
        guard saved.verdict == .repaired else {
            var outcome = await examineAll(repairing: false)
            outcome.found.insert(saved, at: 0)
            return outcome
        }
        var outcome = await examineAll(repairing: true)
        outcome.found.insert(saved, at: 0)
        return outcome
    }

    private var isDamaged: Bool {
        get async {
            guard FileManager.default.fileExists(atPath: file) else { return false }
            do throws(RunStoreError) {
                return try await !SQLiteRunStore(folder: folder).problems().isEmpty
            } catch {
                if case .damaged = error { return true }
                return false
            }
        }
    }

    /// Whether there are events in the file that can be read.
    var canBeSaved: Bool {
        // A file that cannot be read at all holds nothing for us.
        guard let data = try? Data(contentsOf: URL(filePath: file)) else { return false }
        return !EventPages(data).lines().isEmpty
    }

    private func salvage() -> Diagnosis {
        func failed(_ why: String) -> Diagnosis {
            Diagnosis("store", .problem, "is damaged and could not be saved: \(why)", details: ["nothing was changed"])
        }
        let working = RunLock(folder: "\(folder)/runs").workedOn
        guard working.isEmpty else { return failed("a process works on run '\(working[0])'") }
        let time = clock.now().ISO8601Format().filter(\.isNumber)
        let aside = "\(folder)/damaged-\(time)"
        let new = "\(folder)/saved-\(time)"
        defer { try? FileManager.default.removeItem(atPath: new) }
        do {
            let (copied, events, runs) = try collect(in: new)
            guard copied > 0 else { return failed("no event can be read in it") }
            try DurableFile.makeFolder(aside)
            for name in ["runs.sqlite", "runs.sqlite-wal", "runs.sqlite-shm"]
            where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
                try FileManager.default.moveItem(atPath: "\(folder)/\(name)", toPath: "\(aside)/\(name)")
            }
            try FileManager.default.moveItem(atPath: "\(new)/store/runs.sqlite", toPath: file)
            try DurableFile.makeFolder(folder)
            return Diagnosis(
                "store", .repaired, "was damaged: \(events) events of \(runs) runs were saved into a new file",
                details: [
                    "the damaged file is in '\(aside)'",
                    "an event that is missing is named below; results of earlier runs are made anew",
                ], repair: Self.salvaging)
        } catch {
            return failed("\(error)")
        }
    }

    /// Makes a new store of what can be read, in a folder beside; gives how much that was.
    private func collect(in folder: String) throws -> (rows: Int, events: Int, runs: Int) {
        let copy = "\(folder)/copy"
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in ["runs.sqlite", "runs.sqlite-wal"]
        where FileManager.default.fileExists(atPath: "\(self.folder)/\(name)") {
            try FileManager.default.copyItem(atPath: "\(self.folder)/\(name)", toPath: "\(copy)/\(name)")
        }
        let damaged = try? DatabaseQueue(path: "\(copy)/runs.sqlite")
        // What is only in the write-ahead log comes into the pages; where that fails, the pages are what there is.
        try? damaged?.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        let (runs, isWhole) = rows(of: "run", by: "number", in: damaged)
        let (locks, _) = rows(of: "lock", by: "name", in: damaged)
        var lines = EventPages(try Data(contentsOf: URL(filePath: "\(copy)/runs.sqlite"))).lines()
        if isWhole, !runs.isEmpty {
            // Pages that nobody uses any more may hold runs that were removed.
            let known = Set(runs.compactMap { Int64.fromDatabaseValue($0["number"] ?? .null) })
            lines = lines.filter { known.contains($0.key >> 32) }
        }
        try? damaged?.close()
        let store = try SQLiteRunStore(folder: "\(folder)/store")
        let events = lines
        try store.pool.write { db in
            for (table, rows) in [("run", runs), ("lock", locks)] {
                for row in rows {
                    let names = row.keys.sorted()
                    try? db.execute(
                        sql: "INSERT OR IGNORE INTO \(table) (\(names.joined(separator: ", "))) VALUES "
                            + "(\(names.map { _ in "?" }.joined(separator: ", ")))",
                        arguments: StatementArguments(names.map { row[$0] ?? .null }))
                }
            }
            for (id, line) in events.sorted(by: { $0.key < $1.key }) {
                try db.execute(sql: "INSERT INTO event (id, line) VALUES (?, ?)", arguments: [id, line])
            }
        }
        try store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try store.pool.close()
        return (events.count, events.count, Set(events.keys.map { $0 >> 32 }).count)
    }

    /// The rows of a table that can be read, from its beginning and from its end, and whether these are all.
    private func rows(
        of table: String, by key: String, in database: DatabaseQueue?
    ) -> (rows: [[String: DatabaseValue]], isWhole: Bool) {
        var found: [[String: DatabaseValue]] = []
        guard let database else { return ([], false) }
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
                if order.isEmpty { return (found, true) }
            } catch {
                // The other end is tried; what is in the middle is what is missing.
                continue
            }
        }
        return (found, false)
    }
}
