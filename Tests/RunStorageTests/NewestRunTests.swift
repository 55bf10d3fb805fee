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

    /// Resuming an older run makes it no newer: it waits behind the newer one, and is ended when that one goes on.
    @Test(arguments: StoreKind.allCases) func anOlderRunThatIsResumedGivesWay(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        func start(_ run: RunID) async throws -> RunState {
            // Runs that are made in one millisecond are equally old.
            try await Task.sleep(for: .milliseconds(5))
            return try await runner(store).start(plan(.supersede), RunRequest(run: run, requester: "a@b.c")).state
        }
        #expect(try await start("r1")["ask"]?.status == .waiting)
        #expect(try await start("r2")["ask"]?.status == .waiting)
        #expect(try await store.statuses(["r1", "r2"]) == [.cancelled, .waiting])

        let older = try await runner(store).resume("r1", by: "a@b.c").state
        #expect(older.queue?.holder == "r2")
        #expect(older.cancelRequest == nil)
        #expect(try await store.statuses(["r1", "r2"]) == [.waiting, .waiting])

        #expect(try await runner(store).resume("r2", by: "a@b.c").state["ask"]?.status == .waiting)
        #expect(try await store.statuses(["r1", "r2"]) == [.cancelled, .waiting])
        #expect(try await RunState.load("r1", from: store).cancelRequest?.reason == "superseded by run 'r2'")
    }

    /// When the newer one has ended nothing is in the way.
    @Test(arguments: StoreKind.allCases) func anOlderRunMayComeAfterTheNewerOne(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        for run in ["r1", "r2"] as [RunID] {
            try await Task.sleep(for: .milliseconds(5))
            _ = try await runner(store).start(plan(.supersede), RunRequest(run: run, requester: "a@b.c"))
        }
        _ = try await runner(store).cancel("r2", by: "a@b.c")
        let older = try await runner(store).resume("r1", by: "a@b.c").state
        #expect(older.queue == nil && older["ask"]?.status == .waiting)
    }
}
