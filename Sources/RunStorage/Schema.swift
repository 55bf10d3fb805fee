import Engine
import GRDB

/// The tables of a store, and how an older store gets them.
enum Schema {
    /// The number of today's tables, kept in SQLite's `user_version`.
    static let format = 2
    static let tables = ["run", "event", "lock", "result"]
    /// `almr`: tells a store from any other SQLite file.
    static let application = 0x616C_6D72

    /// Brings a store to today's tables; refuses one that a newer version made, and files that are something else.
    static func prepare(_ db: Database, file: String) throws {
        // Read at one moment: another process may be making the store.
        var (version, owner, tables) = (0, 0, 0)
        try db.inTransaction(.deferred) {
            version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            owner = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            return .commit
        }
        guard version <= format else {
            throw RunStoreError.newer(
                "'\(file)' was written by a newer almrun (store format \(version)); this one reads up to \(format)")
        }
        if version == format, owner == application { return }
        guard owner == application || (owner == 0 && version == 0 && tables == 0) else {
            throw RunStoreError.damaged("'\(file)' is an SQLite file, but no store of almrun")
        }
        try db.inTransaction(.immediate) {
            // Another process may have been faster.
            let present = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            if present < 1 { try db.execute(sql: first) }
            if present < 2 { try nameSources(db) }
            try db.execute(sql: "PRAGMA application_id = \(application); PRAGMA user_version = \(format)")
            return .commit
        }
    }

    /// Whether a store has today's tables.
    static func isCurrent(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "PRAGMA user_version") == format
            && Int.fetchOne(db, sql: "PRAGMA application_id") == application
    }

    /// Format 2: each result names the event that made it. One for which none is found is not used any more.
    private static func nameSources(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE result ADD COLUMN source INTEGER")
        let runs = try Row.fetchAll(
            db, sql: "SELECT number, name FROM run WHERE name IN (SELECT DISTINCT run FROM result)")
        let update = try db.makeStatement(sql: "UPDATE result SET source = ? WHERE digest = ? AND run = ?")
        for run in runs {
            let number = Int64(try run.readCount("number"))
            let name: String = try run.read("name")
            let events = try Row.fetchAll(
                db, sql: "SELECT id, line FROM event WHERE id > ? AND id < ? AND instr(line, '\"inputDigest\"')",
                arguments: [number << 32, (number + 1) << 32])
            for event in events {
                let bytes = try event.withUnsafeData(atIndex: 1) { data in data.map { Array($0) } ?? [] }
                // What cannot be read vouches for nothing; `almrun doctor` tells of it.
                guard case .ended(_, _, .succeeded(_, _, let digest?, _))? = try? LedgerLine(bytes: bytes).event.kind
                else { continue }
                try update.execute(arguments: [event["id"] as Int64, digest, name])
            }
        }
    }

    /// The number of a run in the high half of an event's id and its sequence in the low half: one tree, in order.
    private static let first = """
        CREATE TABLE run (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            pipeline TEXT NOT NULL,
            status TEXT NOT NULL,
            requester TEXT NOT NULL,
            concurrency TEXT,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            events INTEGER NOT NULL,
            head TEXT NOT NULL,
            steps INTEGER NOT NULL,
            settled INTEGER NOT NULL,
            waits TEXT NOT NULL
        );
        CREATE INDEX run_status ON run (status, created);
        CREATE INDEX run_created ON run (created);
        CREATE TABLE event (
            id INTEGER PRIMARY KEY,
            line TEXT NOT NULL,
            run INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
            sequence INTEGER GENERATED ALWAYS AS (id & 4294967295) VIRTUAL
        );
        CREATE TABLE lock (
            name TEXT PRIMARY KEY NOT NULL,
            run TEXT NOT NULL,
            step TEXT NOT NULL,
            fence INTEGER NOT NULL,
            since INTEGER NOT NULL,
            expires INTEGER,
            held INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE result (
            digest TEXT PRIMARY KEY NOT NULL,
            run TEXT NOT NULL,
            step TEXT NOT NULL,
            made INTEGER NOT NULL,
            object TEXT,
            output TEXT NOT NULL
        );
        """
}
