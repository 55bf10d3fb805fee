import Engine
import GRDB
import Pipelines

import struct Foundation.Date

extension SQLiteRunStore {
    /// Every run, newest first.
    func prunableRuns() async throws(RunStoreError) -> [PrunableRun] {
        try await read { db in
            let locked = try Set(String.fetchAll(db, sql: "SELECT run FROM lock WHERE held = 1"))
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT number, name, pipeline, status, updated, events FROM run ORDER BY created DESC, name DESC
                    """)
            return try rows.map { row in
                let name: String = try row.read("name")
                return PrunableRun(
                    number: Int64(try row.readCount("number")), run: RunID(name), pipeline: try row.read("pipeline"),
                    status: try Self.status(row), updated: try row.readDate("updated"),
                    events: try row.readCount("events"), holdsLock: locked.contains(name))
            }
        }
    }

    /// The runs with what goes with each: the events and results that are there, whatever the index says.
    func counted(_ runs: [PrunableRun]) async throws(RunStoreError) -> [PrunableRun] {
        try await read { db in try runs.map { try Self.counted($0, db) } }
    }

    private static func counted(_ run: PrunableRun, _ db: Database) throws -> PrunableRun {
        let events = try db.cachedStatement(
            sql: """
                SELECT count(*) AS count, coalesce(sum(length(CAST(line AS BLOB))), 0) AS bytes FROM event
                WHERE id > ? AND id < ?
                """)
        let results = try db.cachedStatement(sql: "SELECT count(*) FROM result WHERE run = ?")
        var run = run
        if let row = try Row.fetchOne(events, arguments: [run.number << 32, (run.number + 1) << 32]) {
            run.stored = PruneReport.Amount(count: try row.readCount("count"), bytes: try row.read("bytes"))
        }
        run.results = try Int.fetchOne(results, arguments: [run.run.rawValue]) ?? 0
        return run
    }

    /// Which of the digests the events of a run name.
    func digests(_ wanted: Set<String>, namedBy number: Int64) async throws(RunStoreError) -> Set<String> {
        try await read { db in
            var found: Set<String> = []
            try Self.scan(number, DigestScan(wanted: wanted), db, &found)
            return found
        }
    }

    /// The runs that the events of a run name: as evidence that it was made with, and as the makers of reused results.
    func runs(namedBy number: Int64) async throws(RunStoreError) -> Set<RunID> {
        Set(try await naming(of: number).keys)
    }

    /// The same, each with the steps that it is named for, where it is named as evidence.
    func naming(of number: Int64) async throws(RunStoreError) -> [RunID: [String]] {
        try await read { db in
            let results = try db.cachedStatement(
                sql: """
                    SELECT DISTINCT CASE WHEN json_valid(line) THEN json_extract(line, '$.from') END FROM event
                    WHERE id > ? AND id < ? AND instr(line, '"kind":"reused"')
                    """)
            let makers = try Optional<String>.fetchAll(
                results, arguments: [number << 32, (number + 1) << 32])
            var found: [RunID: [String]] = [:]
            for maker in makers.compactMap(\.self) { found[RunID(maker)] = [] }
            let created = try db.cachedStatement(
                sql: "SELECT line FROM event WHERE id = ? AND instr(line, '\"evidence\":[{')")
            // What cannot be read names nothing; `almrun verify` tells of it.
            if let line = try String.fetchOne(created, arguments: [number << 32 | 1]),
                case .created(let creation)? = try? LedgerLine(bytes: Array(line.utf8)).event.kind
            {
                for one in creation.evidence where found[one.run]?.contains(one.step.rawValue) != true {
                    found[one.run, default: []].append(one.step.rawValue)
                }
            }
            return found
        }
    }

    /// The environments whose approvers the plan of any run leaves out.
    func environmentsAskedByPlans() async throws(RunStoreError) -> Set<String> {
        try await read { db in
            var found: Set<String> = []
            let lines = try Row.fetchCursor(
                db, sql: "SELECT line FROM event WHERE id & 4294967295 = 1 AND instr(line, 'approvers-of:')")
            while let row = try lines.next() {
                let bytes = try row.withUnsafeData(atIndex: 0) { data in data.map { Array($0) } ?? [] }
                let text = String(decoding: bytes, as: UTF8.self)
                for match in text.matches(of: /approvers-of: *([A-Za-z][A-Za-z0-9_-]*)/) {
                    found.insert(String(match.1))
                }
            }
            return found
        }
    }

    /// Whether anybody decided anything in a run.
    func hasDecisions(_ number: Int64) async throws(RunStoreError) -> Bool {
        try await read { db in
            let select = try db.cachedStatement(
                sql: "SELECT 1 FROM event WHERE id > ? AND id < ? AND instr(line, '\"kind\":\"decided\"') LIMIT 1")
            return try Int.fetchOne(select, arguments: [number << 32, (number + 1) << 32]) != nil
        }
    }

    /// Why the events under a run's number may be those of another one; nil when their first says that they are its own.
    func doubt(about run: PrunableRun) async throws(RunStoreError) -> String? {
        try await read { db in
            guard let first = try Self.firstLine(run.number, db) else {
                return "none of its events is there: `almrun doctor` looks what can be mended"
            }
            // Whatever is wrong with it, it does not say whose it is.
            guard case .created(let creation)? = try? LedgerLine(bytes: first).event.kind else {
                return "its first event cannot be read: `almrun verify \(run.run)` names the damage, and "
                    + "`\(run.run.removal)` removes it"
            }
            guard creation.run != run.run else { return nil }
            return
                "the events under its number are those of run '\(creation.run)': `almrun doctor` looks what can be mended"
        }
    }

    /// The first event under a number.
    static func firstLine(_ number: Int64, _ db: Database) throws -> [UInt8]? {
        let select = try db.cachedStatement(sql: "SELECT line FROM event WHERE id = ?")
        let row = try Row.fetchOne(select, arguments: [number << 32 | 1])
        return try row.map { try $0.withUnsafeData(atIndex: 0) { data in data.map { Array($0) } ?? [] } }
    }

    /// Removes runs with their events and results, except those that were taken up again meanwhile; gives those that went,
    /// with what went with each.
    ///
    /// What stands under a run's number goes only when it says that it is that run's.
    func remove(_ runs: [PrunableRun]) async throws(RunStoreError) -> [PrunableRun] {
        let locking = locking
        return try await write { db in
            var removed: [PrunableRun] = []
            for run in runs where run.run.isPlain && locking.holder(of: run.run) == nil {
                guard let first = try Self.firstLine(run.number, db),
                    case .created(let creation)? = try? LedgerLine(bytes: first).event.kind, creation.run == run.run
                else { continue }
                try db.execute(
                    sql: "DELETE FROM run WHERE number = ? AND events = ? AND status = ?",
                    arguments: [run.number, run.events, run.status.rawValue])
                guard db.changesCount == 1 else { continue }
                removed.append(try Self.counted(run, db))
                try db.execute(
                    sql: "DELETE FROM event WHERE id > ? AND id < ?",
                    arguments: [run.number << 32, (run.number + 1) << 32])
                try db.execute(sql: "DELETE FROM result WHERE run = ?", arguments: [run.run.rawValue])
            }
            return removed
        }
    }

    /// The objects on the disk that no run, result or environment names, those of some runs not counted.
    func unnamedObjects(
        _ inventory: ObjectInventory, in objects: ObjectStore, packages: Set<String>, without removed: Set<Int64> = []
    ) async throws(RunStoreError) -> [String] {
        let wanted = Set(inventory.objects.keys)
        guard !wanted.isEmpty else { return [] }
        let scan = DigestScan(wanted: wanted)
        var named = try await read { db in
            var found = packages.intersection(wanted)
            let gone = try Set(
                Row.fetchAll(db, sql: "SELECT number, name FROM run").filter {
                    removed.contains(Int64(try $0.readCount("number")))
                }.map { try $0.read("name") as String })
            // All events, also those of a run that the index has lost.
            let lines = try Row.fetchCursor(db, sql: "SELECT id, line FROM event")
            while let row = try lines.next() {
                if removed.contains((row[0] as Int64) >> 32) { continue }
                try row.withUnsafeData(atIndex: 1) { data in if let data { scan.collect(from: data, into: &found) } }
            }
            let results = try Row.fetchCursor(db, sql: "SELECT run, object, output FROM result")
            while let row = try results.next() {
                if gone.contains(try row.read("run")) { continue }
                let object: String? = try row.read("object")
                let output: String = try row.read("output")
                scan.collect(from: Array((object ?? "").utf8), into: &found)
                scan.collect(from: Array(output.utf8), into: &found)
            }
            return found
        }
        inventory.close(over: &named, scan: scan, in: objects)
        return wanted.subtracting(named).sorted()
    }

    private static func scan(_ number: Int64, _ scan: DigestScan, _ db: Database, _ found: inout Set<String>) throws {
        let select = try db.cachedStatement(sql: "SELECT line FROM event WHERE id > ? AND id < ?")
        let cursor = try Row.fetchCursor(select, arguments: [number << 32, (number + 1) << 32])
        while let row = try cursor.next() {
            try row.withUnsafeData(atIndex: 0) { data in if let data { scan.collect(from: data, into: &found) } }
        }
    }

    /// Gives the space of removed runs back to the disk.
    func shrink() async throws(RunStoreError) {
        try await outsideTransactions { db in
            try db.execute(sql: "VACUUM")
            try db.checkpoint(.truncate)
        }
    }

    /// Work on the one connection that writes, in no transaction.
    func outsideTransactions<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(RunStoreError) -> Result {
        let outcome = await withCheckedContinuation { continuation in
            database.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: Swift.Result { try body(db) })
            }
        }
        do {
            return try outcome.get()
        } catch {
            throw DatabaseProblem.error(error, file: file)
        }
    }
}
