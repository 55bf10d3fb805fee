public import Engine
import GRDB

extension SQLiteRunStore {
    public func stored(_ run: RunID) async throws(RunStoreError) -> StoredRun? {
        try await read { [folder] db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM run WHERE name = ?", arguments: [run.rawValue])
            else {
                try LostRuns(folder: folder).refuse(run)
                return nil
            }
            let number = Int64(try row.readCount("number"))
            let cursor = try Row.fetchCursor(
                db, sql: "SELECT id, line FROM event WHERE id >= ? AND id < ? ORDER BY id",
                arguments: [number << 32, (number + 1) << 32])
            var lines: [StoredRun.Line] = []
            while let line = try cursor.next() {
                let id: Int64 = line["id"]
                let bytes = try line.withUnsafeData(atIndex: 1) { data in data.map { Array($0) } ?? [] }
                lines.append(StoredRun.Line(place: Int(id & 0xFFFF_FFFF), bytes: bytes))
            }
            let index = Result { try Self.summary(row) }.mapError { DatabaseProblem.error($0, file: "runs.sqlite") }
            return StoredRun(run: run, lines: lines, index: index)
        }
    }
}
