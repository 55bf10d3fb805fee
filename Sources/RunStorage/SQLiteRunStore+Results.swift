import Documents
public import Engine
import GRDB

import struct Foundation.Date

/// Results that later runs may use: each names the event that made it, and counts only when that says the same.
extension SQLiteRunStore {
    public func results(for inputDigests: [String]) async throws(RunStoreError) -> EarlierResults {
        let wanted = Value.list(inputDigests.map { .string($0) }).json()
        return try await read { db in
            var results = EarlierResults()
            results.found.reserveCapacity(inputDigests.count)
            let select = try db.cachedStatement(
                sql:
                    "\(Self.columns) FROM json_each(?) AS wanted JOIN result ON result.digest = wanted.value \(Self.event)"
            )
            try Self.compare(select, [wanted], db) { kept, disagreement in
                if let disagreement {
                    results.refused[kept.inputDigest] =
                        "the result that is kept of step '\(kept.step)' of run '\(kept.run)' is not used, because "
                        + "\(disagreement); `almrun doctor` says more"
                } else if results.found[kept.inputDigest] == nil {
                    results.found[kept.inputDigest] = try kept.result()
                }
            }
            return results
        }
    }

    public func auditResults() async throws(RunStoreError) -> ResultAudit {
        try await read { db in
            var audit = ResultAudit()
            let select = try db.cachedStatement(sql: "\(Self.columns) FROM result \(Self.event) ORDER BY result.digest")
            try Self.compare(select, [], db) { kept, disagreement in
                audit.count += 1
                guard let disagreement else { return }
                audit.wrong.append(
                    ResultAudit.Wrong(
                        digest: kept.inputDigest, run: kept.run, step: kept.step, reason: disagreement))
            }
            return audit
        }
    }

    /// Forgets results, so that their steps are carried out again.
    func removeResults(_ digests: [String]) async throws(RunStoreError) {
        try await write { db in
            let delete = try db.cachedStatement(sql: "DELETE FROM result WHERE digest = ?")
            for digest in digests { try delete.execute(arguments: [digest]) }
        }
    }

    private static let columns = "SELECT digest, result.run, step, made, output, object, source, line"
    private static let event = "LEFT JOIN event ON event.id = result.source"

    /// Gives each row to the body, with what its event says otherwise.
    private static func compare(
        _ select: Statement, _ arguments: StatementArguments, _ db: Database,
        _ body: (KeptResult, String?) throws -> Void
    ) throws {
        let runName = try db.cachedStatement(sql: "SELECT name FROM run WHERE number = ?")
        var names: [Int64: String] = [:]
        let cursor = try Row.fetchCursor(select, arguments: arguments)
        while let row = try cursor.next() {
            let kept: KeptResult
            let named: Int64?
            do {
                kept = try Self.kept(row)
                named = try row.decode(Int64?.self, atIndex: 6)
            } catch {
                let digest = String.fromDatabaseValue(row[0]) ?? ""
                try body(
                    KeptResult(run: "", step: "", time: Date(), inputDigest: digest, output: "null", object: nil),
                    "its row holds what almrun never writes")
                continue
            }
            guard let source = named else {
                try body(kept, "it names no event")
                continue
            }
            let number = source >> 32
            if names[number] == nil { names[number] = try String.fetchOne(runName, arguments: [number]) ?? "" }
            guard names[number] == kept.run.rawValue else {
                try body(kept, "its event is of another run or of none")
                continue
            }
            let disagreement = try row.withUnsafeData(atIndex: 7) { data -> String? in
                guard let data else { return "its event is gone" }
                return data.withUnsafeBytes { kept.disagreement(with: $0) }
            }
            try body(kept, disagreement)
        }
    }

    private static func kept(_ row: Row) throws -> KeptResult {
        let made = try row.decode(Int64.self, atIndex: 3)
        return KeptResult(
            run: RunID(try row.decode(String.self, atIndex: 1)), step: try row.decode(String.self, atIndex: 2),
            time: Date(milliseconds: min(max(made, 0), Date.lastMilliseconds)),
            inputDigest: try row.decode(String.self, atIndex: 0), output: try row.decode(String.self, atIndex: 4),
            object: try row.decode(String?.self, atIndex: 5))
    }

    static func keep(_ result: ReusedResult, by event: Int64, _ db: Database) throws {
        let kept = KeptResult(result)
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO result (digest, run, step, made, object, output, source) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (digest) DO UPDATE SET run = excluded.run, step = excluded.step, made = excluded.made,
                    object = excluded.object, output = excluded.output, source = excluded.source
                """)
        try insert.execute(arguments: [
            kept.inputDigest, kept.run.rawValue, kept.step, kept.time.milliseconds, kept.object, kept.output, event,
        ])
    }
}
