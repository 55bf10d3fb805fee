import Documents
import Engine
import Foundation
import GRDB
import Pipelines
import RunStorage
import TestSupport
import Testing

/// What a run does that comes to an environment in which another one works.
@Suite struct PendingTests {
    @Test(arguments: StoreKind.allCases) func queueWaitsAndSaysForWhom(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let other = try await store.occupy("prod")
        let plan = plan([deployment("deploy", in: "prod")], pending: .queue)
        let state = try await runner(store).start(plan, RunRequest(run: "r1", requester: "a@b.c")).state
        #expect(state.status == .waiting)
        let message = try #require(state["deploy"]?.suspension?.message)
        #expect(message.hasPrefix("waits for environment prod, which step 'deploy' of run 'r0' holds since 2"))
        #expect(state.why("deploy", now: Date())?.headline == message)
        let summaries = try await store.runs(matching: RunFilter(run: "r1"))
        let summary = try #require(summaries.first)
        #expect(summary.waits.first?.suspension.message == message)
        #expect(summary.waits.first?.suspension.lock?.holder == "r0")
        try await store.release(other)
        #expect(try await runner(store).resume("r1", by: "a@b.c").status == .succeeded)
    }

    @Test(arguments: StoreKind.allCases) func refuseFailsAtOnceAndChangesNothing(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let other = try await store.occupy("prod")
        let plan = plan([deployment("deploy", in: "prod")], pending: .refuse)
        let executor = ScriptedExecutor()
        let state = try await runner(store, executor, patience: 60)
            .start(plan, RunRequest(run: "r1", requester: "a@b.c")).state
        #expect(state.status == .failed)
        #expect(state.exitStatus == 1)
        let failure = try #require(state["deploy"]?.failure)
        #expect(failure.code == "run/environment-busy")
        #expect(failure.message.hasPrefix("step 'deploy' of run 'r0' works in environment 'prod' since 2"))
        #expect(failure.notes.contains("no process works on it"))
        #expect(executor.calls.isEmpty)
        #expect(try await store.locks() == [other])
        try await store.release(other)
        #expect(try await runner(store, executor).resume("r1", by: "a@b.c").status == .succeeded)
        #expect(executor.calls.count == 1)
    }

    /// A lease that ran out is nobody's.
    @Test func refuseTakesWhatRanOut() async throws {
        let store = MemoryRunStore()
        _ = try await store.claim(
            Lock.environment("prod"), run: "r0", step: "x", now: Date(timeIntervalSince1970: 0),
            until: Date(timeIntervalSince1970: 100))
        let plan = plan([deployment("deploy", in: "prod")], pending: .refuse)
        #expect(try await runner(store).start(plan, RunRequest(run: "r1", requester: "a@b.c")).status == .succeeded)
    }

    /// Whether the effect happened must be found out: the step waits for that, whatever the environment says.
    @Test(arguments: StoreKind.allCases) func anEffectInDoubtIsNotRefused(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        var ledger = try Ledger(
            "r1", plan: plan([deployment("deploy", in: "prod")], pending: .refuse), at: .thisMillisecond)
        try await store.append(ledger.first, to: "r1")
        try await store.append(
            try ledger.add(
                .lockAcquired("deploy", lock: "environment prod", fence: 1),
                .started("deploy", attempt: 1, token: "t", fence: 1, recovering: false)), to: "r1")
        let other = try await store.occupy("prod")
        let executor = ScriptedExecutor()
        let state = try await runner(store, executor).resume("r1", by: "a@b.c").state
        #expect(state["deploy"]?.status == .waiting)
        #expect(state["deploy"]?.isInDoubt == true)
        try await store.release(other)
        #expect(try await runner(store, executor).resume("r1", by: "a@b.c").status == .succeeded)
        #expect(executor.calls.map(\.recovering) == [true])
    }

