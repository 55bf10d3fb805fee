import Engine
import GRDB

import struct Foundation.Date

/// A row of a lock that almrun cannot go on with, or the lack of one; with what takes its place.
struct LockFault: Sendable {
    /// What can be done about faults at one moment.
    struct Standing: Sendable {
        var mendable: [LockFault] = []
        /// A process works on the run that holds the lock, or may hold it.
        var busy: [(fault: LockFault, run: RunID)] = []
        /// No number is left.
        var exhausted: [LockFault] = []
    }

    /// A row as almrun writes it.
    struct Row: Sendable, Hashable {
        var name: String
        var run: String
        var step: String
        var fence: Int
        var since: Int64
        var expires: Int64?
        var isHeld: Bool
    }

    /// The row's name as it is; nil when there is no row.
    var key: DatabaseValue?
    /// What is wrong with which column, and what becomes of it.
    var message: String
    /// Nil when the row goes.
    var mended: Row?
    /// The run that holds the lock, as far as that can be read.
    var holder: RunID?
    /// Somebody may hold the lock, and the row does not tell who.
    var isHolderUnknown = false

    /// Whether no number is left above those that were given out.
    var isExhausted: Bool { mended.map { $0.fence > Lock.lastFence } ?? false }

    /// What is wrong with the rows of locks, compared with the numbers that the ledgers of runs name.
    static func all(in rows: [GRDB.Row], _ known: FenceEvidence, now: Date) -> [LockFault] {
        var known = known
        // A name that became bytes is still evidence of its number.
        for row in rows {
            if let name = text(row["name"]), let fence = try? row.readFence() { known.note(fence, of: name) }
        }
        var found: [LockFault] = []
        var present: Set<String> = []
        for row in rows {
            guard case .string(let name) = (row["name"] as DatabaseValue).storage, isLock(name) else {
                found.append(
                    LockFault(
                        key: row["name"],
                        message:
                            "a row has \(row["name"] as DatabaseValue) for 'name', which no lock is called: it goes"))
                continue
            }
            present.insert(name)
            if let fault = LockFault(row, name, known, now) { found.append(fault) }
        }
        for name in known.highest.keys.sorted() where isLock(name) && !present.contains(name) {
            let fence = known.next(of: name)
            let run = known.entered[name]?.run
            let becomes = run.map { "run '\($0)', which has not ended, has it with" } ?? "a row that is not held gets"
            found.append(
                LockFault(
                    key: nil,
                    message:
                        "\(name): its row is gone, and ledgers name number \(fence - 1): \(becomes) number \(fence)",
                    mended: Row(
                        name: name, run: run?.rawValue ?? "", step: "", fence: fence, since: now.milliseconds,
                        expires: nil, isHeld: run != nil),
                    holder: run))
        }
        return found
    }

    private init(key: DatabaseValue?, message: String, mended: Row? = nil, holder: RunID? = nil) {
        self.key = key
        self.message = message
        self.mended = mended
        self.holder = holder
    }

