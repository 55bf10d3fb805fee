import Documents
import Engine
import Foundation
import GRDB
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import RunStorage

@Suite struct StorePruningTests {
    private let folder: TemporaryFolder
    private let store: SQLiteRunStore
    private let objects: ObjectStore
    private let logs: StepLogs

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteRunStore(folder: folder.path)
        objects = ObjectStore(folder: folder.path("objects/sha256"))
        logs = StepLogs(folder: folder.path("logs"))
    }

    private func pruning(_ packages: DeployedPackages = DeployedPackages(), at now: Date = time(100_000))
        -> StorePruning
    {
        StorePruning(
            store: store, objects: objects, logs: logs, packages: packages,
            clock: RunClock(now: { now }, sleep: { _ in }))
    }

    /// A run that made an object, kept a result, and left a log.
    @discardableResult
    private func addRun(
        _ name: RunID, at seconds: Double, pipeline: String = "release", _ status: RunStatus? = .succeeded,
        says: String = "nothing", object: String? = nil, token: String = "t", evidence: [Evidence] = [],
        reusing other: RunID? = nil
    ) async throws -> RunID {
        let work = Step(id: "work", work: .stage("test.work"), effect: .none)
        let again = Step(id: "again", work: .stage("test.work"), effect: .none)
        var plan = Plan(pipeline: pipeline, steps: other == nil ? [work] : [work, again])
        plan.summary = nil
        var ledger = try Ledger(name, plan: plan, at: time(seconds), evidence: evidence)
        try await store.append(ledger.first, to: name)
        try await store.append(
            try ledger.add(
                .started("work", attempt: 1, token: token, fence: nil, recovering: false),
                .ended(
                    "work", attempt: 1,
                    .succeeded(
                        output: object == nil ? ["says": .string(says)] : .null, object: object,
                        inputDigest: "input of \(name)"))), to: name)
        if let other {
            let earlier = ReusedResult(run: other, step: "work", time: time(0), inputDigest: "i", output: [:])
            try await store.append(try ledger.add(.reused("again", earlier)), to: name)
        }
        if let status { try await store.append(try ledger.add(.finished(status)), to: name) }
        let writer = logs.writer(run: name, step: "work", attempt: 1)
        writer.write("a line of \(name)", .output, at: time(0))
        writer.close()
        return name
    }

    /// An object whose file is as old as the tests' time is young.
    private func addObject(_ text: String, age: Double = 50_000, at now: Date = time(100_000)) throws -> String {
        let digest = try objects.put(Data(text.utf8))
        try FileManager.default.setAttributes(
            [.modificationDate: now.addingTimeInterval(-age)], ofItemAtPath: objects.path(of: digest))
        return digest
    }

    private var names: [String] {
        get async throws { try await store.runs(matching: .all).map(\.run.rawValue) }
    }

    @Test func removesOldRunsWithAllThatOnlyTheyNeeded() async throws {
        let inner = try addObject("the package of r1")
        let outer = try addObject("{\"package\":\"\(inner)\"}")
        let shared = try addObject("the package of r4")
        let orphan = try addObject("nobody's")
        let young = try addObject("just written", age: 60)
        try await addRun("r1", at: 1, object: outer)
        try await addRun("r2", at: 2, .failed)
        try await addRun("r3", at: 3, says: shared)
        try await addRun("r4", at: 4, says: "sha256:\(shared)")
        try await addRun("r5", at: 5, nil)
        try await addRun("o1", at: 0, pipeline: "other")
        let before = try await store.locks()

        let dry = try await pruning().prune(PrunePolicy(keep: 1), changing: false)
        #expect(dry.runs == ["r3", "r2", "r1"])
        #expect(dry.kept.isEmpty)
        #expect(try await names.count == 6)
        #expect(objects.contains(outer) && objects.contains(orphan))
        #expect(FileManager.default.fileExists(atPath: folder.path("logs/r1/work-1.log")))
        #expect(dry.fileBefore == dry.fileAfter)

        let done = try await pruning().prune(PrunePolicy(keep: 1), changing: true)
        #expect(done.runs == dry.runs)
        #expect(done.events == dry.events && done.objects == dry.objects && done.logs == dry.logs)
        #expect(done.results == 3 && dry.results == 3)
        #expect(done.events.count == 12)
        #expect(done.objects.count == 3)
        #expect(done.youngObjects == 1)
        #expect(
            done.text(changing: true).contains("kept     1 object that nothing names, because less than an hour old"))
        #expect(done.logs.count == 3)
        #expect(try await names == ["r5", "r4", "o1"])
        #expect(try await store.events(of: "r1", after: 0).isEmpty)
        #expect(try await store.results(for: ["input of r1", "input of r4"]).found.keys.sorted() == ["input of r4"])
        #expect(!objects.contains(outer) && !objects.contains(inner) && !objects.contains(orphan))
        #expect(objects.contains(shared) && objects.contains(young))
        #expect(!FileManager.default.fileExists(atPath: folder.path("logs/r1")))
        #expect(FileManager.default.fileExists(atPath: folder.path("logs/r4/work-1.log")))
        #expect(try await store.locks() == before)
        #expect(try await store.problems().isEmpty)
        // What stays can be read, and a new run can be written.
        #expect(try await RunState.load("r4", from: store).status == .succeeded)
        try await addRun("r6", at: 6)
        #expect(try await RunState.load("r6", from: store).status == .succeeded)
        // Once more there is nothing to do.
        let again = try await pruning().prune(PrunePolicy(keep: 2), changing: true)
        #expect(again.runs.isEmpty && again.bytes == 0)
    }

    @Test func keepsTheNewestSuccessAndWhatIsHeldOrWorkedOn() async throws {
        try await addRun("r1", at: 1)
        try await addRun("r2", at: 2, .failed)
        try await addRun("r3", at: 3, .cancelled)
        try await addRun("r4", at: 4, .rejected)
        _ = try await store.claim("environment prod", run: "r3", step: "work", now: time(5), until: time(6))
        let hold = try await store.hold("r2")
        let report = try await pruning().prune(PrunePolicy(keep: 1), changing: true)
        #expect(report.runs.isEmpty)
        #expect(Set(report.kept.map(\.run)) == ["r1", "r2", "r3"])
        #expect(report.kept.first { $0.run == "r1" }?.reason == "it is the newest successful run of 'release'")
        hold.release()
        let later = try await pruning().prune(PrunePolicy(keep: 1), changing: true)
        #expect(later.runs == ["r2"])
    }

    @Test func theAgeCounts() async throws {
        for number in 1...4 { try await addRun(RunID("r\(number)"), at: Double(number) * 10_000) }
        let old = try await pruning().prune(PrunePolicy(olderThan: 75_000), changing: false)
        #expect(old.runs == ["r2", "r1"])
        let both = try await pruning().prune(PrunePolicy(keep: 3, olderThan: 75_000), changing: true)
        #expect(both.runs == ["r1"])
        #expect(try await names == ["r4", "r3", "r2"])
    }

    @Test func whatIsInstalledStaysWithARunThatTellsOfIt() async throws {
        let installed = try addObject("installed")
        let former = try addObject("verified long ago")
        try await addRun("r1", at: 1, says: former)
        try await addRun("r2", at: 2, says: installed)
        try await addRun("r3", at: 3, says: installed)
        try await addRun("r4", at: 4)
        let packages = DeployedPackages(known: [former, installed], needed: [installed])
        let report = try await pruning(packages).prune(PrunePolicy(keep: 1), changing: true)
        #expect(report.runs == ["r2", "r1"])
        #expect(report.kept.map(\.run) == ["r3"])
        #expect(report.kept.first?.reason.contains(installed.prefix(12)) == true)
        #expect(objects.contains(installed) && objects.contains(former))
    }

    /// The newest run that tells of a package is not the one that brought it where it is.
    @Test func whatBroughtAPackageWhereItIsStays() async throws {
        let package = try addObject("installed")
        let tokens = (1...5).map { String(repeating: "\($0)a", count: 32) }
        for number in 1...5 {
            try await addRun(RunID("r\(number)"), at: Double(number), says: package, token: tokens[number - 1])
        }
        try await addRun("r6", at: 6)
        let packages = DeployedPackages(
            known: [package], needed: [package],
            operations: [
                tokens[1]: "brought demo 1.0.0 into 'test', where it is installed",
                tokens[2]: "brought demo 0.9.0 into 'prod', which a rollback goes back to",
                String(repeating: "ff", count: 32): "brought what no run tells of",
            ])
        let dry = try await pruning(packages).prune(PrunePolicy(keep: 1), changing: false)
        let report = try await pruning(packages).prune(PrunePolicy(keep: 1), changing: true)
        #expect(report.runs == ["r5", "r4", "r1"] && dry.runs == report.runs)
        #expect(
            report.kept == [
                .init(run: "r3", reason: "it brought demo 0.9.0 into 'prod', which a rollback goes back to"),
                .init(run: "r2", reason: "it brought demo 1.0.0 into 'test', where it is installed"),
            ])
    }

    /// A result that another run took over is none that a gate asks for.
    @Test func whatADamagedRunLeavesBehindIsSaidAsWhatItIs() async throws {
        try await addRun("r1", at: 1)
        try await addRun("r2", at: 2, reusing: "r1")
        let evidence = Evidence(name: "lint", kind: "test.work", run: "r1", step: "work", time: time(0), package: "p")
        try await addRun("r3", at: 3, evidence: [evidence])
        try await DatabaseQueue(path: folder.path("runs.sqlite")).write { db in
            try db.execute(sql: "UPDATE event SET line = '{' WHERE id = 1 << 32 | 2")
        }
        let kept = try await pruning().prune(PrunePolicy(keep: 1), changing: false).kept
        let reason = kept.first { $0.run == "r1" }?.reason ?? ""
        #expect(reason == "its events are damaged, or not all there: `almrun verify r1` names the damage")
        let lost = try await pruning().prune(unreadable: "r1", by: "a", reason: "x", force: false, changing: false).lost
        #expect(lost.contains("where a result is from that run 'r2' took over from it"), "\(lost)")
        #expect(lost.contains("what run 'r3' names as its evidence"), "\(lost)")
    }

    /// What a run that stays names as evidence stays, and so does what that names in turn.
    @Test func whatIsNamedAsEvidenceStays() async throws {
        func evidence(_ run: RunID) -> Evidence {
            Evidence(name: "lint", kind: "test.work", run: run, step: "work", time: time(0), package: "p")
        }
        try await addRun("r1", at: 1)
        try await addRun("r2", at: 2)
        try await addRun("r3", at: 3, evidence: [evidence("r1"), evidence("gone")])
        try await addRun("r4", at: 4, reusing: "r2")
        try await addRun("r5", at: 5)
        try await addRun("r6", at: 6, evidence: [evidence("r3")], reusing: "r4")
        let report = try await pruning().prune(PrunePolicy(keep: 1), changing: true)
        #expect(report.runs == ["r5"])
        #expect(Set(report.kept.map(\.run)) == ["r1", "r2", "r3", "r4"])
        func reason(_ run: RunID) -> String? { report.kept.first { $0.run == run }?.reason }
        #expect(reason("r3") == "run 'r6', which stays, names what its 'work' showed as evidence")
        #expect(reason("r1") == "run 'r3', which stays, names what its 'work' showed as evidence")
        #expect(reason("r2") == "run 'r4', which stays, has taken a result over from it")
        // What nobody names any more goes.
        try await addRun("r7", at: 7)
        let later = try await pruning().prune(PrunePolicy(keep: 1), changing: true)
        #expect(later.runs == ["r6", "r4", "r3", "r2", "r1"])
    }

    /// A prune is under way when a new run takes the number of one that was just removed, and needs an object of it.
    @Test func aRunThatGetsTheNumberOfAPrunedOneKeepsItsObjects() async throws {
        let object = try addObject("what both need")
        try await addRun("r0", at: 0, pipeline: "other")
        try await addRun("r1", at: 1, .failed, says: object)
        let store = store
        let number = try await store.prunableRuns().first { $0.run == "r1" }?.number
        let added = Mutex(false)
        // The clock is asked at each step of the work; after the removal another process starts a run.
        let clock = RunClock(now: { time(100_000) }, sleep: { _ in })
        let pruning = StorePruning(
            store: store, objects: objects, logs: logs, packages: DeployedPackages(), clock: clock,
            afterRemoval: {
                try await addRun("r2", at: 2, says: object)
                added.withLock { $0 = true }
            })
        let report = try await pruning.prune(PrunePolicy(olderThan: 1), changing: true)
        #expect(report.runs == ["r1"] && added.withLock { $0 })
        #expect(try await store.prunableRuns().first { $0.run == "r2" }?.number == number)
        #expect(objects.contains(object))
        #expect(report.objects.count == 0)
    }

    /// What a run reuses is touched, so that a prune which counts without that run takes nothing away from it.
    @Test func anObjectThatIsReusedIsYoungAgain() async throws {
        let plan = Plan(pipeline: "p", steps: [Step(id: "work", work: .stage("test.work"), effect: .none)])
        let executor = ScriptedExecutor(
            digest: { _, _ in "digest" }, available: { _ in true },
            script: { _, _, _ in .succeeded(["text": .string(String(repeating: "long ", count: 2000))]) })
        let runner = Runner(store: store, objects: objects) { _ in executor }
        _ = try await runner.start(plan, RunRequest(run: "r1", requester: "a@b.c"))
        let object = try #require(try await store.results(for: ["digest"])["digest"]?.object)
        let old = Date().addingTimeInterval(-50_000)
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: objects.path(of: object))
        let state = try await runner.start(plan, RunRequest(run: "r2", requester: "a@b.c")).state
        #expect(state["work"]?.status == .reused)
        let changed = try #require(ObjectInventory.file(objects.path(of: object))?.changed)
        #expect(Date().timeIntervalSince(changed) < StorePruning.grace)
        // So does writing it once more.
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: objects.path(of: object))
        #expect(try objects.put(try objects.read(object)) == object)
        let again = try #require(ObjectInventory.file(objects.path(of: object))?.changed)
        #expect(Date().timeIntervalSince(again) < StorePruning.grace)
    }

    @Test func theFileShrinks() async throws {
        for number in 1...40 {
            try await addRun(
                RunID("r\(100 + number)"), at: Double(number), says: String(repeating: "text ", count: 4000))
        }
        let report = try await pruning().prune(PrunePolicy(keep: 2), changing: true)
        #expect(report.runs.count == 38)
        #expect(report.fileAfter * 4 < report.fileBefore)
        #expect(!report.staysLarge)
        #expect(report.text(changing: true).contains("removed 38 runs, 152 events, 38 results, 38 logs, 0 objects"))
        #expect(report.text(changing: false).contains("would remove 38 runs"))
        #expect(try report.value(changing: true)["dryRun"] == false)
        // A reader that was open all the time reads on.
        #expect(try await store.runs(matching: .all).count == 2)
    }

    @Test func aRunThatIsWorkedOnIsNotHeldUp() async throws {
        for number in 1...3 { try await addRun(RunID("r\(number)"), at: Double(number)) }
        try await addRun("alive", at: 9, nil)
        let hold = try await store.hold("alive")
        let report = try await pruning().prune(PrunePolicy(keep: 1), changing: true)
        #expect(report.runs == ["r2", "r1"])
        #expect(report.staysLarge)
        #expect(report.text(changing: true).contains("keeps its size"))
        hold.release()
    }

    @Test func digestsAreFoundWhateverIsAround() {
        let digest = String(repeating: "0123456789abcdef", count: 4)
        let scan = DigestScan(wanted: [digest])
        for text in [digest, "\"\(digest)\"", "x\(digest)y", "\\f\(digest)", "abc\(digest)", "\(digest)0"] {
            var found: Set<String> = []
            scan.collect(from: Array(text.utf8), into: &found)
            #expect(found == [digest], "\(text)")
        }
        for text in ["", "abc", String(digest.dropLast()), digest.uppercased()] {
            var found: Set<String> = []
            scan.collect(from: Array(text.utf8), into: &found)
            #expect(found.isEmpty, "\(text)")
        }
    }

    /// A ledger that was damaged or changed never goes by routine: its removal needs a reason.
    @Test(arguments: [
        "UPDATE event SET line = '{' WHERE id = 2 << 32 | 2", "UPDATE event SET line = '{' WHERE id = 2 << 32 | 4",
        "UPDATE event SET line = replace(line, 'failed', 'succeeded') WHERE id = 2 << 32 | 4",
        "DELETE FROM event WHERE id = 2 << 32 | 3", "DELETE FROM event WHERE id = 2 << 32 | 4",
    ])
    func aRunThatCannotBeReadStays(_ sql: String) async throws {
        for (number, name) in ["r1", "r2", "r3"].enumerated() {
            try await addRun(RunID(name), at: Double(number), .failed)
        }
        try await DatabaseQueue(path: folder.path("runs.sqlite")).write { db in try db.execute(sql: sql) }
        for changing in [false, true] {
            let report = try await pruning().prune(PrunePolicy(keep: 1), changing: changing)
            #expect(report.runs == ["r1"])
            #expect(report.kept.map(\.run) == ["r2"])
            #expect(report.kept.first?.reason.contains("`almrun verify r2` names the damage") == true)
        }
        #expect(try await names.sorted() == ["r2", "r3"])
    }

    /// Nobody knows what a run names of which events are gone: putting them back must find its package.
    @Test(arguments: [
        "UPDATE event SET line = '{' WHERE id = 2 << 32 | 3", "DELETE FROM event WHERE id = 2 << 32 | 3",
        "DELETE FROM event WHERE id > 2 << 32 | 2", "DELETE FROM event WHERE id >> 32 = 2",
    ])
    func noObjectGoesWhileARunThatStaysCannotBeRead(_ sql: String) async throws {
        let package = try addObject("the package of r2")
        try await addRun("r1", at: 1)
        try await addRun("r2", at: 2, object: package)
        try await DatabaseQueue(path: folder.path("runs.sqlite")).write { db in
            try db.execute(sql: "\(sql); DELETE FROM result")
        }
        for changing in [false, true] {
            let report = try await pruning().prune(PrunePolicy(keep: 1), changing: changing)
            #expect(report.runs == ["r1"])
            #expect(report.objects.count == 0 && report.neededObjects == 1 && report.unreadable == ["r2"])
            let line = "kept     1 object that nothing names, because run 'r2' cannot be read and may need them"
            #expect(report.text(changing: changing).contains(line))
            #expect(objects.contains(package))
        }
        let examination = StoreExamination(
            folder: folder.path, objects: objects, person: "a@b.c",
            clock: RunClock(now: { time(100_000) }, sleep: { _ in }))
        for repairing in [false, true] {
            let found = await examination.examine(repairing: repairing).found.filter { $0.check == "orphaned objects" }
            #expect(found.map(\.verdict) == [.note] && found.first?.message.contains("'r2' cannot be read") == true)
            #expect(objects.contains(package))
        }
        // Once the run is gone, nothing needs it.
        let last = try await pruning().prune(
            unreadable: "r2", by: "a@b.c", reason: "the disk", force: false, changing: true)
        #expect(last.objects.count == 1 && !objects.contains(package))
    }

    /// What goes is what is there, whatever the index says of it.
    @Test(arguments: [
        "UPDATE run SET events = events + 3 WHERE name = 'r1'", "UPDATE run SET events = 1 WHERE name = 'r1'",
        "INSERT INTO event SELECT id + 5, line FROM event WHERE id = 1 << 32 | 2",
        "DELETE FROM result WHERE run = 'r1'", "DELETE FROM run WHERE name = 'r1'",
    ])
    func whatWouldGoIsWhatGoes(_ sql: String) async throws {
        for number in 1...3 { try await addRun(RunID("r\(number)"), at: Double(number)) }
        try await DatabaseQueue(path: folder.path("runs.sqlite")).write { db in try db.execute(sql: sql) }
        let before = try await rows("event")
        let dry = try await pruning().prune(PrunePolicy(keep: 1), changing: false)
        #expect(try await rows("event") == before)
        var done = try await pruning().prune(PrunePolicy(keep: 1), changing: true)
        #expect(before - (try await rows("event")) == dry.events.count)
        (done.fileBefore, done.fileAfter) = (dry.fileBefore, dry.fileAfter)
        #expect(done == dry)
    }

    private func rows(_ table: String) async throws -> Int {
        try await DatabaseQueue(path: folder.path("runs.sqlite")).read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? -1
        }
    }
}
