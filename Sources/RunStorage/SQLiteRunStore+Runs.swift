import Documents
public import Engine
import GRDB

import struct Foundation.Date

extension SQLiteRunStore {
    public func runs(matching filter: RunFilter) async throws(RunStoreError) -> [RunSummary] {
        let (sql, arguments) = Self.select(filter)
        return try await read { db in try Row.fetchAll(db, sql: sql, arguments: arguments).map(Self.summary) }
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
                "what run '\(try row.read("name") as String)' waits for cannot be read: \(error)")
        }
    }

    static func status(_ row: Row) throws -> RunStatus {
        guard let status = RunStatus(rawValue: try row.read("status")) else {
            throw RunStoreError.damaged("run '\(try row.read("name") as String)' has no known status")
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
