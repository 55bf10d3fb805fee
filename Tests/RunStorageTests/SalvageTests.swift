import Engine
import Foundation
import GRDB
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// A store that the disk has damaged: what can be read is saved, and the damaged file stays.
@Suite struct SalvageTests {
    private func examination(_ folder: String) -> StoreExamination {
        StoreExamination(
            folder: folder, objects: ObjectStore(folder: folder + "/objects/sha256"), person: "ann@x.example")
    }

    private func copy() throws -> (TemporaryFolder, String) {
        let folder = try TemporaryFolder()
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/stores/format-1").path
        let store = folder.path("store")
        try FileManager.default.copyItem(atPath: fixture, toPath: store)
        // As today's version keeps it.
        _ = try SQLiteRunStore(folder: store)
        try DatabaseQueue(path: store + "/runs.sqlite").writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        return (folder, store)
    }

    private func events(_ store: String) throws -> [String] {
        try DatabaseQueue(path: store + "/runs.sqlite").read { db in
            try String.fetchAll(db, sql: "SELECT id || ' ' || line FROM event ORDER BY id")
        }
    }

    private func damage(_ store: String, page: Int) throws {
        let file = URL(filePath: store + "/runs.sqlite")
        var data = try Data(contentsOf: file)
        let start = page * 4096
        data.replaceSubrange(start..<(start + 4096), with: Data(repeating: 0xA5, count: 4096))
        try data.write(to: file)
    }

    @Test(arguments: [0, 1, 3])
    func whatTheDamageLeftIsSaved(_ page: Int) async throws {
        let (folder, store) = try copy()
        defer { _ = folder }
        let before = try events(store)
        #expect(before.count > 10)
        try damage(store, page: page)
        let offered = await examination(store).examine(repairing: false)
        #expect(offered.found.contains { $0.verdict == .problem && $0.repair == StoreExamination.salvaging })
        let outcome = await examination(store).examine(repairing: true)
        #expect(outcome.isOpen)
        let first = try #require(outcome.found.first)
        #expect(first.verdict == .repaired && first.message.contains("\(before.count) events"), "\(first)")
        let after = try events(store)
        // What a repair of the index adds comes after what was there.
        #expect(before.allSatisfy(after.contains))
        #expect(try await SQLiteRunStore(folder: store).problems().isEmpty)
        let aside = try FileManager.default.contentsOfDirectory(atPath: store).filter { $0.hasPrefix("damaged-") }
        #expect(aside.count == 1)
        #expect(FileManager.default.fileExists(atPath: "\(store)/\(aside.first ?? "")/runs.sqlite"))
    }

    @Test(arguments: ["run", "lock", "result"])
    func aTableThatIsGoneIsMadeAnew(_ table: String) async throws {
        let (folder, store) = try copy()
        defer { _ = folder }
        let before = try events(store)
        let runs = try await SQLiteRunStore(folder: store).runs(matching: .all).map(\.run)
        try await DatabaseQueue(path: store + "/runs.sqlite").writeWithoutTransaction { db in
            try db.execute(sql: "DROP TABLE \(table)")
        }
        if table == "run" {
            await #expect {
                _ = try await SQLiteRunStore(folder: store).runs(matching: .all)
            } throws: { ($0 as? RunStoreError)?.code == "store/damaged" }
        }
        let offered = await examination(store).examine(repairing: false)
        #expect(
            offered.found.contains {
                $0.repair == StoreExamination.salvaging && $0.details.first?.contains(table) == true
            })
        let outcome = await examination(store).examine(repairing: true)
        #expect(outcome.found.first?.verdict == .repaired && outcome.found.allSatisfy { $0.check != "lost runs" })
        #expect(try await SQLiteRunStore(folder: store).runs(matching: .all).map(\.run) == runs)
        let after = try events(store)
        #expect(before.allSatisfy(after.contains))
    }

    @Test func aFileOfWhichNothingCanBeReadStays() async throws {
        let (folder, store) = try copy()
        defer { _ = folder }
        let file = URL(filePath: store + "/runs.sqlite")
        let noise = Data(repeating: 0xA5, count: 40_960)
        try noise.write(to: file)
        let outcome = await examination(store).examine(repairing: true)
        #expect(!outcome.isOpen)
        #expect(outcome.found.first?.details.first?.contains("no event can be read in it") == true)
        #expect(try Data(contentsOf: file) == noise)
        #expect(try !FileManager.default.contentsOfDirectory(atPath: store).contains { $0.hasPrefix("saved-") })
    }

    @Test func nothingIsOfferedThatWouldNotBeDone() async throws {
        let folder = try TemporaryFolder()
        _ = try SQLiteRunStore(folder: folder.path)
        try FileManager.default.createDirectory(
            atPath: folder.path("logs/p-20261121-155052-qhru"), withIntermediateDirectories: true)
        try Data("x\n".utf8).write(to: URL(filePath: folder.path("logs/p-20261121-155052-qhru/a-1.log")))
        let outcome = await examination(folder.path).examine(repairing: false)
        #expect(outcome.found.contains { $0.verdict == .problem && $0.message.contains("something was run here") })
        #expect(!outcome.found.contains { $0.verdict == .problem && $0.repair != nil })
    }

    /// What this version cannot read is whole: it is saved as it is, from the tree or from the pages.
    @Test func eventsOfANewerFormatAreSaved() async throws {
        let (folder, store) = try copy()
        defer { _ = folder }
        try await DatabaseQueue(path: store + "/runs.sqlite").writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    UPDATE event SET line = '{"format":99,' || substr(line, instr(line, '"sequence"'))
                        WHERE id >> 32 = (SELECT max(id >> 32) FROM event)
                    """)
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            try db.execute(sql: "DROP TABLE result")
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let before = try events(store)
        #expect(before.contains { $0.contains("\"format\":99") })
        var found: Set<String> = []
        EventPages(try Data(contentsOf: URL(filePath: store + "/runs.sqlite"))).visit { id, line in
            found.insert("\(id) \(line)")
            return true
        }
        #expect(found == Set(before))
        let outcome = await examination(store).examine(repairing: true)
        #expect(outcome.found.first?.verdict == .repaired, "\(outcome.found)")
        #expect(try events(store) == before)
    }

    /// A line that says nothing any more is no gap.
    @Test func whatCannotBeReadIsSavedAsItIs() async throws {
        let (folder, store) = try copy()
        defer { _ = folder }
        try await DatabaseQueue(path: store + "/runs.sqlite").writeWithoutTransaction { db in
            try db.execute(
                sql: "UPDATE event SET line = replace(line, '\"kind\"', '\"kynd\"') WHERE id & 4294967295 = 4")
            try db.execute(sql: "DROP TABLE result")
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let before = try events(store)
        let outcome = await examination(store).examine(repairing: true)
        #expect(outcome.found.first?.verdict == .repaired, "\(outcome.found)")
        #expect(Set(before).isSubset(of: try events(store)))
    }
}
