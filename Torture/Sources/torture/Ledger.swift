import CSystem
import Foundation

/// What a store holds, read from a copy of its files without almrun's help.
struct Ledger: Sendable {
    /// The events of each run, as written.
    var runs: [String: [String]] = [:]
    /// Locks that are held.
    var locks: [String] = []

    /// Reads the store of a repository; nil when there is none.
    init?(store: String, copy: String) throws {
        let files = FileManager.default
        try? files.removeItem(atPath: copy)
        guard files.fileExists(atPath: "\(store)/runs.sqlite") else { return nil }
        try files.createDirectory(atPath: copy, withIntermediateDirectories: true)
        // The shared memory is made anew from the log: nobody has the store open.
        for name in ["runs.sqlite", "runs.sqlite-wal", "runs.sqlite-journal"]
        where files.fileExists(atPath: "\(store)/\(name)") {
            try files.copyItem(atPath: "\(store)/\(name)", toPath: "\(copy)/\(name)")
        }
        var database: OpaquePointer?
        defer { sqlite3_close(database) }
        guard sqlite3_open_v2("\(copy)/runs.sqlite", &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else {
            throw Problem("the store cannot be opened")
        }
        let found = try Self.rows(database, "PRAGMA integrity_check")
        guard found == [["ok"]] else { throw Problem("the store is damaged: \(found)") }
        guard try Self.rows(database, "SELECT 1 FROM sqlite_master WHERE name = 'event'").count == 1 else { return nil }
        let lines = try Self.rows(
            database, "SELECT run.name, event.line FROM event JOIN run ON run.number = event.id >> 32 ORDER BY event.id"
        )
        for row in lines { runs[row[0], default: []].append(row[1]) }
        locks = try Self.rows(database, "SELECT name FROM lock WHERE held").map { $0[0] }
    }

    private static func rows(_ database: OpaquePointer?, _ query: String) throws -> [[String]] {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(database, query, -1, &statement, nil) == SQLITE_OK else {
            throw Problem("the store cannot be read: \(String(cString: sqlite3_errmsg(database)))")
        }
        var rows: [[String]] = []
        while true {
            let status = sqlite3_step(statement)
            if status == SQLITE_DONE { return rows }
            guard status == SQLITE_ROW else {
                throw Problem("the store cannot be read: \(String(cString: sqlite3_errmsg(database)))")
            }
            rows.append(
                (0..<sqlite3_column_count(statement)).map { column in
                    sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
                })
        }
    }
}