    @Test(arguments: StoreKind.allCases) func supersedeEndsOlderRunsThatWait(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let other = try await store.occupy("prod", by: "r0")
        let queue = plan([deployment("deploy", in: "prod")], pending: .queue)
        // One waits without a process, one in a live one, one waits for something else.
        #expect(try await runner(store).start(queue, RunRequest(run: "r1", requester: "a@b.c")).status == .waiting)
        let live = Task {
            try await runner(store, patience: 60).start(queue, RunRequest(run: "r2", requester: "a@b.c")).status
        }
        let elsewhere = try await store.occupy("test", by: "r8")
        let third = plan([deployment("deploy", in: "test")], pending: .queue)
        #expect(try await runner(store).start(third, RunRequest(run: "r3", requester: "a@b.c")).status == .waiting)
        #expect(
            try await eventually {
                guard try await !store.events(of: "r2", after: 0).isEmpty else { return false }
                return try await RunState.load("r2", from: store)["deploy"]?.status == .waiting
            })
        let newest = plan([deployment("deploy", in: "prod")], pending: .supersede)
        let state = try await runner(store).start(newest, RunRequest(run: "r4", requester: "eve@b.c")).state
        #expect(state.status == .waiting)
        #expect(try await live.value == .cancelled)
        #expect(try await store.statuses(["r1", "r2", "r3"]) == [.cancelled, .cancelled, .waiting])
        for run in ["r1", "r2"] {
            let request = try await RunState.load(RunID(run), from: store).cancelRequest
            #expect(request?.reason == "superseded by run 'r4' at environment 'prod'")
            #expect(request?.person == "eve@b.c")
        }
        // An older run that comes back does not push the newer one out.
        #expect(try await store.locks() == [other, elsewhere])
        try await store.release(other)
        #expect(try await runner(store).resume("r4", by: "a@b.c").status == .succeeded)
    }

    @Test(arguments: StoreKind.allCases) func supersedeSparesWhatInstallsAndWhatIsNewer(_ kind: StoreKind) async throws
    {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        let other = try await store.occupy("prod", by: "r0")
        // One step waits for prod while another one of the run installs in test.
        var busy = try Ledger(
            "r1", plan: plan([deployment("a", in: "test"), deployment("b", in: "prod")], pending: .queue),
            at: .thisMillisecond)
        try await store.append(busy.first, to: "r1")
        try await store.append(
            try busy.add(
                .lockAcquired("a", lock: "environment test", fence: 1),
                .started("a", attempt: 1, token: "t", fence: 1, recovering: false),
                .lockWaited("b", lock: "environment prod", holder: "r0", since: other.since)), to: "r1")
        var newer = try Ledger(
            "r9", plan: plan([deployment("b", in: "prod")], pending: .queue),
            at: Date.thisMillisecond.addingTimeInterval(3600))
        try await store.append(newer.first, to: "r9")
        try await store.append(
            try newer.add(
                .lockWaited("b", lock: "environment prod", holder: "r0", since: other.since), .rested), to: "r9")
        var old = try Ledger("r2", plan: plan([deployment("b", in: "prod")], pending: .queue), at: .thisMillisecond)
        try await store.append(old.first, to: "r2")
        try await store.append(
            try old.add(
                .lockWaited("b", lock: "environment prod", holder: "r0", since: other.since), .rested), to: "r2")
        let state = try await runner(store).start(
            plan([deployment("deploy", in: "prod")], pending: .supersede), RunRequest(run: "r3", requester: "a@b.c")
        ).state
        #expect(state.status == .waiting)
        #expect(try await store.statuses(["r1", "r2", "r9"]) == [.running, .cancelled, .waiting])
    }

    @Test(arguments: StoreKind.allCases) func aGroupMayRefuseASecondRun(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        var first = samplePlan()
        first.concurrency = Plan.Concurrency(group: "g")
        #expect(try await runner(store).start(first, RunRequest(run: "r1", requester: "a@b.c")).status == .waiting)
        var second = first
        second.concurrency = Plan.Concurrency(group: "g", pending: .refuse)
        let refusing = second
        let refusal = await #expect(throws: Refusal.self) {
            try await runner(store).start(refusing, RunRequest(run: "r2", requester: "a@b.c"))
        }
        #expect(refusal?.code == "run/group-busy")
        #expect(try await store.runs(matching: .all).map(\.run) == ["r1"])
        // Queued it waits, and goes on when the first one has ended.
        second.concurrency = Plan.Concurrency(group: "g", pending: .queue)
        #expect(try await runner(store).start(second, RunRequest(run: "r3", requester: "a@b.c")).status == .waiting)
        _ = try await runner(store).cancel("r1", by: "a@b.c")
        let resumed = try await runner(store).resume("r3", by: "a@b.c").state
        #expect(resumed.queue == nil)
        #expect(resumed["ask"]?.status == .waiting)
        // Superseded it ends, and the newest one goes in.
        second.concurrency = Plan.Concurrency(group: "g", pending: .supersede)
        let newest = try await runner(store).start(second, RunRequest(run: "r4", requester: "a@b.c")).state
        #expect(newest["ask"]?.status == .waiting)
        #expect(try await RunState.load("r3", from: store).cancelRequest?.reason == "superseded by run 'r4'")
    }

    /// What a process works on comes to its end; when it rests instead, the newer run does not wait for it any more.
    @Test(arguments: StoreKind.allCases) func whatComesToRestMeanwhileIsSuperseded(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        let store = try kind.make(in: folder)
        var first = samplePlan()
        first.concurrency = Plan.Concurrency(group: "g")
        #expect(try await runner(store).start(first, RunRequest(run: "r1", requester: "a@b.c")).status == .waiting)
        let hold = try await store.hold("r1")
        var second = first
        second.concurrency = Plan.Concurrency(group: "g", pending: .supersede)
        let newer = second
        let live = Task {
            try await runner(store, patience: 60).start(newer, RunRequest(run: "r2", requester: "a@b.c")).state
        }
        #expect(
            try await eventually {
                guard try await !store.events(of: "r2", after: 0).isEmpty else { return false }
                return try await RunState.load("r2", from: store).queue?.holder == "r1"
            })
        #expect(try await RunState.load("r1", from: store).cancelRequest == nil)
        hold.release()
        #expect(try await live.value["ask"]?.status == .waiting)
        #expect(try await RunState.load("r1", from: store).status == .cancelled)
    }

    /// A run that cannot be read is in nobody's way, but for what it holds.
    @Test(arguments: [true, false]) func aDamagedRunIsNotSuperseded(_ inGroup: Bool) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let other = try await store.occupy("prod", by: "r0")
        func newest(_ steps: [Step]) -> Plan {
            var plan = plan(steps, pending: .supersede)
            if inGroup { plan.concurrency = Plan.Concurrency(group: "g", pending: .supersede) }
            return plan
        }
        let waiting = newest([deployment("deploy", in: "prod")])
        #expect(try await runner(store).start(waiting, RunRequest(run: "r1", requester: "a@b.c")).status == .waiting)
        try await DatabaseQueue(path: folder.path("runs.sqlite")).write { db in
            try db.execute(sql: "UPDATE event SET line = '{' WHERE id = 1 << 32 | 3")
        }
        let second = try await runner(store).start(waiting, RunRequest(run: "r2", requester: "a@b.c")).state
        // The damaged one has the group until somebody gives it up; the environment is another's.
        #expect(second.status == .waiting)
        if inGroup { #expect(second.queue?.holder == "r1") } else { #expect(second["deploy"]?.status == .waiting) }
        try await store.release(other)
        #expect(try await runner(store).resume("r2", by: "a@b.c").status == (inGroup ? .waiting : .succeeded))
    }
}
