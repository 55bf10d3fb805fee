import Documents
import Engine
import Foundation
import Pipelines
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
        says: String = "nothing", object: String? = nil
    ) async throws -> RunID {
        var plan = Plan(pipeline: pipeline, steps: [Step(id: "work", work: .stage("test.work"), effect: .none)])
        plan.summary = nil
        var ledger = try Ledger(name, plan: plan, at: time(seconds))
        try await store.append(ledger.first, to: name)
        try await store.append(
            try ledger.add(
                .started("work", attempt: 1, token: "t", fence: nil, recovering: false),
                .ended(
                    "work", attempt: 1,
                    .succeeded(
                        output: object == nil ? ["says": .string(says)] : .null, object: object,
                        inputDigest: "input of \(name)"))), to: name)
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
        #expect(done.logs.count == 3)
        #expect(try await names == ["r5", "r4", "o1"])
        #expect(try await store.events(of: "r1", after: 0).isEmpty)
        #expect(try await store.results(for: ["input of r1", "input of r4"]).keys.sorted() == ["input of r4"])
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
}
