import Documents
public import Engine
import GRDB

import struct Foundation.Date

extension SQLiteRunStore {
    public func runs(matching filter: RunFilter) async throws(RunStoreError) -> [RunSummary] {
        try await read { db in
            let (sql, arguments) = Self.select(filter)
            let rows = try Row.fetchAll(db, sql: sql, arguments: arguments)
            if filter.run != nil { return try rows.map(Self.summary) }
            let found = try rows.compactMap(Self.readable)
            guard let limit = filter.limit, found.count < rows.count else { return found }
            // Those that cannot be read took places of the limit: the next ones get them.
            var all = filter
            all.limit = nil
            let (unlimited, same) = Self.select(all)
            return try Array(Row.fetchAll(db, sql: unlimited, arguments: same).compactMap(Self.readable).prefix(limit))
        }
    }

    public func unreadableRuns() async throws(RunStoreError) -> [UnreadableRun] {
        let lost = try LostRuns(folder: folder).all()
        return try await read { db in
            let rows = try Row.fetchAll(
                db, sql: Self.suspiciousRows, arguments: StatementArguments(RunStatus.allCases.map(\.rawValue)))
            let strange = rows.compactMap { row -> UnreadableRun? in
                do {
                    _ = try Self.summary(row)
                    return nil
                } catch {
                    let number: Int64 = row["number"]
                    let run = (try? row.read("name") as String).map { RunID($0) }
                    return UnreadableRun(
                        run: run, name: run?.rawValue ?? "number \(number)",
                        created: try? row.readDate("created"),
                        reason: DatabaseProblem.error(error, file: "runs.sqlite").description)
                }
            }
            return try strange + Self.missing(lost, db)
        }
    }

    public func unindexedRuns() async throws(RunStoreError) -> [UnreadableRun] {
        try await read { db in
            try Self.unindexedNumbers(db).compactMap { number in
                // Removed meanwhile, or an event that no run can have.
                guard let line = try Self.firstLine(number, db) else {
                    return try Int64.fetchOne(
                        db, sql: "SELECT id FROM event WHERE id >= ? LIMIT 1", arguments: [number << 32]
                    ).flatMap { $0 >> 32 == number ? Self.unindexed(nil, number) : nil }
                }
                guard case .created(let creation)? = try? LedgerLine(bytes: line).event.kind else {
                    return Self.unindexed(nil, number)
                }
                return Self.unindexed(creation.run, number)
            }
        }
    }

    public func givenUpRuns() async throws(RunStoreError) -> [RunID] {
        try LostRuns(folder: folder).givenUp().union(RemovalRecord(folder: folder).runs()).sorted().map { RunID($0) }
    }

    /// The numbers of runs that have events and no row, in order; from one run to the next, not over all events.
    static func unindexedNumbers(_ db: Database) throws -> [Int64] {
        try Int64.fetchAll(
            db,
            sql: """
                WITH RECURSIVE found (number) AS (
                    SELECT (SELECT id >> 32 FROM event WHERE id >= 0 ORDER BY id LIMIT 1)
                    UNION ALL
                    SELECT (SELECT id >> 32 FROM event WHERE id >= (number + 1) << 32 ORDER BY id LIMIT 1)
                    FROM found WHERE number < ?
                )
                SELECT number FROM found WHERE number IS NOT NULL AND number NOT IN (SELECT number FROM run)
                """, arguments: [Int32.max])
    }

    private static func unindexed(_ run: RunID?, _ number: Int64) -> UnreadableRun {
        let name = run?.rawValue ?? "number \(number)"
        return UnreadableRun(
            run: run, name: name, created: nil,
            reason: "the events of run '\(name)' are there, and the run index has no row for it: `almrun doctor` looks "
                + "what can be mended")
    }

    /// Rows that hold another kind of value than almrun writes, or a text that only reading tells about.
    static let suspiciousRows = """
        SELECT * FROM run WHERE waits IS NOT '[]' OR number NOT BETWEEN 0 AND \(Int32.max)
            OR created NOT BETWEEN 0 AND \(Date.lastMilliseconds) OR updated NOT BETWEEN 0 AND \(Date.lastMilliseconds)
            OR events NOT BETWEEN 0 AND \(Int32.max) OR steps NOT BETWEEN 0 AND \(Int32.max)
            OR settled NOT BETWEEN 0 AND \(Int32.max) OR typeof(created) <> 'integer' OR typeof(updated) <> 'integer'
            OR typeof(events) <> 'integer' OR typeof(steps) <> 'integer' OR typeof(settled) <> 'integer'
            OR typeof(name) <> 'text' OR typeof(pipeline) <> 'text' OR typeof(requester) <> 'text'
            OR typeof(head) <> 'text' OR typeof(concurrency) NOT IN ('text', 'null')
            OR status NOT IN (\(RunStatus.allCases.map { _ in "?" }.joined(separator: ", ")))
        ORDER BY number
        """

