import Documents
public import Engine
import GRDB

import struct Foundation.Date

extension SQLiteRunStore {
    public func results(for inputDigests: [String]) async throws(RunStoreError) -> [String: ReusedResult] {
        let wanted = Value.list(inputDigests.map { .string($0) }).json()
        return try await read { db in
            var found: [String: ReusedResult] = [:]
            let nothing = try Value(json: "{}")
            found.reserveCapacity(inputDigests.count)
            let select = try db.cachedStatement(
                sql: """
                    SELECT digest, run, step, made, output, object
                    FROM json_each(?) AS wanted JOIN result ON result.digest = wanted.value
                    """)
            let cursor = try Row.fetchCursor(select, arguments: [wanted])
            while let row = try cursor.next() {
                let digest: String = row[0]
                guard found[digest] == nil else { continue }
                let output: String = row[4]
                found[digest] = ReusedResult(
                    run: RunID(row[1] as String), step: row[2], time: Date(milliseconds: row[3]), inputDigest: digest,
                    output: output == "{}" ? nothing : try Value(json: output), object: row[5])
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
