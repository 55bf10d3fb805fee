import Engine
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import RunStorage

/// While anybody has a store open, its file stays in its place.
@Suite struct StoreLockTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        try store.database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    private var examination: StoreExamination {
        StoreExamination(
            folder: folder.path, objects: ObjectStore(folder: folder.path("objects/sha256")), person: "ann@x.example")
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    /// A store of one run whose index of results is noise.
    private func damage() async throws {
        let store = try SQLiteRunStore(folder: folder.path)
        try await store.append(try Ledger("a").first, to: "a")
        try await store.database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let root = try await store.database.read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_result_1'")
        }
        try store.database.close()
        try overwrite(try #require(root) - 1)
    }

    private func overwrite(_ page: Int) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: folder.path("runs.sqlite")))
        try handle.seek(toOffset: UInt64(page * 4096))
        try handle.write(contentsOf: Data(repeating: 0xFF, count: 500))
        try handle.close()
    }

    @Test func nothingIsReplacedWhileSomebodyHasItOpen() async throws {
        try await damage()
        var open: SQLiteRunStore? = try SQLiteRunStore(folder: folder.path)
        let refused = try #require(await examination.examine(repairing: true).found.first)
        #expect(refused.verdict == .problem && refused.message.hasSuffix("works with the store"), "\(refused)")
        #expect(try !names.contains { $0.hasPrefix("damaged-") || $0.hasPrefix("saved-") || $0 == "lost.jsonl" })
        try await open?.append(try Ledger("b").first, to: "b")
        open = nil
        let repaired = try #require(await examination.examine(repairing: true).found.first)
        #expect(repaired.verdict == .repaired, "\(repaired)")
        #expect(try await Set(SQLiteRunStore(folder: folder.path).runs(matching: .all).map(\.run)) == ["a", "b"])
    }

    @Test func whoOpensWaitsForTheRepair() async throws {
        let isRepaired = Mutex(false)
        let lock = try StoreLock.alone(folder.path)
        async let wasRepaired = Task.detached { [path = folder.path] in
            _ = try SQLiteRunStore(folder: path)
            return isRepaired.withLock(\.self)
        }.value
        try await Task.sleep(for: .milliseconds(100))
        isRepaired.withLock { $0 = true }
        lock.share()
        #expect(try await wasRepaired)
    }

    @Test func oneOfTwoRepairsIsEnough() async throws {
        try await damage()
        async let first = examination.examine(repairing: true)
        async let second = examination.examine(repairing: true)
        let found = await [first, second]
        #expect(found.contains { $0.found.first?.verdict == .repaired }, "\(found)")
        #expect(try names.count { $0.hasPrefix("damaged-") } == 1)
        #expect(try await SQLiteRunStore(folder: folder.path).runs(matching: .all).map(\.run) == ["a"])
    }

    /// It is the kernel's alone: nothing is written for it, and no child has it.
    @Test func itLeavesNothingAndNoChildHasIt() throws {
        let before = try names
        let store = try SQLiteRunStore(folder: folder.path)
        #expect(try names.filter { !$0.hasPrefix("runs.sqlite-") } == before)
        let place = URL(filePath: folder.path).resolvingSymlinksInPath().path
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            guard (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")) == place,
                let descriptor = Int32(name)
            else { continue }
            #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        }
        withExtendedLifetime(store) {}
    }
}
