import Documents
import Engine
import Foundation
import GRDB
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// Stores as earlier versions wrote them; a folder there is never changed or removed.
@Suite struct EarlierStoresTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/stores")

    static let names: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }()

    /// A copy that may be changed.
    private struct Copy {
        let folder: TemporaryFolder
        let store: SQLiteRunStore
        var place: String { folder.path(".almrun") }
        var objects: ObjectStore { ObjectStore(folder: place + "/objects/sha256") }

        init(_ name: String) throws {
            folder = try TemporaryFolder()
            let place = folder.path(".almrun")
            try FileManager.default.copyItem(
                atPath: EarlierStoresTests.fixtures.appending(path: name).path, toPath: place)
            store = try SQLiteRunStore(folder: place)
        }
    }

    @Test func theFixturesAreThere() {
        #expect(Set(Self.names).isSuperset(of: ["format-1", "events-2", "store-2-events-2"]))
    }

    /// Stores of format 1 did not say which event had made a result; opening them finds out.
    @Test(arguments: names) func everyResultThatIsKeptCanBeUsed(_ name: String) async throws {
        let copy = try Copy(name)
        let store = copy.store
        let (format, digests) = try await store.read { db in
            (
                try Int.fetchOne(db, sql: "PRAGMA user_version"),
                try String.fetchAll(db, sql: "SELECT digest FROM result")
            )
        }
        #expect(format == Schema.format)
        #expect(digests.isEmpty == (name == "events-2"))
        #expect(try await store.auditResults() == ResultAudit(count: digests.count))
        let results = try await store.results(for: digests)
        #expect(Set(results.found.keys) == Set(digests) && results.refused.isEmpty)
    }

    /// What no event is found for in an earlier store is not used, and told.
    @Test func aResultOfAnEarlierStoreThatWasChangedIsNotUsed() async throws {
        let folder = try TemporaryFolder()
        let place = folder.path(".almrun")
        try FileManager.default.copyItem(atPath: Self.fixtures.appending(path: "format-1").path, toPath: place)
        let queue = try DatabaseQueue(path: place + "/runs.sqlite")
        let digest = try await queue.write { db in
            try db.execute(sql: "UPDATE result SET run = 'nobody' WHERE rowid = (SELECT min(rowid) FROM result)")
            return try String.fetchOne(db, sql: "SELECT digest FROM result WHERE run = 'nobody'")
        }
        try queue.close()
        let store = try SQLiteRunStore(folder: place)
        let audit = try await store.auditResults()
        #expect(audit.wrong.map(\.digest) == [digest])
        #expect(audit.wrong.first?.reason == "it names no event")
    }

    @Test(arguments: names) func everyRunIsReadAndItsChainHolds(_ name: String) async throws {
        let copy = try Copy(name)
        let (store, objects) = (copy.store, copy.objects)
        let runs = try await store.runs(matching: .all)
        #expect(Set(runs.map(\.status)).isSuperset(of: [.succeeded, .waiting]))
        for run in runs {
            let state = try await RunState.load(run.run, from: store, objects: objects)
            #expect(state.summary.status == run.status)
            #expect(state.head == run.head && state.sequence == run.events && state.settled == run.settled)
            #expect(state.steps.count == run.steps)
        }
        let found = await StoreExamination(
            folder: copy.place, objects: objects, person: "ann@contoso.com"
        ).examine(repairing: false).found
        for check in ["store", "integrity", "events", "run index", "objects", "locks", "processes"] {
            #expect(found.filter { $0.check == check }.map(\.verdict) == [.ok], "\(check): \(found)")
        }
    }

    @Test func theFirstFormatSaysWhatItSaid() async throws {
        let copy = try Copy("format-1")
        let (store, objects) = (copy.store, copy.objects)
        let runs = try await store.runs(matching: .all)
        #expect(runs.map(\.status) == [.waiting, .waiting, .succeeded])
        let done = try await RunState.load(runs[2].run, from: store, objects: objects)
        #expect(done.steps.count == 23)
        #expect(done["architect"]?.status == .skipped)
        let decision = try #require(done["prod/promote.approval"]?.decisions.first)
        #expect(decision.person == "mads@contoso.example")
        #expect(decision.verdict == .approve)
        let waiting = try await RunState.load(runs[1].run, from: store, objects: objects)
        #expect(waiting["lint"]?.status == .reused)
        #expect(waiting["prod/promote.approval"]?.status == .waiting)
        let queued = try await RunState.load(runs[0].run, from: store)
        #expect(queued.queue?.holder == runs[1].run)
        // What an environment does with a second run was not asked then.
        #expect(queued.plan.environments["prod"]?.pending == .queue)
    }

    @Test func itsRunsGoOnWhereTheyStopped() async throws {
        let copy = try Copy("format-1")
        let (store, objects) = (copy.store, copy.objects)
        let runs = try await store.runs(matching: RunFilter(statuses: [.waiting]))
        let (waiting, queued) = (runs[1].run, runs[0].run)
        let before = try await store.events(of: waiting, after: 0)
        #expect(try await store.locks().map(\.run) == [waiting])
        let decisions = Decisions(store: store, objects: objects)
        await #expect(throws: Refusal.self) {
            try await decisions.approve(waiting, "prod/promote", by: .init(email: "nobody@contoso.example"))
        }
        try await decisions.approve(waiting, "prod/promote", by: .init(email: "mads@contoso.example"), comment: "go")
        let executor = ScriptedExecutor()
        let ended = try await runner(store, executor).resume(waiting, by: "rana@contoso.example").state
        #expect(ended.status == .succeeded)
        // What gates ask about is looked at anew.
        #expect(executor.order == ["prod/promote.preview", "prod/promote.eligible", "prod/promote", "notes"])
        let after = try await store.events(of: waiting, after: 0)
        #expect(Array(after.prefix(before.count)) == before)
        #expect(after.count > before.count)
        // The group is free now, so that the next run is let in.
        let next = try await runner(store, executor).resume(queued, by: "rana@contoso.example").state
        #expect(next.queue == nil)
        #expect(try await store.locks().map(\.run) == [queued])
    }

    /// Writes the store of today, unless there is one: a run that succeeded, one that waits, one in the queue.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ALMRUN_WRITE_FIXTURE"] != nil))
    func writeTodaysStore() async throws {
        let place = Self.fixtures.appending(path: "store-\(Schema.format)-events-\(RunEvent.format)").path
        guard !FileManager.default.fileExists(atPath: place) else { return }
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let objects = ObjectStore(folder: folder.path("objects/sha256"))
        let executor = ScriptedExecutor(
            digest: { step, _ in step.effect == .none ? "digest of \(step.id)" : nil }, available: { _ in true },
            script: { step, _, _ in
                .succeeded([
                    "text": .string(step.id == "deploy" ? String(repeating: "a large output ", count: 400) : "x")
                ])
            })
        let runner = Runner(store: store, objects: objects) { _ in executor }
        let decisions = Decisions(store: store, objects: objects)
        let lint = Step(id: "lint", work: .stage("test.work"), effect: .none)
        let plan = samplePlan([lint] + samplePlan().steps)
        for run in ["release-20261121-070000-aaaa", "release-20261121-070100-bbbb", "release-20261121-070200-cccc"] {
            _ = try await runner.start(plan, RunRequest(run: RunID(run), requester: "eve@contoso.com"))
            guard run.hasSuffix("aaaa") else { continue }
            try await decisions.approve(RunID(run), "ask", by: .init(email: "ann@contoso.com"), comment: "fine")
            _ = try await runner.resume(RunID(run), by: "eve@contoso.com")
        }
        try await store.shrink()
        for name in ["runs.sqlite", "objects"] {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: folder.path(name), toPath: "\(place)/\(name)")
        }
    }
}
