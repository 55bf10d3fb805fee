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

    private func addRun() async throws { try await Self.addRun("done", to: store) }

    private static func addRun(_ name: RunID, to store: SQLiteRunStore) async throws {
        var done = try Ledger(name)
        try await store.append(done.first, to: name)
        try await store.append(try done.add(.cancelled("ask"), .cancelled("deploy"), .finished(.cancelled)), to: name)
    }

    @Test(arguments: [
        "events = 'abc'", "events = 1e30", "events = 9223372036854775807", "events = -1", "created = 'x'",
        "created = -9223372036854775808", "updated = 9223372036854775807", "steps = 1e30", "settled = x'00'",
        "requester = x'ff'", "status = x'ff'", "status = 'odd'", "waits = '['", "waits = x'ff'", "head = x'ff'",
        "name = CAST(name AS BLOB)", "pipeline = CAST(pipeline AS BLOB)", "head = CAST(head AS BLOB)",
    ])
    func aStrangeIndexRowIsRefusedAndWrittenAnew(_ change: String) async throws {
        try await addRun()
        try self.change("UPDATE run SET \(change)")
        let listed = try await store.runs(matching: .all)
        let unreadable = try await store.unreadableRuns()
        #expect(listed.isEmpty && unreadable.count == 1, "\(listed)")
        let isNamed = !change.hasPrefix("name")
        #expect(
            unreadable.allSatisfy {
                $0.run == (isNamed ? "done" : nil) && $0.reason.contains(String(change.prefix { $0 != " " }))
            })
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

    @Test func whatVouchesForTheEndIsKeptWhereItCanBeRead() async throws {
        for change in [
            "waits = '['", "waits = '[1]'", "status = 'odd'", "created = 'x'", "settled = 1e30", "events = 'abc'",
            "waits = '[1]', requester = 'x', pipeline = 'y', steps = 77",
        ] {
            let folder = try TemporaryFolder()
            let store = try SQLiteRunStore(folder: folder.path)
            try await Self.addRun("done", to: store)
            try await DatabaseQueue(path: folder.path("runs.sqlite")).write {
                try $0.execute(sql: "UPDATE run SET \(change)")
            }
            let examination = StoreExamination(
                folder: folder.path, objects: ObjectStore(folder: folder.path("objects")), person: "a@b.c")
            #expect(await examination.examine(repairing: true).found.contains { $0.verdict == .repaired }, "\(change)")
            let stored = try #require(try await store.stored("done"))
            #expect(RunVerification(stored, objects: nil).isSound, "\(change)")
            #expect(stored.lines.count == 4)
        }
    }

    /// The end of the ledger is cut off, and what the row can still tell says so, or nothing does.
    @Test(arguments: [
        "waits = '['", "waits = '[', events = 'x'", "waits = '[', head = 'y'", "head = x'ff', events = 'x'",
    ])
    func aCutOffLedgerIsNotVouchedForByAMendedRow(_ change: String) async throws {
        try await addRun()
        try self.change("DELETE FROM event WHERE id = (SELECT max(id) FROM event)")
        try self.change("UPDATE run SET \(change)")
        _ = await examination().examine(repairing: true)
        let codes = RunVerification(try #require(try await store.stored("done")), objects: nil).discrepancies.map(
            \.code)
        #expect(!codes.isEmpty)
        let isTold = await examination().examine(repairing: false).found.contains {
            $0.check == "run index" && $0.verdict == .problem && $0.message.contains("gone or were changed")
        }
        #expect(isTold || codes.contains("verify/unvouched"), "\(codes)")
    }

    @Test func aListGoesOnWithoutAStrangeRun() async throws {
        for name in ["a", "b", "c"] { try await Self.addRun(RunID(name), to: store) }
        try change("UPDATE run SET settled = 'abc' WHERE name = 'c'")
        try change("UPDATE run SET created = created - 5000 WHERE name = 'a'")
        #expect(try await store.runs(matching: .all).map(\.run) == ["b", "a"])
        #expect(try await store.runs(matching: RunFilter(limit: 1)).map(\.run) == ["b"])
        #expect(try await store.runs(matching: RunFilter(limit: 2)).map(\.run) == ["b", "a"])
        let unreadable = try await store.unreadableRuns()
        #expect(unreadable.map(\.run) == ["c"])
        #expect(
            unreadable.first?.reason.contains("\"c\" of runs.sqlite has \"abc\" for 'settled'") == true, "\(unreadable)"
        )
        #expect(unreadable.first?.reason.contains("almrun doctor") == true)
        await #expect(throws: RunStoreError.self) { try await store.runs(matching: RunFilter(run: "c")) }
        // What is meant for the latest run must not go to another one.
        await #expect(throws: RunStoreError.self) { try await store.newestRun() }
        try change("UPDATE run SET created = created - 9000 WHERE name = 'c'")
        #expect(try await store.newestRun()?.run == "b")
        // A new run needs nothing of it, and who approved in it is still known.
        var plan = samplePlan([Step(id: "work", work: .stage("test.work"), effect: .none)])
        plan.concurrency = nil
        let ending = try await runner(store).start(plan, RunRequest(run: "d", requester: "a@b.c"))
        #expect(ending.state.status == .succeeded)
        // A lock of it is not taken for one of a run that is gone.
        _ = try await store.claim("environment prod", run: "c", step: "deploy", now: time(0), until: nil)
        #expect(try await LockRegister(store: store).held().map(\.status) == [.cancelled])
        try change("UPDATE event SET line = '{' WHERE id = (SELECT number << 32 | 2 FROM run WHERE name = 'c')")
        await #expect(throws: RunStoreError.self) { try await LockRegister(store: store).held() }
    }

    @Test func aRunWithoutANameIsToldOfByItsNumber() async throws {
        for name in ["a", "b"] { try await Self.addRun(RunID(name), to: store) }
        try change("UPDATE run SET name = x'ff' WHERE name = 'b'")
        #expect(try await store.runs(matching: .all).map(\.run) == ["a"])
        #expect(try await store.unreadableRuns().map(\.name) == ["number 2"])
        _ = await examination().examine(repairing: true)
        #expect(try await store.unreadableRuns().isEmpty)
        #expect(RunVerification(try #require(try await store.stored("b")), objects: nil).isSound)
    }

    @Test(arguments: [
        "UPDATE run SET number = 77 WHERE name = 'b'", "UPDATE run SET number = -3 WHERE name = 'b'",
        "UPDATE run SET number = 9223372036854775807 WHERE name = 'b'",
        "UPDATE run SET number = 99 WHERE name = 'a'; UPDATE run SET number = 1 WHERE name = 'b'; "
            + "UPDATE run SET number = 2 WHERE name = 'a'",
        "UPDATE run SET number = 77, waits = '[', status = 'odd' WHERE name = 'b'",
    ])
    func aChangedNumberIsMended(_ sql: String) async throws {
        for name in ["a", "b"] { try await Self.addRun(RunID(name), to: store) }
        try change(sql)
        #expect(try await Self.numbers(store) != [1, 2])
        // Nothing is written where it would be lost.
        var ledger = try Ledger("b")
        _ = try ledger.add(.cancelled("ask"), .cancelled("deploy"), .finished(.cancelled))
        let batch = try ledger.add(.rested)
        if try await Self.numbers(store)[1] != 2 {
            await #expect(throws: RunStoreError.self) { try await store.append(batch, to: "b") }
        }
        let found = await examination().examine(repairing: false).found
        #expect(found.contains { $0.message.contains("under other numbers than their events") && $0.repair != nil })
        #expect(try await Self.numbers(store) != [1, 2])
        _ = await examination().examine(repairing: true)
        #expect(try await Self.numbers(store) == [1, 2])
        for name in ["a", "b"] {
            #expect(RunVerification(try #require(try await store.stored(RunID(name))), objects: nil).isSound)
        }
        let healthy = await examination(at: time(9)).examine(repairing: false).found
        #expect(healthy.allSatisfy { $0.verdict != .problem }, "\(healthy)")
    }

    @Test(arguments: [
        (
            "UPDATE run SET number = 77; DELETE FROM event WHERE id = (SELECT max(id) FROM event)",
            "are not those that the index counts"
        ),
        (
            "UPDATE run SET number = 77; INSERT INTO event (id, line) SELECT id + (1 << 32), line FROM event",
            "events of several numbers say that they are its: 1, 2"
        ),
    ])
    func aNumberThatCannotBeMendedIsToldOf(_ sql: String, _ why: String) async throws {
        try await addRun()
        try change(sql)
        for repairing in [false, true] {
            let found = await examination().examine(repairing: repairing).found
            #expect(found.contains { $0.verdict == .problem && $0.details.contains { $0.contains(why) } }, "\(found)")
        }
        #expect(try await Self.numbers(store) == [77])
    }

    /// An event with the last number that there can be, and one below the first.
    @Test func eventsWithStrangeNumbersDoNotStopTheLook() async throws {
        try await addRun()
        try change("INSERT INTO event (id, line) VALUES (9223372036854775807, 'x'), (-9223372036854775808, 'y')")
        #expect(
            await examination().examine(repairing: true).found.contains {
                $0.check == "events" && $0.verdict == .problem
            })
    }

    private static func numbers(_ store: SQLiteRunStore) async throws -> [Int64] {
        try await store.read { try Int64.fetchAll($0, sql: "SELECT number FROM run ORDER BY name") }
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
        // And a file with nothing in it, which stays so: an empty store would be as good as any to later runs.
        try Data().write(to: URL(filePath: folder.path("runs.sqlite")))
        for repairing in [false, true] {
            let empty = await examination(at: later).examine(repairing: repairing)
            #expect(!empty.isOpen && empty.found.contains { $0.message.contains("runs.sqlite is empty, and yet") })
            #expect(try Data(contentsOf: URL(filePath: folder.path("runs.sqlite"))).isEmpty)
        }
        #expect(FileManager.default.fileExists(atPath: folder.path("logs/done-20260101-000000-abcd/ask.jsonl")))
    }

    @Test func eventsFromTheFuture() async throws {
        let batch = try Ledger("r1", at: time(1_000_000)).first
        try await store.append(batch, to: "r1")
        func verdict(_ seconds: Double) async -> Diagnosis.Verdict? {
            await examination(at: time(seconds)).examine(repairing: false).found.first { $0.check == "clock" }?.verdict
        }
        #expect(await verdict(999_999) == .ok)
        #expect(await verdict(0) == .problem)
    }

    /// What a lost row takes along comes back with it: nothing of that is called gone, and nothing is announced.
    @Test func onlyTheLossItselfIsAnnounced() async throws {
        let name: RunID = "p-20260101-000000-abcd"
        let step = Step(id: "work", work: .stage("test.work"), effect: .none)
        var run = try Ledger(name, plan: Plan(pipeline: "p", steps: [step]))
        try await store.append(run.first, to: name)
        let made = try run.add(
            .started("work", attempt: 1, token: "t", fence: nil, recovering: false),
            .ended("work", attempt: 1, .succeeded(output: [:], object: nil, inputDigest: "d")), .rested)
        try await store.append(made, to: name)
        _ = try await store.claim("group g", run: name, step: "", now: time(0), until: nil)
        let writer = StepLogs(folder: folder.path("logs")).writer(run: name, step: "work", attempt: 1)
        writer.write("a line", .output, at: time(0))
        writer.close()
        #expect(await examination(at: time(50)).examine(repairing: false).found.allSatisfy { $0.verdict == .ok })
        try change("DELETE FROM run")
        let problems = await examination(at: time(50)).examine(repairing: false).found.filter { $0.verdict != .ok }
        #expect(problems.map(\.check) == ["run index"], "\(problems)")
        let repaired = await examination(at: time(50)).examine(repairing: true).found.filter { $0.verdict != .ok }
        #expect(repaired.map(\.verdict) == [.repaired], "\(repaired)")
        #expect(await examination(at: time(50)).examine(repairing: false).found.allSatisfy { $0.verdict == .ok })
        #expect(try await store.locks().map(\.run) == [name])
    }
}
