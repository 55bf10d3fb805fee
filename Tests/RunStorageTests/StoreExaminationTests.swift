import Documents
import Engine
import Foundation
import GRDB
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

@Suite struct StoreExaminationTests {
    /// The name of a run that is not there.
    private static let gone = "gone-20260101-000000-abcd"

    private let folder: TemporaryFolder
    private let objects: ObjectStore

    init() throws {
        folder = try TemporaryFolder()
        objects = ObjectStore(folder: folder.path("objects/sha256"))
    }

    private func examine(repairing: Bool = false, at now: Date = Date()) async -> [Diagnosis] {
        await StoreExamination(
            folder: folder.path, objects: objects, folders: [folder.path("envs")], person: "ann@contoso.com",
            clock: RunClock(now: { now }, sleep: { _ in })
        ).examine(repairing: repairing).found
    }

    private func store() throws -> SQLiteRunStore { try SQLiteRunStore(folder: folder.path) }

    private func verdict(_ found: [Diagnosis], _ check: String) -> Diagnosis.Verdict? {
        let verdicts = found.filter { $0.check == check }.map(\.verdict)
        return verdicts.first { $0 != .ok } ?? verdicts.first
    }

    /// A run that ended well, and one that waits.
    private func addRuns(_ store: SQLiteRunStore) async throws {
        var done = try Ledger("done")
        try await store.append(done.first, to: "done")
        try await store.append(try done.add(.cancelled("ask"), .cancelled("deploy"), .finished(.cancelled)), to: "done")
        var waiting = try Ledger("waiting")
        try await store.append(waiting.first, to: "waiting")
        try await store.append(
            try waiting.add(.suspended("ask", Suspension(.approval, code: "run/approval", message: "m")), .rested),
            to: "waiting")
    }

