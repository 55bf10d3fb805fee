import Engine
import Foundation
import GRDB
import TestSupport
import Testing

@testable import RunStorage

/// A repair that puts a new store in the place of a damaged one, and is cut off in the middle of that.
@Suite struct StoreReplacementTests {
    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/stores/format-1").path

    private func events(_ db: Database) throws -> Set<String> {
        Set(try String.fetchAll(db, sql: "SELECT id || ' ' || line FROM event"))
    }

    private func damage(_ path: String) throws {
        let file = URL(filePath: path)
        var data = try Data(contentsOf: file)
        data.replaceSubrange(3 * 4096..<4 * 4096, with: Data(repeating: 0xA5, count: 4096))
        let handle = try FileHandle(forWritingTo: file)
        try handle.write(contentsOf: data)
        try handle.close()
    }

    /// SQLite's log is put aside before the new file is there: the next repair finds it.
    @Test func whatOnlyTheLogHasIsSavedByTheNextRepair() async throws {
        let folder = try TemporaryFolder()
        let (store, cut) = (folder.path("store"), folder.path("cut"))
        try FileManager.default.copyItem(atPath: Self.fixture, toPath: store)
        _ = try SQLiteRunStore(folder: store)
        let pool = try DatabasePool(path: store + "/runs.sqlite")
        let before = try await pool.write { db in
            // An event says its own number.
            try db.execute(
                sql: """
                    INSERT INTO event (id, line) SELECT id + 1, replace(line, '"sequence":' || (id & 4294967295) || ',',
                        '"sequence":' || ((id & 4294967295) + 1) || ',') FROM event ORDER BY id DESC LIMIT 1
                    """)
            return try events(db)
        }
        let aside = cut + "/damaged-20260101000000"
        for path in [aside, cut + "/saved-20260101000000/store"] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        // While the first store is open, what was written last is in its log alone.
        try FileManager.default.copyItem(atPath: store + "/runs.sqlite", toPath: cut + "/runs.sqlite")
        try FileManager.default.copyItem(atPath: store + "/runs.sqlite-wal", toPath: aside + "/runs.sqlite-wal")
        try damage(cut + "/runs.sqlite")
        #expect(link(cut + "/runs.sqlite", aside + "/runs.sqlite") == 0)
        let examination = StoreExamination(
            folder: cut, objects: ObjectStore(folder: cut + "/objects/sha256"), person: "ann@x.example")
        let outcome = await examination.examine(repairing: true)
        #expect(outcome.found.first?.verdict == .repaired, "\(outcome.found)")
        let after = try await DatabaseQueue(path: cut + "/runs.sqlite").read { db in try events(db) }
        #expect(before.subtracting(after).map { $0.prefix(12) } == [])
        let names = try FileManager.default.contentsOfDirectory(atPath: cut)
        #expect(!names.contains { $0.hasPrefix("saved-") } && !names.contains("runs.sqlite-wal"))
        #expect(names.count { $0.hasPrefix("damaged-") } == 2)
    }
}
