import Engine
import Foundation
import GRDB
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// A damaged store of which whole runs cannot be saved: they are named, and nothing of them goes until somebody says so.
@Suite struct LostRunTests {
    private let folder: TemporaryFolder
    private let names = (0..<48).map { RunID("release-20270115-0800\($0 + 10)-abcd") }

    init() throws { folder = try TemporaryFolder() }

    private func examination(at seconds: Double = 100_000) -> StoreExamination {
        StoreExamination(
            folder: folder.path, objects: ObjectStore(folder: folder.path("objects/sha256")),
            person: "ann@x.example",
            clock: RunClock(now: { time(seconds) }, sleep: { _ in }))
    }

    /// A store of many runs with logs, of which the index and the first events are gone.
    private func damagedStore() async throws {
        let store = try SQLiteRunStore(folder: folder.path)
        for name in names {
            var run = try Ledger(name)
            try await store.append(run.first, to: name)
            try await store.append(
                try run.add(.cancelled("ask"), .cancelled("deploy"), .finished(.cancelled)), to: name)
            let writer = StepLogs(folder: folder.path("logs")).writer(run: name, step: "ask", attempt: 1)
            writer.write("a line", .output, at: time(0))
            writer.close()
        }
        try await store.database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let root = try await store.database.read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'run'") ?? 0
        }
        try store.database.close()
        let file = URL(filePath: folder.path("runs.sqlite"))
        var data = try Data(contentsOf: file)
        // The index, and the first half of the pages, in which the events of the first runs are.
        let count = data.count / 4096
        try #require(count > 20, "\(count) pages")
        let pages = [root - 1] + Array(10..<(count / 2))
        for page in pages {
            data.replaceSubrange((page * 4096)..<(page * 4096 + 4096), with: Data(repeating: 0xFF, count: 4096))
        }
        try data.write(to: file)
    }

    private var logs: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path("logs")).sorted() }
    }

    @Test func theyAreNamedAndNothingOfThemGoes() async throws {
        try await damagedStore()
        let object = folder.path("objects/sha256/ab/ab" + String(repeating: "0", count: 62))
        try FileManager.default.createDirectory(
            atPath: folder.path("objects/sha256/ab"), withIntermediateDirectories: true)
        try Data("an object".utf8).write(to: URL(filePath: object))
        let outcome = await examination().examine(repairing: true)
        #expect(outcome.found.first?.verdict == .repaired, "\(outcome.found)")
        #expect(try logs == names.map(\.rawValue))
        let store = try SQLiteRunStore(folder: folder.path)
        let saved = try await store.runs(matching: .all).map(\.run)
        let lost = names.filter { !saved.contains($0) }
        try #require(!saved.isEmpty && !lost.isEmpty)
        // The same command and every later one name them.
        for found in [outcome.found, await examination().examine(repairing: true).found] {
            let problem = try #require(found.first { $0.check == "lost runs" })
            #expect(problem.verdict == .problem && problem.repair == nil)
            for run in lost { #expect(problem.details.contains { $0.contains("run '\(run)'") }, "\(problem)") }
            #expect(problem.details.contains { $0.hasPrefix("runs whose names nothing knows") })
            #expect(!problem.details.contains { $0.contains("'\(saved[0])'") })
        }
        #expect(try logs == names.map(\.rawValue) && FileManager.default.fileExists(atPath: object))
        // Whoever asks earlier runs learns of them.
        let known = try await EarlierApprovals.find(of: ["prod"], in: store)
        #expect(Set(lost).isSubset(of: known.unreadable))
        #expect(known.unreadable.contains { $0.rawValue.hasPrefix("unknown-") })
        await #expect(throws: RunStoreError.self) { _ = try await store.stored(lost[0]) }
        #expect(throws: RunStoreError.self, performing: { try LostRuns(folder: folder.path).refuse(lost[0]) })
        do {
            _ = try await store.run(named: lost[0].rawValue)
            Issue.record("it is there")
        } catch { #expect(error.code == "store/damaged" && "\(error)".contains("may have been lost"), "\(error)") }
    }

    @Test func oneIsGivenUpWithAReason() async throws {
        try await damagedStore()
        _ = await examination().examine(repairing: true)
        let store = try SQLiteRunStore(folder: folder.path)
        let pruning = StorePruning(
            store: store, objects: ObjectStore(folder: folder.path("objects/sha256")),
            logs: StepLogs(folder: folder.path("logs")), packages: DeployedPackages(),
            clock: RunClock(now: { time(200_000) }, sleep: { _ in }))
        let lost = try await store.unreadableRuns()
        let first = try #require(lost.first { $0.run != nil })
        await #expect(throws: Refusal.self) {
            _ = try await pruning.prune(unreadable: first.name, by: "a@b.c", reason: " ", force: false, changing: true)
        }
        let dry = try await pruning.prune(
            unreadable: first.name, by: "a@b.c", reason: "gone", force: false, changing: false)
        #expect(dry.logs.count == 1)
        #expect(try await store.unreadableRuns() == lost)
        // Its logs go with it, and nobody else's.
        _ = try await pruning.prune(unreadable: first.name, by: "a@b.c", reason: "gone", force: false, changing: true)
        #expect(try await store.unreadableRuns() == lost.filter { $0 != first })
        #expect(try logs == names.map(\.rawValue).filter { $0 != first.name })
        let record = try String(contentsOfFile: folder.path("removed.jsonl"), encoding: .utf8)
        #expect(record.contains(first.name) && record.contains("a@b.c"), "\(record)")
        for one in lost where one != first {
            _ = try await pruning.prune(unreadable: one.name, by: "a@b.c", reason: "gone", force: false, changing: true)
        }
        #expect(try await store.unreadableRuns().isEmpty)
        #expect(await examination().examine(repairing: false).found.contains { $0.check == "lost runs" } == false)
        #expect(try await EarlierApprovals.find(of: ["prod"], in: store).unreadable.isEmpty)
    }

    @Test func aRecordThatCannotBeReadIsAProblemUntilItIsGivenUp() async throws {
        let store = try SQLiteRunStore(folder: folder.path)
        try Data("{\n".utf8).write(to: URL(filePath: folder.path("lost.jsonl")))
        #expect(try await store.unreadableRuns().map(\.name) == ["line 1 of lost.jsonl"])
        let pruning = StorePruning(
            store: store, objects: ObjectStore(folder: folder.path("objects/sha256")),
            logs: StepLogs(folder: folder.path("logs")), packages: DeployedPackages())
        _ = try await pruning.prune(
            unreadable: "line 1 of lost.jsonl", by: "a@b.c", reason: "cut off", force: false, changing: true)
        #expect(try await store.unreadableRuns().isEmpty)
    }

    /// What a lost run holds stays held until somebody gives the run up and says that the lock goes too.
    @Test func theLockOfALostRunStays() async throws {
        let store = try SQLiteRunStore(folder: folder.path)
        try await store.append(try Ledger("a").first, to: "a")
        try LostRuns(folder: folder.path).keep(
            LostRuns.Loss(runs: ["b"], place: "damaged", events: 1, saved: 1), by: "a@b.c", at: time(0))
        _ = try await store.claim("environment prod", run: "b", step: "deploy", now: time(0), until: nil)
        _ = await examination().examine(repairing: true)
        #expect(try await store.locks().map(\.run) == ["b"])
        let pruning = StorePruning(
            store: store, objects: ObjectStore(folder: folder.path("objects/sha256")),
            logs: StepLogs(folder: folder.path("logs")), packages: DeployedPackages())
        await #expect {
            _ = try await pruning.prune(unreadable: "b", by: "a@b.c", reason: "gone", force: false, changing: true)
        } throws: { ($0 as? Refusal)?.code == "prune/holds-lock" }
        let report = try await pruning.prune(unreadable: "b", by: "a@b.c", reason: "gone", force: true, changing: true)
        #expect(report.locks == ["environment prod, number 1"])
        #expect(try await store.locks().isEmpty)
    }

    /// The row of the newest run is gone and its events are there: the next run gets another number.
    @Test func theNumberOfANewRunIsNotThatOfEvents() async throws {
        let store = try SQLiteRunStore(folder: folder.path)
        for name: RunID in ["a", "b"] { try await store.append(try Ledger(name).first, to: name) }
        try await DatabaseQueue(path: folder.path("runs.sqlite")).write { db in
            try db.execute(sql: "DELETE FROM run WHERE name = 'b'")
        }
        try await store.append(try Ledger("c").first, to: "c")
        let numbers = try await store.database.read {
            try Int.fetchAll($0, sql: "SELECT number FROM run ORDER BY number")
        }
        #expect(numbers == [1, 3])
        _ = await examination().examine(repairing: true)
        #expect(try await Set(store.runs(matching: .all).map(\.run)) == ["a", "b", "c"])
    }

    /// A store of runs with logs; gives the number of the first page of a table or an index.
    private func smallStore(_ runs: [RunID], _ table: String) async throws -> Int {
        let store = try SQLiteRunStore(folder: folder.path)
        for name in runs {
            try await store.append(try Ledger(name).first, to: name)
            let writer = StepLogs(folder: folder.path("logs")).writer(run: name, step: "ask", attempt: 1)
            writer.write("a line", .output, at: time(0))
            writer.close()
        }
        try await store.database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let root = try await store.database.read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [table])
        }
        try store.database.close()
        return try #require(root) - 1
    }

    /// A leaf of the index says that it has one row less; nothing but the indices over it tells that it had another one.
    @Test(arguments: ["run", "event"])
    func whatALeafDoesNotCountIsNotLostSilently(_ table: String) async throws {
        let runs = Array(names.prefix(3))
        let page = try await smallStore(runs, table)
        let file = URL(filePath: folder.path("runs.sqlite"))
        var data = try Data(contentsOf: file)
        data[page * 4096 + 4] -= 1
        try data.write(to: file)
        let outcome = await examination().examine(repairing: true)
        #expect(outcome.found.first?.verdict == .repaired, "\(outcome.found)")
        // The rows say of all runs that there were such, or the events do.
        #expect(!outcome.found.contains { $0.check == "lost runs" }, "\(outcome.found)")
        _ = await examination().examine(repairing: true)
        #expect(try logs == runs.map(\.rawValue))
        #expect(try await Set(SQLiteRunStore(folder: folder.path).runs(matching: .all).map(\.run)) == Set(runs))
    }

    /// A log that no run of the store explains is of one that was lost.
    @Test func aLogOfNoRunIsOfALostOne() async throws {
        let page = try await smallStore([names[0]], "sqlite_autoindex_result_1")
        try FileManager.default.createDirectory(
            atPath: folder.path("logs/\(names[1])"), withIntermediateDirectories: true)
        let file = URL(filePath: folder.path("runs.sqlite"))
        var data = try Data(contentsOf: file)
        data.replaceSubrange(page * 4096..<page * 4096 + 500, with: Data(repeating: 0xFF, count: 500))
        try data.write(to: file)
        let damaged = data
        let outcome = await examination().examine(repairing: true)
        let lost = try #require(outcome.found.first { $0.check == "lost runs" }, "\(outcome.found)")
        #expect(lost.details.contains { $0.contains("run '\(names[1])'") })
        // Once it was given up, no later repair loses it anew.
        let record = LostRuns(folder: folder.path)
        for one in try record.all() { try record.giveUp(one.name, by: "a@b.c", reason: "gone", at: time(0)) }
        try damaged.write(to: file)
        // What an earlier repair put aside stays, whatever the clock says.
        let refused = await examination().examine(repairing: true)
        #expect(refused.found.first?.verdict == .problem)
        #expect(FileManager.default.fileExists(atPath: folder.path("damaged-20270116114640/runs.sqlite")))
        let again = await examination(at: 100_060).examine(repairing: true)
        #expect(again.found.first?.verdict == .repaired, "\(again.found)")
        #expect(try record.all().isEmpty)
        #expect(try await SQLiteRunStore(folder: folder.path).givenUpRuns().contains(names[1]))
    }

    /// A record that was cut off swallows none after it.
    @Test func aCutOffRecordIsALineOfItsOwn() throws {
        let record = LostRuns(folder: folder.path)
        try Data("{\"lost\":[\"x\"".utf8).write(to: URL(filePath: record.path))
        try record.keep(LostRuns.Loss(runs: ["b"], place: "p", events: 1, saved: 1), by: "a@b.c", at: time(0))
        #expect(try record.all().map(\.name).prefix(2) == ["line 1 of lost.jsonl", "b"])
    }

    /// A store that is gone is told from one that never was, also without logs.
    @Test func whatRepairsLeaveIsATrace() throws {
        #expect(StoreExamination.traces(in: folder.path, isGone: true).isEmpty)
        try Data().write(to: URL(filePath: folder.path("removed.jsonl")))
        try FileManager.default.createDirectory(
            atPath: folder.path("damaged-20270101000000"), withIntermediateDirectories: true)
        #expect(StoreExamination.traces(in: folder.path, isGone: true).count == 2)
        // All runs of an empty store may have been removed.
        #expect(StoreExamination.traces(in: folder.path, isGone: false).isEmpty)
    }
}
