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

    /// What cannot be removed stops the replacement: the damaged file keeps its log, and nothing says that runs are lost.
    @Test func whatFailedIsUndone() throws {
        let folder = try TemporaryFolder()
        let files = ["runs.sqlite": "old", "runs.sqlite-wal": "log", "saved-20270115080000/store/runs.sqlite": "new"]
        for (name, text) in files {
            let file = URL(filePath: folder.path(name))
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        // Nobody unlinks a folder.
        try FileManager.default.createDirectory(
            atPath: folder.path("runs.sqlite-shm"), withIntermediateDirectories: true)
        let replacement = StoreReplacement(folder: folder.path, time: time(0))
        try replacement.putAside()
        #expect(throws: StageFailure.self) { try replacement.replace() }
        #expect(replacement.putBack() == ["'\(folder.path("runs.sqlite"))' is as it was"])
        #expect(try String(contentsOfFile: folder.path("runs.sqlite"), encoding: .utf8) == "old")
        #expect(try String(contentsOfFile: folder.path("runs.sqlite-wal"), encoding: .utf8) == "log")
        #expect(!FileManager.default.fileExists(atPath: replacement.aside))
        let record = LostRuns(folder: folder.path)
        let loss = LostRuns.Loss(runs: ["a"], place: "x", events: 1, saved: 1)
        try record.keep(loss, by: "a@b.c", at: time(0))
        #expect(record.cut(to: nil).isEmpty && record.length == nil)
        try record.keep(loss, by: "a@b.c", at: time(0))
        let length = record.length
        try record.keep(loss, by: "a@b.c", at: time(9))
        #expect(record.cut(to: length).isEmpty && record.length == length)
    }

    /// Others work with the store as before: its mode stays, and so does a link to another place.
    @Test func theNewFileIsAsTheOldOneWas() async throws {
        let folder = try TemporaryFolder()
        let (store, other) = (folder.path("store"), folder.path("other"))
        try FileManager.default.copyItem(atPath: Self.fixture, toPath: store)
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        _ = try SQLiteRunStore(folder: store)
        try FileManager.default.moveItem(atPath: store + "/runs.sqlite", toPath: other + "/runs.sqlite")
        try FileManager.default.createSymbolicLink(
            atPath: store + "/runs.sqlite", withDestinationPath: other + "/runs.sqlite")
        try damage(other + "/runs.sqlite")
        #expect(chmod(other + "/runs.sqlite", 0o664) == 0)
        let examination = StoreExamination(
            folder: store, objects: ObjectStore(folder: store + "/objects/sha256"), person: "ann@x.example")
        let outcome = await examination.examine(repairing: true)
        #expect(outcome.found.first?.verdict == .repaired, "\(outcome.found)")
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: store + "/runs.sqlite") == other + "/runs.sqlite")
        let mode = try FileManager.default.attributesOfItem(atPath: other + "/runs.sqlite")[.posixPermissions] as? Int
        #expect(mode == 0o664)
        #expect(try await SQLiteRunStore(folder: store).problems().isEmpty)
    }

    /// A repair that was cut off leaves the new store in a folder that nobody needs.
    @Test func whatARepairLeftIsRemoved() async throws {
        let folder = try TemporaryFolder()
        _ = try SQLiteRunStore(folder: folder.path)
        let left = folder.path("saved-20260101000000")
        try FileManager.default.createDirectory(atPath: left + "/store", withIntermediateDirectories: true)
        func look(_ repairing: Bool, after seconds: Double) async -> Diagnosis? {
            let later = Date().addingTimeInterval(seconds)
            return await StoreExamination(
                folder: folder.path, objects: ObjectStore(folder: folder.path("objects/sha256")), person: "a@b.c",
                clock: RunClock(now: { later }, sleep: { _ in })
            ).examine(repairing: repairing).found.first { $0.check == "temporary files" }
        }
        #expect(await look(true, after: 0)?.verdict == .note)
        #expect(await look(false, after: 7200)?.details == [left])
        #expect(await look(true, after: 7200)?.verdict == .repaired)
        #expect(!FileManager.default.fileExists(atPath: left))
    }
}
