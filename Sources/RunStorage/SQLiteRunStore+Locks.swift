public import Engine
import GRDB

public import struct Foundation.Date

extension SQLiteRunStore {
    public func claim(
        _ lock: String, run: RunID, step: String, now: Date, until expiry: Date?
    ) async throws(RunStoreError) -> Claim {
        try await write { db in
            let row = try Row.fetchOne(db, sql: "SELECT * FROM lock WHERE name = ?", arguments: [lock])
            let known = try row.map(Self.lock)
            let isHeld: Bool = try row?.read("held") ?? false
            if let known, isHeld, known.run != run || known.step != step, known.expires.map({ $0 > now }) ?? true {
                return .held(known)
            }
            let granted = Lock(
                name: lock, run: run, step: step, fence: (known?.fence ?? 0) + 1, since: now, expires: expiry)
            try db.execute(
                sql: """
                    INSERT INTO lock (name, run, step, fence, since, expires, held) VALUES (?, ?, ?, ?, ?, ?, 1)
                    ON CONFLICT (name) DO UPDATE SET run = excluded.run, step = excluded.step,
                        fence = excluded.fence, since = excluded.since, expires = excluded.expires, held = 1
                    """,
                arguments: [
                    lock, run.rawValue, step, granted.fence, now.milliseconds, expiry?.milliseconds,
                ])
            return .granted(granted)
        }
    }

    public func renew(_ lock: Lock, until expiry: Date) async throws(RunStoreError) -> Bool {
        try await write { db in
            try db.execute(
                sql: "UPDATE lock SET expires = ? WHERE name = ? AND fence = ? AND held = 1",
                arguments: [expiry.milliseconds, lock.name, lock.fence])
            return db.changesCount == 1
        }
    }

    public func release(_ lock: Lock) async throws(RunStoreError) {
        try await write { db in try Self.letGo(lock, db) }
    }

    public func locks() async throws(RunStoreError) -> [Lock] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM lock WHERE held = 1 ORDER BY name").map(Self.lock)
        }
    }

    /// Refuses a write that counts on a lock which went to somebody else.
    static func check(_ locks: [Lock], _ db: Database) throws {
        for lock in locks {
            let fence = try Int.fetchOne(
                db, sql: "SELECT fence FROM lock WHERE name = ? AND run = ? AND held = 1",
                arguments: [lock.name, lock.run.rawValue])
            guard fence == lock.fence else { throw RunStoreError.lockLost(lock.name) }
        }
    }

    /// Keeps the row, so that the next fencing number is higher.
    static func letGo(_ lock: Lock, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE lock SET held = 0 WHERE name = ? AND fence = ?", arguments: [lock.name, lock.fence])
    }

    private static func lock(_ row: Row) throws -> Lock {
        let expires: Int64? = try row.read("expires")
        return Lock(
            name: try row.read("name"), run: RunID(try row.read("run")), step: try row.read("step"),
            fence: try row.readCount("fence"), since: try row.readDate("since"),
            expires: expires == nil ? nil : try row.readDate("expires"))
    }
}
