import Documents
public import Engine
import GRDB

import struct Foundation.Date

extension SQLiteRunStore {
    public func results(for inputDigests: [String]) async throws(RunStoreError) -> [String: ReusedResult] {
        try await read { db in
            var found: [String: ReusedResult] = [:]
            let select = try db.cachedStatement(sql: "SELECT * FROM result WHERE digest = ?")
            for digest in inputDigests where found[digest] == nil {
                guard let row = try Row.fetchOne(select, arguments: [digest]) else { continue }
                found[digest] = ReusedResult(
                    run: RunID(row["run"] as String), step: row["step"], time: Date(milliseconds: row["made"]),
                    inputDigest: digest, output: try Value(json: row["output"] as String), object: row["object"])
            }
            return found
        }
    }

    static func keep(_ result: ReusedResult, _ db: Database) throws {
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO result (digest, run, step, made, object, output) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (digest) DO UPDATE SET run = excluded.run, step = excluded.step, made = excluded.made,
                    object = excluded.object, output = excluded.output
                """)
        try insert.execute(arguments: [
            result.inputDigest, result.run.rawValue, result.step, result.time.milliseconds, result.object,
            result.output.json(),
        ])
    }
}
