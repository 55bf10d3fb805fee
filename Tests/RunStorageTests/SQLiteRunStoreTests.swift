import Documents
import Engine
import Foundation
import GRDB
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import RunStorage

@Suite struct SQLiteRunStoreTests {
    @Test func writesThroughToTheDisk() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path(".almrun"))
        #expect(try store.isDurable)
        #expect(
            try await store.database.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
        #expect(try await store.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        #expect(try await store.problems() == [])
        // Opened again it is the same.
        #expect(try SQLiteRunStore(folder: folder.path(".almrun")).isDurable)
    }

    @Test func keepsEventsAndTheIndexTogether() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        var ledger = try Ledger("r1")
        try await store.append(ledger.first, to: "r1")
        let batch = try ledger.add(
            .suspended("ask", Suspension(.approval, code: "run/approval", message: "waits")), .rested)
        try await store.append(batch, to: "r1")
        #expect(try await store.events(of: "r1", after: 0) == ledger.lines)
        #expect(try await store.events(of: "r1", after: 2).map(\.event.kind) == [.rested])
        #expect(try await store.events(of: "r1", after: 3).isEmpty)
        #expect(try await store.events(of: "r2", after: 0).isEmpty)
        #expect(try await store.runs(matching: .all) == [ledger.state.summary])
        #expect(ledger.state.summary.waits.map(\.role) == ["release-manager"])
        // Another process reads the same.
        let other = try SQLiteRunStore(folder: folder.path)
        let state = try await RunState.load("r1", from: other)
        #expect(state.steps == ledger.state.steps)
        #expect(state.plan == ledger.state.plan)
        #expect(state.head == ledger.state.head)
    }

    @Test func refusesWhatDoesNotFollow() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        var ledger = try Ledger("r1")
        try await store.append(ledger.first, to: "r1")
        await #expect(throws: RunStoreError.exists("r1")) { try await store.append(ledger.first, to: "r1") }
        let mine = try ledger.add(.cancelRequested(by: "ann", reason: nil))
        try await store.append(mine, to: "r1")
        await #expect(throws: RunStoreError.conflict("r1", events: 2)) { try await store.append(mine, to: "r1") }
        await #expect(throws: RunStoreError.conflict("r2", events: 0)) { try await store.append(mine, to: "r2") }
        #expect(try await store.events(of: "r1", after: 0).count == 2)
        await #expect(throws: RunStoreError.unknownRun("r3")) { try await RunState.load("r3", from: store) }
    }

    @Test func listsRunsAndFindsThemByTheirBeginning() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        for (number, name) in ["release-1-a", "release-1-b", "other-1"].enumerated() {
            var ledger = try Ledger(RunID(name), at: time(Double(number)))
            try await store.append(ledger.first, to: RunID(name))
            if number == 1 { try await store.append(try ledger.add(.finished(.succeeded)), to: RunID(name)) }
        }
        #expect(try await store.runs(matching: .all).map(\.run) == ["other-1", "release-1-b", "release-1-a"])
        #expect(try await store.runs(matching: .unfinished).map(\.run) == ["other-1", "release-1-a"])
        #expect(try await store.runs(matching: RunFilter(statuses: [.succeeded], group: "g", limit: 1)).count == 1)
        #expect(try await store.runs(matching: RunFilter(pipeline: "none")).isEmpty)
        #expect(try await store.run(named: "oth") == "other-1")
        #expect(try await store.run(named: "release-1-a") == "release-1-a")
        let many = (1...7).map { RunID("r\($0)") }
        let text = RunStoreError.ambiguousRun("r", candidates: many).description
        #expect(text.hasSuffix("7 runs: r1, r2, r3, r4, r5 and 2 more"))
        await #expect(throws: RunStoreError.ambiguousRun("rel", candidates: ["release-1-b", "release-1-a"])) {
            try await store.run(named: "rel")
        }
        for name in ["zzz", "", "%", "release-1-abc"] {
            await #expect(throws: RunStoreError.unknownRun(name)) { try await store.run(named: name) }
        }
    }

    @Test func locksHaveOneHolderAndARisingFence() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let name = Lock.environment("prod")
        guard
            case .granted(let first) = try await store.claim(
                name, run: "r1", step: "a", now: time(0), until: time(60))
        else { throw CancellationError() }
        #expect(first.fence == 1)
        #expect(try await store.claim(name, run: "r2", step: "a", now: time(59), until: time(90)) == .held(first))
        #expect(try await store.renew(first, until: time(100)))
        #expect(try await store.locks().map(\.expires) == [time(100)])
        // Run out, it goes to somebody else, and the first holder has nothing any more.
        guard
            case .granted(let second) = try await store.claim(
                name, run: "r2", step: "a", now: time(101), until: time(200))
        else { throw CancellationError() }
        #expect(second.fence == 2)
        #expect(try await store.renew(first, until: time(300)) == false)
        try await store.release(first)
        #expect(try await store.locks() == [second])
        var ledger = try Ledger("r1")
        try await store.append(ledger.first, to: "r1")
        var late = try ledger.add(.ended("deploy", attempt: 1, .cancelled))
        late.holding = [first]
        await #expect(throws: RunStoreError.lockLost(name)) { try await store.append(late, to: "r1") }
        #expect(try await store.events(of: "r1", after: 0).count == 1)
        late.holding = [second]
        late.releasing = [second]
        try await store.append(late, to: "r1")
        #expect(try await store.locks().isEmpty)
        // Taken again by the same run, the number goes up all the same.
        #expect(
            try await store.claim(name, run: "r2", step: "a", now: time(102), until: nil)
                == .granted(Lock(name: name, run: "r2", step: "a", fence: 3, since: time(102), expires: nil)))
        #expect(
            try await store.claim(name, run: "r2", step: "a", now: time(103), until: nil)
                == .granted(Lock(name: name, run: "r2", step: "a", fence: 4, since: time(103), expires: nil)))
    }

    @Test func keepsTheNewestResultOfEqualInputs() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        var ledger = try Ledger("r1")
        try await store.append(ledger.first, to: "r1")
        let output: Value = ["list": [1, 2.5, "ü\n", .null, true]]
        try await store.append(
            try ledger.add(.ended("ask", attempt: 1, .succeeded(output: output, object: nil, inputDigest: "d"))),
            to: "r1")
        let kept = try #require(try await store.results(for: ["d", "e"])["d"])
        #expect(kept.output == output)
        #expect(kept.run == "r1")
        #expect(kept.time == ledger.state.updated)
        #expect(try await store.results(for: ["e"]).found.isEmpty)
    }

    @Test func cancelledTasksStillWrite() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let batch = try Ledger("r1").first
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await store.append(batch, to: "r1")
            return try await store.events(of: "r1", after: 0).count
        }
        task.cancel()
        #expect(try await task.value == 1)
    }

    /// Another process makes the same store between any two statements of this one: neither takes it for a foreign file.
    @Test(arguments: ["user_version", "application_id", "sqlite_master", "BEGIN IMMEDIATE"])
    func twoThatMakeTheStoreAtOnce(_ moment: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.path("runs.sqlite")
        let (one, other) = (try DatabaseQueue(path: file), try DatabaseQueue(path: file))
        try one.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            let isMade = Mutex(false)
            db.trace(options: .statement) { event in
                guard case .statement(let statement) = event, statement.sql.contains(moment),
                    isMade.withLock({ made in
                        defer { made = true }
                        return !made
                    })
                else { return }
                #expect(throws: Never.self) {
                    try other.writeWithoutTransaction { try Schema.prepare($0, file: file) }
                }
            }
            try Schema.prepare(db, file: file)
            #expect(isMade.withLock { $0 })
            #expect(try Schema.isCurrent(db))
        }
    }

    @Test func refusesStoresItCannotRead() async throws {
        let folder = try TemporaryFolder()
        _ = try SQLiteRunStore(folder: folder.path("newer"))
        let queue = try DatabaseQueue(path: folder.path("newer/runs.sqlite"))
        try await queue.write { try $0.execute(sql: "PRAGMA user_version = 7") }
        try queue.close()
        let newer = #expect(throws: RunStoreError.self) { try SQLiteRunStore(folder: folder.path("newer")) }
        #expect(newer?.code == "store/newer")
        #expect(newer?.description.contains("store format 7") == true)

        try folder.write(String(repeating: "no database ", count: 400), to: "text/runs.sqlite")
        let text = #expect(throws: RunStoreError.self) { try SQLiteRunStore(folder: folder.path("text")) }
        #expect(text?.code == "store/damaged")

        try folder.write("", to: "foreign/x")
        let foreign = try DatabaseQueue(path: folder.path("foreign/runs.sqlite"))
        try await foreign.write { try $0.execute(sql: "CREATE TABLE mine (x)") }
        try foreign.close()
        let other = #expect(throws: RunStoreError.self) { try SQLiteRunStore(folder: folder.path("foreign")) }
        #expect(other?.description.contains("no store of almrun") == true)

        try folder.write("a file", to: "file")
        let file = #expect(throws: RunStoreError.self) { try SQLiteRunStore(folder: folder.path("file")) }
        #expect(file?.code == "store/unavailable")
    }

    @Test func aChangedByteBreaksTheChain() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        var ledger = try Ledger("r1")
        try await store.append(ledger.first, to: "r1")
        let batch = try ledger.add(
            .cancelRequested(by: "ann@contoso.com", reason: "x"), .cancelled("ask"), .cancelled("deploy"))
        try await store.append(batch, to: "r1")
        try await store.write { db in
            try db.execute(sql: "UPDATE event SET line = replace(line, 'ann@', 'bob@') WHERE sequence = 2")
        }
        let error = await #expect(throws: RunStoreError.self) { try await RunState.load("r1", from: store) }
        #expect(error?.description.contains("event 3 of run 'r1' does not follow") == true)
    }

    /// A run without its last event could otherwise be read, and never written to.
    @Test(arguments: ["DELETE FROM event WHERE sequence = 4", "UPDATE run SET events = 3"])
    func aMissingEventIsTold(_ damage: String) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        var ledger = try Ledger("r1")
        try await store.append(ledger.first, to: "r1")
        let batch = try ledger.add(
            .cancelRequested(by: "ann@contoso.com", reason: "x"), .cancelled("ask"), .cancelled("deploy"))
        try await store.append(batch, to: "r1")
        try await store.write { db in try db.execute(sql: damage) }
        let error = await #expect(throws: RunStoreError.self) { try await RunState.load("r1", from: store) }
        #expect(error?.code == "store/damaged")
        #expect(error?.description.contains("almrun verify r1") == true)
    }

    @Test func oneProcessHasARun() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let other = try SQLiteRunStore(folder: folder.path)
        let hold = try await store.hold("r1")
        let holder = try #require(try await other.holder(of: "r1"))
        #expect(holder.process == Int(ProcessInfo.processInfo.processIdentifier))
        let error = await #expect(throws: RunStoreError.self) { try await other.hold("r1") }
        #expect(error?.description.contains("is being run by process \(holder.process)") == true)
        #expect(try await other.holder(of: "r2") == nil)
        hold.release()
        hold.release()
        #expect(try await other.holder(of: "r1") == nil)
        try await other.hold("r1").release()
        #expect(FileManager.default.fileExists(atPath: folder.path("runs/r1.lock")) == false)
    }
}
