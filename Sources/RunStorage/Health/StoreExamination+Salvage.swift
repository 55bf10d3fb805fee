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
        // What is left of the runs that are lost is all that there is of them.
        var outcome = await examineAll(repairing: true, removing: false)
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
        let now = clock.now()
        let time = now.ISO8601Format().filter(\.isNumber)
        let aside = "\(folder)/damaged-\(time)"
        let new = "\(folder)/saved-\(time)"
        removeCutOff()
        let before = marks
        defer { try? FileManager.default.removeItem(atPath: new) }
        do {
            let saved = try collect(in: new)
            guard saved.events > 0 else { return failed("no event can be read in it") }
            guard marks == before, RunLock(folder: "\(folder)/runs").workedOn.isEmpty else {
                return failed("a process wrote meanwhile; give the command again")
            }
            let lost = saved.isComplete ? [] : namesBeside.union(saved.named).subtracting(saved.told).sorted()
            if !saved.isComplete {
                try LostRuns(folder: folder).keep(
                    LostRuns.Loss(runs: lost, place: "\(aside)/runs.sqlite", events: saved.events, saved: saved.runs),
                    by: person, at: now)
            }
            try replace(by: "\(new)/store/runs.sqlite", puttingAside: aside)
            return Diagnosis(
                "store", .repaired,
                "was damaged: \(saved.events) events of \(saved.runs) runs were saved into a new file",
                details: [
                    "the damaged file is in '\(aside)'; logs and objects stay, whatever run they are of",
                    "an event that is missing is named below; results of earlier runs are made anew",
                ]
                    + (saved.isComplete
                        ? [] : ["runs may be lost: 'lost runs' below names those that something knows of"]),
                repair: Self.salvaging)
        } catch {
            return failed("\(error)")
        }
    }

    /// Makes a new store of what can be read, in a folder beside; gives how much that was.
    private func collect(in folder: String) throws -> Saved {
        let copy = "\(folder)/copy"
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: file, toPath: "\(copy)/runs.sqlite")
        if let log { try FileManager.default.copyItem(atPath: log, toPath: "\(copy)/runs.sqlite-wal") }
        let damaged = try? DatabaseQueue(path: "\(copy)/runs.sqlite")
        // What is only in the write-ahead log comes into the pages; where that fails, the pages are what there is.
        try? damaged?.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        let (runs, isWhole) = rows(of: "run", by: "number", in: damaged)
        let (locks, _) = rows(of: "lock", by: "name", in: damaged)
        var lines = EventPages(try Data(contentsOf: URL(filePath: "\(copy)/runs.sqlite"))).lines()
        // Pages that nobody uses any more may hold runs that were removed.
        let ids = ids(in: damaged)
        var isComplete = false
        if isWhole, !runs.isEmpty {
            let known = Set(runs.compactMap { Int64.fromDatabaseValue($0["number"] ?? .null) })
            lines = lines.filter { known.contains($0.key >> 32) }
            isComplete = true
        } else if let ids {
            lines = lines.filter { ids.contains($0.key) }
            isComplete = Set(ids.map { $0 >> 32 }) == Set(lines.keys.map { $0 >> 32 })
        }
        var named = Set<String>()
        for (table, key) in [("result", "digest"), ("lock", "name")] {
            named.formUnion(
                rows(of: table, by: key, in: damaged).rows.compactMap { String.fromDatabaseValue($0["run"] ?? .null) })
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
        var told = Set(runs.compactMap { String.fromDatabaseValue($0["name"] ?? .null) })
        for (id, line) in events where id & 0xffff_ffff == 1 {
            if case .created(let creation)? = try? LedgerLine(bytes: Array(line.utf8)).event.kind {
                told.insert(creation.run.rawValue)
            }
        }
        return Saved(
            events: events.count, runs: Set(events.keys.map { $0 >> 32 }).count, isComplete: isComplete, told: told,
            named: named.filter { $0.contains(Self.runName) })
    }

    /// The ids of all events, by their tree; nil when that cannot be followed to its end.
    private func ids(in database: DatabaseQueue?) -> Set<Int64>? {
        try? database?.read { db in try Set(Int64.fetchAll(db, sql: "SELECT id FROM event ORDER BY id")) }
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
