import Documents
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
            // A row that is gone or was put back took numbers with it that ledgers name; a group is taken once in a run.
            let told = known == nil || step.isEmpty ? try Self.lastTold(lock, db) : 0
            let last = max(known?.fence ?? 0, told)
            guard last < Lock.lastFence else {
                throw RunStoreError.damaged("\(lock) has number \(Lock.lastFence), after which there is none")
            }
            let granted = Lock(
                name: lock, run: run, step: step, fence: last + 1, since: now, expires: expiry)
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

    @discardableResult public func release(_ lock: Lock) async throws(RunStoreError) -> Bool {
        try await write { db in
            try Self.letGo(lock, db)
            return db.changesCount == 1
        }
    }

    public func locks() async throws(RunStoreError) -> [Lock] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM lock WHERE held = 1 ORDER BY name").compactMap { row in
                do {
                    return try Self.lock(row)
                } catch RunStoreError.damaged {
                    return nil
                }
            }
        }
    }

    public func unreadableLocks() async throws(RunStoreError) -> [UnreadableLock] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM lock ORDER BY name").compactMap { row in
                do {
                    _ = try Self.lock(row)
                    _ = try row.readFlag("held")
                    return nil
                } catch RunStoreError.damaged(let reason) {
                    return UnreadableLock(name: try? row.read("name"), reason: reason)
                }
            }
        }
    }

    /// The highest number of a lock that the ledgers of runs name which have not ended.
    private static func lastTold(_ lock: String, _ db: Database) throws -> Int {
        let open = RunStatus.allCases.filter { !$0.isFinished }.map(\.rawValue)
        let group = lock.hasPrefix(Lock.group("")) ? String(lock.dropFirst(Lock.group("").count)) : nil
        let lines = try Row.fetchCursor(
            db,
            sql: """
                SELECT line FROM run CROSS JOIN event ON event.id > run.number << 32 AND event.id < (run.number + 1) << 32
                WHERE run.status IN (\(open.map { _ in "?" }.joined(separator: ", "))) AND instr(line, ?)
                    \(group == nil ? "" : "AND run.concurrency = ?")
                """,
            arguments: StatementArguments(open + [#""lock":"# + Value.string(lock).json()] + (group.map { [$0] } ?? []))
        )
        var known = FenceEvidence()
        while let row = try lines.next() {
            let bytes = try row.withUnsafeData(atIndex: 0) { data in data.map { Array($0) } ?? [] }
            // What cannot be read names nothing; `almrun verify` tells of it.
            if let line = try? LedgerLine(bytes: bytes) { known.look(at: line.event) }
        }
        return known.highest[lock] ?? 0
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
            sql: "UPDATE lock SET held = 0 WHERE name = ? AND fence = ? AND held = 1",
            arguments: [lock.name, lock.fence])
    }

    private static func lock(_ row: Row) throws -> Lock {
        let expires: Int64? = try row.read("expires")
        return Lock(
            name: try row.read("name"), run: RunID(try row.read("run")), step: try row.read("step"),
            fence: try row.readFence(), since: try row.readDate("since"),
            expires: expires == nil ? nil : try row.readDate("expires"))
    }
}
