import Documents
import Engine
import Foundation
import GRDB
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// One run that cannot be read goes when somebody says so; nothing else does.
@Suite struct UnreadablePruningTests {
    private let folder: TemporaryFolder
    private let store: SQLiteRunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteRunStore(folder: folder.path)
    }

    private var pruning: StorePruning { pruning(keeping: DeployedPackages()) }

    private func pruning(keeping packages: DeployedPackages) -> StorePruning {
        StorePruning(
            store: store, objects: ObjectStore(folder: folder.path("objects/sha256")),
            logs: StepLogs(folder: folder.path("logs")), packages: packages,
            clock: RunClock(now: { time(100_000) }, sleep: { _ in }))
    }

    private func prune(_ name: String, force: Bool = false, changing: Bool = true) async throws -> PruneReport {
        try await pruning.prune(unreadable: name, by: "a@b.c", reason: "the disk", force: force, changing: changing)
    }

    private func change(_ sql: String) throws {
        try DatabaseQueue(path: folder.path("runs.sqlite")).write { db in try db.execute(sql: sql) }
    }

    private func addRun(_ name: RunID) async throws {
        var run = try Ledger(name)
        try await store.append(run.first, to: name)
        try await store.append(try run.add(.cancelled("ask"), .cancelled("deploy"), .finished(.cancelled)), to: name)
        let writer = StepLogs(folder: folder.path("logs")).writer(run: name, step: "ask", attempt: 1)
        writer.write("a line", .output, at: time(0))
        writer.close()
    }

    private func names() throws -> [String] {
        try DatabaseQueue(path: folder.path("runs.sqlite")).read {
            try String.fetchAll($0, sql: "SELECT CAST(name AS TEXT) FROM run ORDER BY number")
        }
    }

    private func count(_ number: Int) throws -> Int {
        try DatabaseQueue(path: folder.path("runs.sqlite")).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM event WHERE id >> 32 = \(number)") ?? 0
        }
    }

    @Test(arguments: [
        "UPDATE event SET line = '{' WHERE id = 2 << 32 | 2", "UPDATE event SET line = '{' WHERE id = 2 << 32 | 1",
        "DELETE FROM event WHERE id = 2 << 32 | 3", "DELETE FROM event WHERE id = 2 << 32 | 4",
        "DELETE FROM event WHERE id >> 32 = 2",
        "UPDATE event SET line = '{' WHERE id = 2 << 32 | 2; UPDATE run SET status = 'odd', events = 'x' WHERE number = 2",
    ])
    func aRunThatCannotBeReadGoes(_ sql: String) async throws {
        for name: RunID in ["a", "b", "c"] { try await addRun(name) }
        try change(sql)
        let dry = try await prune("b", changing: false)
        #expect(try names() == ["a", "b", "c"])
        #expect(!FileManager.default.fileExists(atPath: folder.path("removed.jsonl")))
        let report = try await prune("b")
        #expect(try names() == ["a", "c"] && count(1) == 4 && count(2) == 0 && count(3) == 4)
        #expect(report.runs == ["b"] && report.runs == dry.runs && report.lost == dry.lost)
        #expect(report.events == dry.events && report.logs.count == 1 && dry.logs.count == 1)
        #expect(report.text(changing: true).contains("lost     what was approved in it"))
        #expect(dry.text(changing: false).contains("loses    what was approved in it"))
        #expect(try report.value(changing: true)["lost"]?[0] != nil)
        let record = try String(contentsOfFile: folder.path("removed.jsonl"), encoding: .utf8)
        #expect(record.contains("\"by\":\"a@b.c\"") && record.contains("\"reason\":\"the disk\""), "\(record)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("logs")).sorted() == ["a", "c"])
        await #expect(throws: RunStoreError.unknownRun("b")) { _ = try await prune("b") }
        #expect(try await store.unreadableRuns().isEmpty)
        try await addRun("d")
    }

    /// With such a run would go all that tells of an effect that may have happened.
    @Test(arguments: [
        AttemptEnding.cancelled, .failed(StageFailure(.transient, StageFailure.timeoutCode, "no answer")),
    ])
    func aRunWithAnEffectInDoubtStaysUntilItIsGivenUp(_ ending: AttemptEnding) async throws {
        try await addRun("r0")
        var ledger = try Ledger("r1")
        let token = String(repeating: "a1", count: 32)
        try await store.append(ledger.first, to: "r1")
        try await store.append(
            try ledger.add(
                .cancelled("ask"), .started("deploy", attempt: 1, token: token, fence: nil, recovering: false),
                .ended("deploy", attempt: 1, ending), .finished(ending == .cancelled ? .cancelled : .failed)),
            to: "r1")
        for changing in [false, true] {
            let report = try await pruning.prune(PrunePolicy(olderThan: 1), changing: changing)
            #expect(report.runs == ["r0"])
            let reason = try #require(report.kept.first { $0.run == "r1" }?.reason)
            #expect(reason.hasPrefix("the effect of 'deploy' may have happened: `almrun resume r1`"), "\(reason)")
            #expect(reason.contains("`almrun runs prune --run r1 --reason \"...\"` gives it up"), "\(reason)")
            #expect(report.text(changing: changing).contains("kept     r1: the effect"))
            #expect(try report.value(changing: changing)["kept"]?[0]?["run"] == "r1")
        }
        // What it brought somewhere is there, and who approved that is asked for.
        for packages in [DeployedPackages(operations: [token: "brought demo into 'prod'"]), .init(needed: [token])] {
            let refusal = await #expect(throws: Refusal.self) {
                try await pruning(keeping: packages).prune(
                    unreadable: "r1", by: "a@b.c", reason: "old", force: true, changing: true)
            }
            #expect(refusal?.code == "prune/readable")
        }
        #expect(try names() == ["r1"])
        let given = try await prune("r1")
        #expect(given.runs == ["r1"] && given.lost.first == "whether the effect of 'deploy' took place")
        #expect(try names() == [])
        let record = try String(contentsOfFile: folder.path("removed.jsonl"), encoding: .utf8)
        #expect(record.contains("the disk") && record.contains("effect of 'deploy'"), "\(record)")
    }

    private func code(_ name: String, force: Bool = false) async -> String? {
        do {
            _ = try await prune(name, force: force)
            return nil
        } catch let error as Refusal {
            return error.code
        } catch {
            return (error as? RunStoreError)?.code
        }
    }

    @Test func whatCanBeReadOrMendedStays() async throws {
        for name: RunID in ["a", "b", "c"] { try await addRun(name) }
        #expect(await code("a") == "prune/readable")
        try change("UPDATE run SET status = 'odd' WHERE name = 'a'")
        #expect(await code("a", force: true) == "prune/mendable")
        try change("UPDATE run SET number = 77 WHERE name = 'b'")
        #expect(await code("b") == "prune/mendable")
        #expect(await code("number 2") == "prune/mendable")
        #expect(try names() == ["a", "c", "b"])
        // One that a process works on.
        try change("UPDATE event SET line = '{' WHERE id = 3 << 32 | 2")
        let hold = try await store.hold("c")
        #expect(await code("c", force: true) == "run/busy")
        hold.release()
        #expect(await code("c") == nil)
    }

    /// The first event is gone, so that only the other run's row tells whose the rest is.
    @Test func theEventsOfAnotherRunStay() async throws {
        for name: RunID in ["a", "b"] { try await addRun(name) }
        try change(
            "UPDATE run SET number = 99 WHERE name = 'a'; UPDATE run SET number = 1 WHERE name = 'b'; "
                + "UPDATE run SET number = 2 WHERE name = 'a'; UPDATE event SET line = '{' WHERE id = 2 << 32 | 1")
        #expect(await code("a", force: true) == "store/damaged")
        #expect(try count(1) == 4 && count(2) == 4)
    }

    @Test func aLockIsTakenAwayWithAHigherNumber() async throws {
        try await addRun("a")
        let lock = try #require(
            try await store.claim("environment prod", run: "a", step: "deploy", now: time(0), until: nil).lock)
        try change("UPDATE event SET line = '{' WHERE id = 1 << 32 | 2")
        #expect(await code("a") == "prune/holds-lock")
        let report = try await prune("a", force: true)
        #expect(report.locks == ["environment prod, number 1"])
        #expect(report.text(changing: true).contains("released environment prod"))
        #expect(try await store.renew(lock, until: time(5000)) == false)
        guard
            case .granted(let next) = try await store.claim(
                "environment prod", run: "b", step: "deploy", now: time(1), until: nil)
        else {
            Issue.record("nobody gets the lock")
            return
        }
        #expect(next.fence > lock.fence + 1)
        let record = try String(contentsOfFile: folder.path("removed.jsonl"), encoding: .utf8)
        #expect(record.contains("environment prod, number 1"))
    }

    @Test func aRunWithoutANameGoesByItsNumber() async throws {
        for name: RunID in ["a", "b"] { try await addRun(name) }
        try change("UPDATE event SET line = '{' WHERE id = 2 << 32 | 2; UPDATE run SET name = x'ff' WHERE number = 2")
        let name = try #require(try await store.unreadableRuns().first?.name)
        let hold = try await store.hold("a")
        #expect(await code(name) == "run/busy")
        hold.release()
        #expect(await code(name) == nil)
        #expect(try names() == ["a"] && count(2) == 0)
    }

    /// A prune by age never takes the events of another run along.
    @Test func aPruneLeavesTheEventsOfOthers() async throws {
        for name: RunID in ["a", "b", "c"] { try await addRun(name) }
        try change(
            "UPDATE run SET number = 99 WHERE name = 'a'; UPDATE run SET number = 1 WHERE name = 'b'; "
                + "UPDATE run SET number = 2 WHERE name = 'a'")
        let runs = try await store.prunableRuns().filter { $0.run == "b" }
        #expect(try await store.remove(runs).isEmpty)
        let report = try await pruning.prune(PrunePolicy(olderThan: 1), changing: true)
        #expect(report.runs == ["c"])
        #expect(report.kept.first { $0.run == "b" }?.reason.contains("those of run 'a'") == true, "\(report.kept)")
        #expect(try count(1) == 4 && count(2) == 4 && count(3) == 0)
    }

    /// A name that somebody wrote into the index is never a part of a path.
    @Test(arguments: ["../../src", "..", ".", "a/b", ".a", "", "/tmp"])
    func aNameThatAlmrunNeverGaveLeadsNowhere(_ name: String) async throws {
        for run: RunID in ["a", "b"] { try await addRun(run) }
        let logs = StepLogs(folder: folder.path("deep/logs"))
        let outside = folder.path("src/f")
        try FileManager.default.createDirectory(atPath: folder.path("src"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder.path("deep/logs"), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(filePath: outside))
        try await DatabaseQueue(path: folder.path("runs.sqlite")).write { db in
            try db.execute(sql: "UPDATE run SET name = ? WHERE name = 'a'", arguments: [name])
        }
        let pruning = StorePruning(
            store: store, objects: ObjectStore(folder: folder.path("objects/sha256")), logs: logs,
            packages: DeployedPackages(), clock: RunClock(now: { time(100_000) }, sleep: { _ in }))
        let report = try await pruning.prune(PrunePolicy(olderThan: 1), changing: true)
        #expect(report.runs == ["b"] && report.logs.count == 0)
        #expect(
            report.kept == [
                PruneReport.Kept(
                    run: RunID(name),
                    reason: "almrun gives no run such a name: `almrun doctor` looks what can be mended")
            ])
        #expect(FileManager.default.fileExists(atPath: outside))
        #expect(try count(1) == 4)
        // Nor of the path of a log, a lock or an object.
        let log = logs.path(run: RunID(name), step: "../../s", attempt: 1)
        #expect(log.hasPrefix(logs.folder + "/~") && !log.contains("/../") && log.hasSuffix("/..~..~s-1.log"), "\(log)")
        await #expect(throws: RunStoreError.self) { _ = try await store.hold(RunID(name)) }
        #expect(try await store.holder(of: RunID(name)) == nil)
        let object = ObjectStore(folder: "/objects").path(of: name)
        #expect(object.hasPrefix("/objects/~") && !object.contains("/."), "\(object)")
        // The events say how it is called.
        let examination = StoreExamination(
            folder: folder.path, objects: ObjectStore(folder: folder.path("objects/sha256")), person: "a@b.c")
        _ = await examination.examine(repairing: true)
        #expect(try names() == ["a"])
    }
}