    /// What a row says; nil for one that a list leaves out.
    private static func readable(_ row: Row) throws -> RunSummary? {
        do {
            return try summary(row)
        } catch RunStoreError.damaged {
            return nil
        }
    }

    /// The statement that finds the runs of a filter.
    static func select(_ filter: RunFilter) -> (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        if !filter.statuses.isEmpty {
            let statuses = filter.statuses.map(\.rawValue).sorted()
            conditions.append("status IN (\(statuses.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(statuses)
        }
        if let pipeline = filter.pipeline {
            conditions.append("pipeline = ?")
            arguments += [pipeline]
        }
        if let group = filter.group {
            conditions.append("concurrency = ?")
            arguments += [group]
        }
        if let run = filter.run {
            conditions.append("name = ?")
            arguments += [run.rawValue]
        }
        var sql = "SELECT * FROM run"
        if !conditions.isEmpty { sql += " WHERE " + conditions.joined(separator: " AND ") }
        sql += " ORDER BY created DESC, name DESC"
        if let limit = filter.limit { sql += " LIMIT \(limit)" }
        return (sql, arguments)
    }

    public func run(named prefix: String) async throws(RunStoreError) -> RunID {
        let found = try await read { db in
            // Names are compared byte by byte, so all with the prefix stand together in the index.
            guard let end = Self.firstAfter(prefix) else { return [String]() }
            return try String.fetchAll(db, sql: Self.namesInRange, arguments: [prefix, end])
        }
        if found.contains(prefix) { return RunID(prefix) }
        if found.isEmpty, !prefix.isEmpty, let lost = try await lostRuns().first(where: { $0.name.hasPrefix(prefix) }) {
            throw .damaged(lost.reason)
        }
        guard let first = found.first, !prefix.isEmpty else { throw .unknownRun(prefix) }
        guard found.count == 1 else { throw .ambiguousRun(prefix, candidates: found.map { RunID($0) }) }
        return RunID(first)
    }

    static let namesInRange = "SELECT name FROM run WHERE name >= ? AND name < ? ORDER BY name DESC LIMIT 50"

    /// The smallest text that no text with the prefix comes after; nil for the empty prefix.
    static func firstAfter(_ prefix: String) -> String? {
        var scalars = Array(prefix.unicodeScalars)
        while let last = scalars.popLast() {
            // Surrogates are no characters, so the one after U+D7FF is U+E000.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            var end = String.UnicodeScalarView(scalars)
            end.append(scalar)
            return String(end)
        }
        return nil
    }

    static func summary(_ row: Row) throws -> RunSummary {
        let waits: String = try row.read("waits")
        return RunSummary(
            run: RunID(try row.read("name")), pipeline: try row.read("pipeline"), status: try status(row),
            requester: try row.read("requester"), group: try row.read("concurrency"),
            created: try row.readDate("created"), updated: try row.readDate("updated"),
            events: try row.readCount("events"), head: try row.read("head"),
            steps: try row.readCount("steps"), settled: try row.readCount("settled"),
            waits: waits == "[]" ? [] : try Self.waits(waits, of: row))
    }

    private static func waits(_ text: String, of row: Row) throws -> [RunSummary.Wait] {
        do {
            return try ValueDecoder().decode([RunSummary.Wait].self, from: Value(json: text))
        } catch {
            throw RunStoreError.damaged(
                "the row of run '\(try row.read("name") as String)' in runs.sqlite has no waits for 'waits': \(error); "
                    + "`almrun doctor` looks what can be mended")
        }
    }

    static func status(_ row: Row) throws -> RunStatus {
        guard let status = RunStatus(rawValue: try row.read("status")) else {
            throw RunStoreError.damaged(
                "the row of run '\(try row.read("name") as String)' in runs.sqlite has for 'status' no status that almrun "
                    + "knows: `almrun doctor` looks what can be mended")
        }
        return status
    }

    static func text(of waits: [RunSummary.Wait]) throws -> String {
        waits.isEmpty ? "[]" : try ValueEncoder().encode(waits).json()
    }
}

extension Date {
    /// Milliseconds since 1970.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    /// Of the year 9999, the last that times are written with.
    static let lastMilliseconds: Int64 = 253_402_300_799_999

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
