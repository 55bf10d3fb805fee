public import Engine
import Foundation
import GRDB
import Synchronization

/// Keeps runs in one SQLite file that survives whatever instant the machine stops at.
///
/// Every write is one transaction that is on the disk when it returns; readers of any process go on meanwhile.
public final class SQLiteRunStore: RunStore {
    /// The store's folder, `.almrun`.
    public let folder: String
    let database: DatabaseQueue
    /// Set when the store can only be read.
    let unwritable: UnwritableStore?
    let locking: RunLock
    let reserve: WriteAheadReserve
    let numbers = RunNumbers()
    /// How many writes of this process are under way, or wait for that of another one.
    private let writing = Atomic<Int>(0)
    /// The file that was opened; nil where it can only be read.
    let place: FilePlace?
    /// Goes after the connection; nil where what can only be read has no lock.
    private let lock: StoreLock?

    /// Opens the store in a folder and makes it when there is none; refuses one of a newer version or a damaged one.
    public convenience init(folder: String) throws(RunStoreError) { try self.init(folder: folder, under: nil) }

    /// Opens the store under a lock that the caller has already.
    init(folder: String, under lock: StoreLock?) throws(RunStoreError) {
        self.folder = folder
        let file = "\(folder)/runs.sqlite"
        locking = RunLock(folder: "\(folder)/runs")
        reserve = WriteAheadReserve(path: "\(file)-wal")
        (database, unwritable, self.lock) = try Self.open(folder, file, lock)
        guard unwritable == nil else {
            place = nil
            return
        }
        guard let place = FilePlace(file) else { throw FilePlace.lost(file) }
        self.place = place
    }

    private static func open(
        _ folder: String, _ file: String, _ given: StoreLock?
    ) throws(RunStoreError) -> (DatabaseQueue, UnwritableStore?, StoreLock?) {
        var lock = given
        do {
            try DurableFile.makeFolder("\(folder)/runs")
            // Before the file is opened: it may be another one afterwards.
            let lock = try lock ?? StoreLock.shared(folder)
            return (try open(file), nil, lock)
        } catch {
            if !(error is RunStoreError) { lock = lock ?? (try? StoreLock.shared(folder)) }
            if let readable = UnwritableStore(file, after: error) { return (readable.database, readable, lock) }
            throw UnwritableStore.problem(file, after: error)
        }
    }

    /// Gives the file back; nothing can be asked of the store afterwards. Whoever is last clears its log away.
    public func close() {
        // What is still under way goes first; where nothing is left to close, there is nothing to do.
        try? database.close()
    }

    /// The file.
    public var file: String { "\(folder)/runs.sqlite" }

    private static func open(_ file: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.label = "almrun"
        let database = try DatabaseQueue(path: file, configuration: configuration)
        try database.writeWithoutTransaction { db in
            try keepLog(db, file)
            try db.execute(sql: "PRAGMA synchronous = FULL")
            guard try synchronous(db) == 2 else {
                throw RunStoreError.unavailable("'\(file)' does not write through to the disk")
            }
            try Schema.prepare(db, file: file)
        }
        return database
    }

    /// Has what is written go to a log beside the file, so that others read meanwhile.
    private static func keepLog(_ db: Database, _ file: String) throws {
        // SQLite opens for reading what it may not write, and says so at the first write.
        guard access(file, W_OK) == 0 else {
            throw DatabaseError(resultCode: .SQLITE_READONLY, message: "the file may not be written")
        }
        // Two processes that make the store at the same instant may find it locked, whatever the time-out is.
        for attempt in 0... {
            do {
                guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                    throw RunStoreError.unavailable("'\(file)' cannot keep a log of what is written")
                }
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && attempt < 500 {
                usleep(20_000)
            }
        }
    }

    /// SQLite's number for how a connection writes; 2 is FULL.
    static func synchronous(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
    }

    /// Whether everything that was written is on the disk when a write returns.
    public var isDurable: Bool {
        get throws(RunStoreError) {
            do {
                return try database.writeWithoutTransaction { try Self.synchronous($0) == 2 }
            } catch {
                throw DatabaseProblem.error(error, file: file)
            }
        }
    }

    /// What SQLite's own check finds wrong with the file, and tables that are gone; empty when nothing is.
    public func problems() async throws(RunStoreError) -> [String] {
        try await read { db in
            let found = try String.fetchAll(db, sql: "PRAGMA integrity_check")
            let tables = try Set(String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
            return (found == ["ok"] ? [] : found)
                + Schema.tables.filter { !tables.contains($0) }.map { "there is no table '\($0)'" }
        }
    }

    public func hold(_ run: RunID) async throws(RunStoreError) -> RunHold { try locking.take(run) }

    public func holder(of run: RunID) async throws(RunStoreError) -> RunHold.Holder? { locking.holder(of: run) }

    /// One transaction; a cancelled task does not stop it.
    ///
    /// - Parameter isAlone: Nothing of the caller's can go on meanwhile, so that its thread waits for the disk; two hops
    ///   between threads take about as long as a quick disk does.
    func write<Result: Sendable>(
        isAlone: Bool = false, _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(RunStoreError) -> Result {
        if let unwritable { throw unwritable.obstacle }
        do {
            if isAlone { return try writeHere(body) }
            writing.add(1, ordering: .relaxed)
            defer { writing.subtract(1, ordering: .relaxed) }
            let outcome = await withCheckedContinuation { continuation in
                database.asyncWriteWithoutTransaction { [place] db in
                    continuation.resume(returning: Swift.Result { try Self.transaction(db, in: place, body) })
                }
            }
            return try outcome.get()
        } catch {
            throw DatabaseProblem.error(error, file: file)
        }
    }

    private func writeHere<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try database.writeWithoutTransaction { db in try Self.transaction(db, in: place, body) }
    }

    /// Statements that are prepared once: a chain of steps commits after each of them.
    private static func transaction<Result>(
        _ db: Database, in place: FilePlace?, _ body: (Database) throws -> Result
    ) throws -> Result {
        try db.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
        do {
            let result = try body(db)
            // What begins when this returns must be in the file that everybody else finds.
            try place?.check()
            try db.cachedStatement(sql: "COMMIT").execute()
            return result
        } catch {
            // SQLite has ended it already after some errors; the first error is the one to tell of.
            if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
            throw error
        }
    }

    /// Reads what is committed, while others write.
    ///
    /// What is read is in memory as a rule, so that reading is work for the caller's thread like any other; but not behind a
    /// write, which may wait for that of another process.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(RunStoreError) -> Result {
        do {
            guard isWriting else { return try readHere(body) }
            let outcome = await withCheckedContinuation { continuation in
                database.asyncRead { db in
                    continuation.resume(returning: Swift.Result { try body(try db.get()) })
                }
            }
            return try outcome.get()
        } catch {
            throw DatabaseProblem.error(error, file: file)
        }
    }

    /// Whether a write of this process is under way that others need not wait for on their threads.
    var isWriting: Bool { writing.load(ordering: .relaxed) > 0 }

    private func readHere<Result>(_ body: (Database) throws -> Result) throws -> Result {
        guard let unwritable else { return try database.read(body) }
        let result = Swift.Result { try database.read(body) }
        try unwritable.check()
        return try result.get()
    }
}