    private func age(_ path: String, by seconds: Double = 7200) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date().addingTimeInterval(-seconds)], ofItemAtPath: path)
    }

    private let later = time(1000)

    @Test func aHealthyStoreHasNoProblems() async throws {
        #expect(await examine().map(\.message) == ["there is none yet: nothing was ever run here"])
        try await addRuns(try store())
        let found = await examine(at: later)
        #expect(found.allSatisfy { $0.verdict == .ok }, "\(found)")
        #expect(
            found.map(\.check) == [
                "store", "integrity", "events", "run index", "objects", "orphaned objects", "reusable results",
                "temporary files", "logs",
                "run lock files", "locks", "processes", "clock",
            ])
    }

    @Test func theIndexIsWrittenAnew() async throws {
        let store = try store()
        try await addRuns(store)
        let good = try await store.runs(matching: .all)
        try await store.write { db in
            try db.execute(sql: "UPDATE run SET status = 'succeeded', settled = 9 WHERE name = 'waiting'")
            try db.execute(sql: "DELETE FROM run WHERE name = 'done'")
        }
        let found = await examine(at: later)
        let index = try #require(found.first { $0.check == "run index" })
        #expect(index.verdict == .problem)
        #expect(index.details.contains("run 'done': is not in the index"))
        #expect(index.details.contains { $0.contains("status is succeeded in the index and waiting by its events") })
        #expect(index.repair?.hasPrefix("write the index anew from the events; whether the events of a run") == true)
        // Looking changed nothing.
        #expect(try await store.runs(matching: .all).count == 1)
        #expect(verdict(await examine(repairing: true, at: later), "run index") == .repaired)
        let mended = try await store.runs(matching: .all)
        #expect(mended.map(\.run) == good.map(\.run) && mended.map(\.status) == good.map(\.status))
        #expect(mended.first { $0.run == "waiting" } == good.first { $0.run == "waiting" })
        #expect(verdict(await examine(at: later), "run index") == .ok)
        // Nothing says how many events there were, and the ledger goes on saying that.
        #expect(
            try await store.events(of: "done", after: 4).map(\.event.kind) == [.indexRebuilt(by: "ann@contoso.com")])
        let found2 = RunVerification(try #require(try await store.stored("done")), objects: nil)
        #expect(found2.discrepancies.map(\.code) == ["verify/unvouched"])
        #expect(found2.discrepancies.first?.message.contains("that event 4 was the last one") == true)
        #expect(RunVerification(try #require(try await store.stored("waiting")), objects: nil).isSound)
    }

    /// The last events and the whole index row are gone, as after somebody took a rejection out.
    @Test func aLedgerWhoseEndMayBeGoneIsNotMendedSilently() async throws {
        let store = try store()
        try await addRuns(store)
        try await store.write { db in
            try db.execute(
                sql:
                    "DELETE FROM event WHERE id = (SELECT max(id) FROM event WHERE run = (SELECT number FROM run WHERE name = 'done'))"
            )
            try db.execute(sql: "DELETE FROM run WHERE name = 'done'")
        }
        let index = try #require(await examine(at: later).first { $0.check == "run index" })
        #expect(index.repair?.contains("cannot be known") == true)
        #expect(verdict(await examine(repairing: true, at: later), "run index") == .repaired)
        for _ in 0..<2 {
            let found = RunVerification(try #require(try await store.stored("done")), objects: nil)
            #expect(found.discrepancies.map(\.code) == ["verify/unvouched"], "\(found.text)")
            // What is done afterwards does not vouch for it.
            let executor = ScriptedExecutor()
            _ = try await runner(store, executor).resume("done", by: "a@b.c")
        }
    }

    /// After a run has succeeded nothing comes that counts: its end vouches for itself.
    @Test func aRunThatSucceededNeedsNoVoucher() async throws {
        let store = try store()
        var plan = samplePlan([Step(id: "work", work: .stage("test.work"), effect: .none)])
        plan.concurrency = nil
        _ = try await runner(store).start(plan, RunRequest(run: "r1", requester: "a@b.c"))
        try await store.write { try $0.execute(sql: "DELETE FROM run") }
        #expect(verdict(await examine(repairing: true), "run index") == .repaired)
        #expect(try await store.events(of: "r1", after: 0).last?.event.kind == .indexRebuilt(by: "ann@contoso.com"))
        let found = RunVerification(try #require(try await store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(found.text)")
    }

    /// A repair would make a rejection that somebody deleted as if it had never been.
    @Test(arguments: [
        "DELETE FROM event WHERE id = (SELECT max(id) FROM event)", "UPDATE run SET head = 'x'",
        "UPDATE run SET events = events + 1",
    ])
    func whatTheIndexKnowsOfLostEventsIsKept(_ damage: String) async throws {
        let store = try store()
        try await addRuns(store)
        try await store.write { db in try db.execute(sql: damage) }
        let damaged = try await store.runs(matching: .all)
        for repairing in [false, true] {
            let found = await examine(repairing: repairing, at: later)
            let index = try #require(found.first { $0.check == "run index" })
            #expect(index.verdict == .problem && index.repair == nil)
            let command = index.command ?? ""
            #expect(
                ["almrun runs prune --run ", "almrun locks release "].contains { command.hasPrefix($0) }, "\(command)")
        }
        #expect(try await store.runs(matching: .all) == damaged)
    }

    @Test func aBrokenChainIsSaidAndLeftAlone() async throws {
        let store = try store()
        try await addRuns(store)
        try await store.write { db in
            try db.execute(sql: "UPDATE event SET line = replace(line, '\"step\":\"ask\"', '\"step\":\"ASK\"')")
        }
        let lines = try await store.read { try String.fetchAll($0, sql: "SELECT line FROM event") }
        let orphan = try objects.put(Data("x".utf8))
        try age(objects.path(of: orphan))
        let found = await examine(repairing: true, at: later)
        let events = try #require(found.first { $0.check == "events" })
        #expect(events.verdict == .problem)
        #expect(events.details.count == 3)
        #expect(events.command == "almrun runs prune --run done --reason \"...\"")
        #expect(try await store.read { try String.fetchAll($0, sql: "SELECT line FROM event") } == lines)
        // What an unreadable run may need stays.
        #expect(objects.contains(orphan))
    }

    @Test func objectsAreLookedThrough() async throws {
        let store = try store()
        let kept = try objects.put(Data("{\"a\":1}".utf8))
        let orphan = try objects.put(Data("nobody's".utf8))
        let damaged = try objects.put(Data("whole".utf8))
        try age(objects.path(of: orphan))
        let missing = String(repeating: "ab", count: 32)
        let package = String(repeating: "cd", count: 32)
        var ledger = try Ledger("r1")
        try await store.append(ledger.first, to: "r1")
        try await store.append(
            try ledger.add(
                .ended("ask", attempt: 0, .succeeded(output: .null, object: kept, inputDigest: nil)),
                .ended(
                    "deploy", attempt: 1,
                    .succeeded(output: ["package": ["digest": .string(package)]], object: nil, inputDigest: nil)),
                .ended("deploy", attempt: 1, .succeeded(output: .null, object: missing, inputDigest: damaged)),
                .finished(.succeeded)), to: "r1")
        try Data("broken".utf8).write(to: URL(filePath: objects.path(of: damaged)))
        try folder.write("half", to: "objects/sha256/ab/\(missing).Xy12Zw")
        try folder.write("half", to: "envs/prod/environment.json.partial")
        try folder.write("fine", to: "envs/prod/environment.json")
        try age(folder.path("envs/prod/environment.json.partial"))
        try age(folder.path("objects/sha256/ab/\(missing).Xy12Zw"))
        let found = await examine()
        #expect(found.filter { $0.check == "objects" }.map(\.verdict) == [.problem, .problem])
        #expect(found.first { $0.message.contains("damaged") }?.command?.hasPrefix("mv '") == true)
        let gone = try #require(found.first { $0.message.contains("missing") })
        #expect(gone.message == "2 objects that runs name are missing")
        // Both say the same of how they come back.
        for one in found where one.check == "objects" && one.verdict == .problem {
            #expect(one.details.last?.contains("a new run of the same pipeline with the same commit and") == true)
        }
        #expect(
            gone.details.prefix(2) == [
                "run 'r1', step 'deploy': \(package), the package.digest in the output of 'deploy'",
                "run 'r1', step 'deploy': \(missing), the output of 'deploy'",
            ])
        #expect(gone.command == "almrun verify r1")
        #expect(found.first { $0.check == "orphaned objects" }?.details == [objects.path(of: orphan)])
        #expect(found.first { $0.check == "temporary files" }?.details.count == 2)
        #expect(objects.contains(orphan))
        let mended = await examine(repairing: true)
        #expect(verdict(mended, "orphaned objects") == .repaired)
        #expect(verdict(mended, "temporary files") == .repaired)
        #expect(verdict(mended, "objects") == .problem)
        #expect(!objects.contains(orphan) && objects.contains(kept) && objects.contains(damaged))
        #expect(!folder.exists("envs/prod/environment.json.partial") && folder.exists("envs/prod/environment.json"))
    }

    @Test func whatIsYoungOrKnownStays() async throws {
        _ = try store()
        let young = try objects.put(Data("young".utf8))
        #expect(verdict(await examine(repairing: true), "orphaned objects") == .note)
        #expect(objects.contains(young))
        try age(objects.path(of: young))
        let known = await StoreExamination(
            folder: folder.path, objects: objects, packages: DeployedPackages(known: [young]), person: "a"
        ).examine(repairing: true).found
        #expect(verdict(known, "orphaned objects") == .ok)
        let unknown = await StoreExamination(folder: folder.path, objects: objects, packages: nil, person: "a")
            .examine(repairing: true).found
        #expect(verdict(unknown, "orphaned objects") == .note)
        #expect(objects.contains(young))
    }

    @Test func locksOfEndedRunsAreReleased() async throws {
        let store = try store()
        try await addRuns(store)
        for run in ["done", "gone", "waiting"] {
            _ = try await store.claim("environment \(run)", run: RunID(run), step: "x", now: time(1), until: time(100))
        }
        let found = await examine(at: later)
        let locks = found.filter { $0.check == "locks" }
        #expect(locks.map(\.verdict) == [.problem, .note])
        #expect(
            locks.first?.details == [
                "environment done, of run 'done', cancelled", "environment gone, of run 'gone', which is gone",
            ])
        #expect(try await store.locks().count == 3)
        #expect(verdict(await examine(repairing: true, at: later), "locks") == .repaired)
        #expect(try await store.locks().map(\.name) == ["environment waiting"])
        guard case .lockBroken(_, _, let by, _)? = try await store.events(of: "done", after: 0).last?.event.kind else {
            Issue.record("the ledger does not tell of it")
            return
        }
        #expect(by == "ann@contoso.com")
        #expect(verdict(await examine(at: later), "locks") == .note)
    }

    @Test func runsWithoutAProcessAndLockFilesWithout() async throws {
        let store = try store()
        let first = try Ledger("cut").first
        try await store.append(first, to: "cut")
        let second = try Ledger("alive").first
        try await store.append(second, to: "alive")
        let hold = try await store.hold("alive")
        try folder.write("{}", to: "runs/cut.lock")
        for run in ["cut", Self.gone, "notes"] { try folder.write("a line", to: "logs/\(run)/work-1.log") }
        let outside = try TemporaryFolder()
        try outside.write("a line", to: "\(Self.gone)/work-1.log")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("logs/link-20260101-000000-abcd"), withDestinationPath: outside.path)
        let found = await examine(at: later)
        let processes = try #require(found.first { $0.check == "processes" })
        #expect(processes.details == ["run 'cut'"])
        #expect(processes.command == "almrun resume cut")
        #expect(verdict(found, "run lock files") == .problem)
        #expect(found.first { $0.check == "logs" }?.details == [folder.path("logs/\(Self.gone)")])
        #expect(verdict(await examine(repairing: true, at: later), "run lock files") == .repaired)
        #expect(!folder.exists("runs/cut.lock") && folder.exists("runs/alive.lock"))
        #expect(
            !folder.exists("logs/\(Self.gone)") && folder.exists("logs/cut/work-1.log")
                && folder.exists("logs/notes/work-1.log") && outside.exists("\(Self.gone)/work-1.log"))
        hold.release()
    }

    @Test func aDamagedFileIsLeftAsItIs() async throws {
        try await addRuns(try store())
        try folder.write(String(repeating: "no database ", count: 400), to: "runs.sqlite")
        for name in ["runs.sqlite-wal", "runs.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: folder.path(name))
        }
        let before = try folder.read("runs.sqlite")
        let outcome = await StoreExamination(folder: folder.path, objects: objects, person: "a")
            .examine(repairing: true)
        let found = outcome.found
        #expect(!outcome.isOpen)
        let damaged = try #require(found.first)
        #expect(damaged.verdict == .problem && damaged.message.contains("is damaged"))
        #expect(damaged.details.first?.contains("no event can be read in it, and nothing was changed") == true)
        #expect(found.filter { $0.check == "store" } == [damaged])
        // What to type puts aside what is there, inside the folder, and a new store can be made.
        let command = try #require(damaged.command)
        let start = "mkdir '\(folder.path)/unreadable' && mv '\(folder.path)/runs.sqlite'"
        #expect(damaged.repair == nil && command.hasPrefix(start))
        #expect(found.map(\.check).contains("temporary files"))
        #expect(try folder.read("runs.sqlite") == before)
    }

    /// A page in the middle is damaged: SQLite's own check names it, and everything else is still looked at.
    @Test func aDamagedPageIsFound() async throws {
        let store = try store()
        for number in 0..<60 {
            let batch = try Ledger(RunID("r\(number)")).first
            try await store.append(batch, to: RunID("r\(number)"))
        }
        try await store.shrink()
        try store.database.close()
        let path = folder.path("runs.sqlite")
        var bytes = try Data(contentsOf: URL(filePath: path))
        for offset in (4096 * 8)..<(4096 * 9) { bytes[offset] = 0x55 }
        try bytes.write(to: URL(filePath: path))
        let found = await examine(repairing: false, at: later)
        #expect(
            found.contains { $0.verdict == .problem && ["integrity", "events", "store", "runs"].contains($0.check) })
        #expect(found.contains { $0.check == "clock" || $0.check == "temporary files" })
        // Nothing is written to it, but for the first page, which every opening counts in.
        let after = try Data(contentsOf: URL(filePath: path))
        #expect(after[4096..<bytes.count] == bytes[4096...])
        #expect(found.first { $0.check == "integrity" }?.repair == StoreExamination.salvaging)
    }

    /// A run that cannot be read may be the one that a log is of: then none is removed.
    @Test func logsStayWhileARunCannotBeRead() async throws {
        let store = try store()
        try await addRuns(store)
        for run in ["done", Self.gone] {
            try folder.write("a line\n\u{0}\u{FFFD} half", to: "logs/\(run)/deploy-1.log")
        }
        try await store.write { db in
            try db.execute(sql: "UPDATE event SET line = 'no json' WHERE id = (SELECT max(id) FROM event)")
        }
        let found = await examine(repairing: true, at: later)
        #expect(verdict(found, "events") == .problem)
        let logs = try #require(found.first { $0.check == "logs" })
        #expect(logs.verdict == .note && logs.details == [folder.path("logs/\(Self.gone)")])
        #expect(folder.exists("logs/\(Self.gone)/deploy-1.log") && folder.exists("logs/done/deploy-1.log"))
        // A log is never read by it, so that what stands in one is no matter.
        #expect(found.first { $0.check == "clock" }?.verdict == .ok)
        try FileManager.default.removeItem(atPath: folder.path("logs"))
        try folder.write("a file where the folder should be", to: "logs")
        #expect(verdict(await examine(repairing: true, at: later), "logs") == .ok)
        #expect(try folder.read("logs") == "a file where the folder should be")
    }
}