    /// Nil for a row with which nothing is wrong.
    private init?(_ row: GRDB.Row, _ name: String, _ known: FenceEvidence, _ now: Date) {
        func text(_ column: String) -> String? {
            if case .string(let text) = (row[column] as DatabaseValue).storage { text } else { nil }
        }
        let run = text("run")
        let step = text("step")
        let fence = try? row.readFence()
        let since = try? row.readDate("since")
        let hasExpiry = (row["expires"] as DatabaseValue) != .null
        let expires = hasExpiry ? try? row.readDate("expires") : nil
        let held: Bool? =
            switch (row["held"] as DatabaseValue).storage {
            case .int64(0): false
            case .int64(1): true
            default: nil
            }
        let highest = known.highest[name] ?? 0
        var wrong: [String] = []
        func strange(_ column: String, _ isWrong: Bool) {
            if isWrong { wrong.append("has \(row[column] as DatabaseValue) for '\(column)'") }
        }
        strange("run", run == nil)
        strange("step", step == nil)
        strange("fence", fence == nil)
        strange("since", since == nil)
        strange("expires", hasExpiry && expires == nil)
        strange("held", held == nil)
        if fence == Lock.lastFence { wrong.append("has number \(Lock.lastFence), after which there is none") }
        if let fence, fence < highest { wrong.append("has number \(fence), and number \(highest) was given out") }
        // A run that waits in its group, and of which the row knows nothing: the next one would come in beside it.
        let forgotten = held == false ? known.entered[name].flatMap { $0.fence >= highest ? $0.run : nil } : nil
        if let forgotten { wrong.append("is not held, and run '\(forgotten)', which has not ended, has the group") }
        guard !wrong.isEmpty else { return nil }
        let next = known.next(of: name)
        let isEnvironment = name.hasPrefix(Lock.environment(""))
        // Who holds it, if somebody does, keeps it: what is in doubt must be looked for first.
        let isHeld = (held != false && run != nil) || forgotten != nil
        let owner = forgotten?.rawValue ?? run
        // Unless nobody can know for which step: then it runs out like a lease that nobody renews.
        let end = expires ?? (isEnvironment ? now.addingTimeInterval(120) : nil)
        let number =
            fence.map { "number \($0) becomes \(next)" }
            ?? "its number cannot be read, the highest that is known is \(next - 1), and it becomes \(next)"
        key = row["name"]
        message =
            "\(name): its row \(wrong.joined(separator: ", ")); \(number)"
            + (isHeld
                ? ", and run '\(owner ?? "")' keeps it"
                : held == false ? ", and nobody holds it" : ", and whoever held it takes it again")
        mended = Row(
            name: name, run: owner ?? "", step: forgotten == nil ? step ?? "" : "", fence: next,
            since: (since ?? now).milliseconds,
            expires: isHeld && forgotten == nil ? end?.milliseconds : nil, isHeld: isHeld)
        holder = isHeld ? owner.map { RunID($0) } : nil
        isHolderUnknown = held != false && run == nil
    }

    /// A text, also where it is kept as bytes.
    private static func text(_ value: DatabaseValue) -> String? { String.fromDatabaseValue(value) }

    /// Whether steps or runs ask for locks of that name.
    private static func isLock(_ name: String) -> Bool {
        [Lock.environment(""), Lock.group("")].contains { name.hasPrefix($0) && name.count > $0.count }
    }
}

extension SQLiteRunStore {
    /// What is wrong with the rows of locks; with `mending`, those that no process may be working under are mended.
    ///
    /// While a process works on any run, a row that does not tell who holds the lock stays: nobody gets that lock
    /// meanwhile, nor does a process that begins now.
    ///
    /// - Returns: What was mended, or could be, and what could not, each with a run that a process works on.
    func lockFaults(
        _ known: FenceEvidence, now: Date, mending: Bool
    ) async throws(RunStoreError) -> LockFault.Standing {
        let locking = locking
        let body: @Sendable (Database) throws -> LockFault.Standing = { db in
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM lock ORDER BY name")
            var found = LockFault.Standing()
            var known = known
            try known.keepEntries { run in
                let status = try String.fetchOne(
                    db, sql: "SELECT status FROM run WHERE name = ?", arguments: [run.rawValue])
                return status.flatMap { RunStatus(rawValue: $0) }.map { !$0.isFinished } ?? false
            }
            for fault in LockFault.all(in: rows, known, now: now) {
                if fault.isExhausted {
                    found.exhausted.append(fault)
                } else if let holder = fault.holder, locking.holder(of: holder) != nil {
                    found.busy.append((fault, holder))
                } else if fault.isHolderUnknown, let worked = locking.workedOn.first {
                    found.busy.append((fault, worked))
                } else {
                    found.mendable.append(fault)
                }
            }
            return found
        }
        guard mending else { return try await read(body) }
        return try await write { db in
            let found = try body(db)
            for fault in found.mendable {
                if let key = fault.key {
                    try db.execute(sql: "DELETE FROM lock WHERE name IS ?", arguments: [key])
                }
                guard let row = fault.mended else { continue }
                try db.execute(
                    sql: "INSERT INTO lock (name, run, step, fence, since, expires, held) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    arguments: [row.name, row.run, row.step, row.fence, row.since, row.expires, row.isHeld])
            }
            return found
        }
    }
}
