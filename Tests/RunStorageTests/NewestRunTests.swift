import Documents
import Engine
import Foundation
import Pipelines
import RunStorage
import TestSupport
import Testing

/// Of the runs of a group that supersede one another the newest wins, by the time at which it was made.
@Suite struct NewestRunTests {
    private func plan(_ pending: Plan.Concurrency.Pending) -> Plan {
        var plan = samplePlan()
        plan.concurrency = Plan.Concurrency(group: "g", pending: pending)
        return plan
    }

    /// Resuming an older run makes it no newer: it is refused while the newer one stands, and nothing is written.
    @Test(arguments: StoreKind.allCases) func anOlderRunThatIsResumedIsRefused(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        try await superseding(store)
        #expect(try await store.statuses(["r1", "r2"]) == [.cancelled, .waiting])
        let before = try await store.events(of: "r1", after: 0)
        let refusal = await #expect(throws: Refusal.self) { try await runner(store).resume("r1", by: "a@b.c") }
        #expect(refusal?.code == "run/superseded")
        #expect(refusal?.message.contains("'r2' is newer") == true)
        #expect(refusal?.notes.contains { $0.contains("almrun cancel r2") } == true, "\(refusal?.notes ?? [])")
        #expect(try await store.events(of: "r1", after: 0) == before)
        // What stands is taken up as ever.
        #expect(try await runner(store).resume("r2", by: "a@b.c").state["ask"]?.status == .waiting)
    }

    /// An older run that had not ended, and that a newer one did not see, ends itself.
    @Test(arguments: StoreKind.allCases) func anOlderRunThatWaitsGivesWay(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        var older = try Ledger("r1", plan: plan(.supersede), at: Date.thisMillisecond.addingTimeInterval(-60))
        try await start("r2", store)
        try await store.append(older.first, to: "r1")
        try await store.append(try older.add(.queued(group: "g", holder: "r2", since: nil), .rested), to: "r1")
        let state = try await runner(store).resume("r1", by: "a@b.c").state
        #expect(state.status == .cancelled)
        #expect(state.cancelRequest?.newerRun == "r2")
        #expect(try await store.statuses(["r1", "r2"]) == [.cancelled, .waiting])
    }

    /// The newer one is called off while both wait: the older one takes its place.
    @Test(arguments: StoreKind.allCases) func whatIsCalledOffEndsNobody(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        try await superseding(store)
        // Asked for, and not carried out yet.
        try await Decisions(store: store, clock: .system).cancel("r2", by: "a@b.c")
        #expect(try await runner(store).resume("r1", by: "a@b.c").state.cancelRequest == nil)
        #expect(try await runner(store).cancel("r2", by: "a@b.c").status == .cancelled)
        let older = try await runner(store).resume("r1", by: "a@b.c").state
        #expect(older.queue == nil && older["ask"]?.status == .waiting)
    }

    /// What was killed stands in nobody's way before somebody takes it up.
    @Test(arguments: StoreKind.allCases) func aNewerRunThatWasKilledEndsNobody(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        try await start("r1", store)
        let newer = try Ledger("r2", plan: plan(.supersede), at: Date.thisMillisecond.addingTimeInterval(60))
        try await store.append(newer.first, to: "r2")
        #expect(try await runner(store).resume("r1", by: "a@b.c").state["ask"]?.status == .waiting)
        // A process takes it up.
        let hold = try await store.hold("r2")
        #expect(try await runner(store).resume("r1", by: "a@b.c").status == .cancelled)
        hold.release()
    }

    /// Who waits behind a newer one that wants to wait as well ends nobody, itself neither.
    @Test(arguments: StoreKind.allCases) func aNewerRunThatQueuesTakesNoPlace(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        try await start("r1", store)
        var queued = try Ledger("r2", plan: plan(.queue), at: Date.thisMillisecond.addingTimeInterval(60))
        try await store.append(queued.first, to: "r2")
        try await store.append(try queued.add(.queued(group: "g", holder: "r1", since: nil), .rested), to: "r2")
        #expect(try await runner(store).resume("r1", by: "a@b.c").state["ask"]?.status == .waiting)
    }

    /// A group that refuses a second run refuses one that is taken up as well, and says what brings the first one on.
    @Test(arguments: StoreKind.allCases) func aRefusingGroupRefusesResumes(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let failing = ScriptedExecutor { _, _, _ in .failed(StageFailure(.rejected, "t/no", "no")) }
        var failed = plan(.refuse)
        failed.steps = [Step(id: "test", work: .stage("test.work"), effect: .none)]
        let first = RunRequest(run: "r1", requester: "a@b.c")
        #expect(try await runner(store, failing).start(failed, first).status == .failed)
        let second = RunRequest(run: "r2", requester: "a@b.c")
        #expect(try await runner(store).start(plan(.refuse), second).status == .waiting)
        let before = try await store.events(of: "r1", after: 0)
        func refusal() async -> Refusal? {
            await #expect(throws: Refusal.self) { try await runner(store).resume("r1", by: "a@b.c") }
        }
        let waiting = await refusal()
        #expect(waiting?.code == "run/group-busy")
        #expect(waiting?.notes.last == "it waits, and no process works on it: `almrun show r2` says for what")
        let hold = try await store.hold("r2")
        #expect(await refusal()?.notes.last?.hasSuffix(" works on it") == true)
        hold.release()
        #expect(try await store.events(of: "r1", after: 0) == before)
        // Its own place is no obstacle, and a run that is called off is brought to its end.
        #expect(try await runner(store).resume("r2", by: "a@b.c").status == .waiting)
        #expect(try await runner(store).cancel("r2", by: "a@b.c").status == .cancelled)
        #expect(try await runner(store).resume("r1", by: "a@b.c").status == .succeeded)
    }

    /// The process that had the group is gone: what holds everybody up can be taken up or called off.
    @Test(arguments: StoreKind.allCases) func aRefusalNamesTheWayPastAKilledRun(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let killed = try Ledger("r1", plan: plan(.refuse), at: .thisMillisecond)
        try await store.append(killed.first, to: "r1")
        _ = try await store.claim("group g", run: "r1", step: "", now: Date(), until: nil)
        let refusal = await #expect(throws: Refusal.self) {
            try await runner(store).start(plan(.refuse), RunRequest(run: "r2", requester: "a@b.c"))
        }
        let way = try #require(refusal?.notes.last)
        #expect(way.contains("its process is gone"))
        #expect(way.contains("almrun resume r1") && way.contains("almrun cancel r1"))
    }

    private func superseding(_ store: any RunStore) async throws {
        try await start("r1", store)
        try await start("r2", store)
    }

    private func start(_ run: RunID, _ store: any RunStore) async throws {
        // Runs that are made in one millisecond are equally old.
        try await Task.sleep(for: .milliseconds(5))
        let state = try await runner(store).start(plan(.supersede), RunRequest(run: run, requester: "a@b.c")).state
        #expect(state["ask"]?.status == .waiting)
    }

    /// When the newer one has ended nothing is in the way.
    @Test(arguments: StoreKind.allCases) func anOlderRunMayComeAfterTheNewerOne(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        try await superseding(store)
        _ = try await runner(store).cancel("r2", by: "a@b.c")
        let older = try await runner(store).resume("r1", by: "a@b.c").state
        #expect(older.queue == nil && older["ask"]?.status == .waiting)
    }
}
