import Documents
import Engine
import Foundation
import GRDB
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// Rows as another program may leave them: they are refused with words, never taken for granted, and mended where the
/// events say everything.
@Suite struct StrangeRowTests {
    private let folder: TemporaryFolder
    private let store: SQLiteRunStore
    private let objects: ObjectStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteRunStore(folder: folder.path)
        objects = ObjectStore(folder: folder.path("objects/sha256"))
    }

    private func change(_ sql: String) throws {
        try DatabaseQueue(path: folder.path("runs.sqlite")).write { db in try db.execute(sql: sql) }
    }

    private func examination(at now: Date = Date()) -> StoreExamination {
        StoreExamination(
            folder: folder.path, objects: objects, person: "ann@contoso.com",
            clock: RunClock(now: { now }, sleep: { _ in }))
    }

    private func addRun() async throws {
        var done = try Ledger("done")
        try await store.append(done.first, to: "done")
        try await store.append(try done.add(.cancelled("ask"), .cancelled("deploy"), .finished(.cancelled)), to: "done")
    }

    @Test(arguments: [
        "events = 'abc'", "events = 1e30", "events = 9223372036854775807", "events = -1", "created = 'x'",
        "created = -9223372036854775808", "updated = 9223372036854775807", "steps = 1e30", "settled = x'00'",
        "requester = x'ff'", "status = x'ff'", "status = 'odd'", "waits = '['", "waits = x'ff'", "head = x'ff'",
    ])
    func aStrangeIndexRowIsRefusedAndWrittenAnew(_ change: String) async throws {
        try await addRun()
        try self.change("UPDATE run SET \(change)")
        do {
            let found = try await store.runs(matching: .all)
            // What SQLite can turn into text is text; it differs from the events all the same.
            #expect(change.contains("x'"), "\(found)")
        } catch {
            guard case .damaged = error else {
                Issue.record("\(error)")
                return
            }
        }
        _ = try? await store.events(of: "done", after: 0)
        if let stored = try await store.stored("done") {
            #expect(!RunVerification(stored, objects: objects).isSound)
        }
        let found = await examination().examine(repairing: false).found
        #expect(found.contains { $0.check == "run index" && $0.verdict == .problem }, "\(found)")
        _ = await examination().examine(repairing: true)
        let mended = await examination().examine(repairing: false).found
        #expect(!mended.contains { $0.check == "run index" && $0.verdict == .problem }, "\(mended)")
        #expect(try await store.runs(matching: .all).map(\.run) == ["done"])
    }

    @Test(arguments: ["fence = 'x'", "fence = 9223372036854775807", "since = 'x'", "expires = 'x'", "run = x'ff'"])
    func aStrangeLockIsRefused(_ change: String) async throws {
        _ = try await store.claim("env:prod", run: "done", step: "deploy", now: time(0), until: time(1000))
        try self.change("UPDATE lock SET \(change)")
        do {
            _ = try await store.locks()
            _ = try await store.claim("env:prod", run: "other", step: "deploy", now: time(2), until: time(9))
            #expect(change.contains("x'"))
        } catch {
            guard case .damaged(let message) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(message.contains("env:prod"), "\(message)")
        }
        let found = await examination().examine(repairing: true).found
        #expect(change.contains("x'") || found.contains { $0.check == "locks" && $0.verdict == .problem }, "\(found)")
    }

    @Test func aDamagedRunDoesNotStandInTheWayOfOthers() async throws {
        try await addRun()
        try change("UPDATE event SET line = '{' WHERE id = (SELECT min(id) + 1 FROM event)")
        var damaged: [RunID] = []
        let error = await #expect(throws: RunStoreError.self) { try await store.events(of: "done", after: 0) }
        #expect(error?.description.contains("event 2 of run 'done'") == true, "\(String(describing: error))")
        let state = try await RunState.loadUndamaged("done", from: store) { run, _ in damaged.append(run) }
        #expect(state == nil && damaged == ["done"])
        let trail = try await PackageTrail.find("p1", in: store, objects: nil) { run, _ in damaged.append(run) }
        #expect(trail.runs.isEmpty && damaged == ["done", "done"])
    }

    @Test func nothingIsRemovedBesideAStoreThatWasEmptied() async throws {
        try await addRun()
        try FileManager.default.createDirectory(
            atPath: folder.path("logs/done-20260101-000000-abcd"), withIntermediateDirectories: true)
        try Data("said".utf8).write(to: URL(filePath: folder.path("logs/done-20260101-000000-abcd/ask.jsonl")))
        let object = try objects.put(Data("a package".utf8))
        for table in ["event", "run"] { try change("DELETE FROM \(table)") }
        let later = Date().addingTimeInterval(7200)
        let found = await examination(at: later).examine(repairing: true).found
        #expect(found.contains { $0.check == "store" && $0.message.contains("was emptied, replaced or removed") })
        #expect(FileManager.default.fileExists(atPath: folder.path("logs/done-20260101-000000-abcd/ask.jsonl")))
        #expect(try objects.read(object) == Data("a package".utf8))
        #expect(!found.contains { $0.verdict == .repaired }, "\(found)")
        // Without the file too.
        for name in ["runs.sqlite", "runs.sqlite-wal", "runs.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: folder.path(name))
        }
        let gone = await examination(at: later).examine(repairing: true)
        #expect(!gone.isOpen && gone.found.contains { $0.message.contains("there is no runs.sqlite, and yet") })
    }
}
