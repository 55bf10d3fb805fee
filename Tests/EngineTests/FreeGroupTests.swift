import Documents
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// What a run waits for may have come to its end since it wrote that down.
@Suite struct FreeGroupTests {
    private func waitingPair() async throws -> Bench {
        let bench = Bench(Found().executor)
        var plan = guardedPlan([("approval", .approval(ApprovalPolicy(role: "release-manager")))])
        plan.concurrency = Plan.Concurrency(group: "g")
        _ = try await bench.start(plan, run: "a")
        let second = try await bench.start(plan, run: "b")
        try #require(second.queue?.holder == "a")
        return bench
    }

    @Test func aGroupThatNobodyHasIsFree() async throws {
        let bench = try await waitingPair()
        let before = try await bench.state(of: "b").facing(try await bench.store.locks())
        #expect(before.queue?.isFree == false)
        #expect(before.queue?.text.hasPrefix("waits for run 'a' of the same group 'g', which has it since ") == true)
        _ = try await bench.runner.cancel("a", by: "eve@contoso.com")
        let locks = try await bench.store.locks()
        let after = try await bench.state(of: "b").facing(locks)
        let text = "waits its turn in the group 'g', which nobody has now; run 'a' was before it"
        #expect(after.queue?.text == text)
        #expect(after.why("prod", now: bench.clock.now)?.headline.contains("waits for 'prod.approval'") == true)
        #expect(after.why("prod.preview", now: bench.clock.now)?.headline == "the run \(text)")
        #expect(after.summary.waits.map(\.suspension.message) == [text])
        let summaries = try await bench.store.runs(matching: .all).map { $0.facing(locks) }
        #expect(summaries.first { $0.run == "b" }?.waits.map(\.suspension.message) == [text])
    }

    @Test func anotherRunMayHaveItByNow() async throws {
        let bench = try await waitingPair()
        _ = try await bench.runner.cancel("a", by: "eve@contoso.com")
        bench.clock.advance(by: 60)
        let claim = try await bench.store.claim(
            Lock.group("g"), run: "c", step: "", now: bench.clock.now, until: nil)
        guard case .granted = claim else {
            Issue.record("somebody else has the group")
            return
        }
        let locks = try await bench.store.locks()
        let text = try await bench.state(of: "b").facing(locks).queue?.text
        #expect(text?.hasPrefix("waits for run 'c' of the same group 'g', which has it since ") == true)
        let summaries = try await bench.store.runs(matching: .all).map { $0.facing(locks) }
        #expect(summaries.first { $0.run == "b" }?.waits.map(\.suspension.message) == [text ?? ""])
    }

    /// Whoever was stopped between the claim and the event that says so has the group all the same.
    @Test func itMayHaveItByItself() async throws {
        let bench = try await waitingPair()
        _ = try await bench.runner.cancel("a", by: "eve@contoso.com")
        _ = try await bench.store.claim(Lock.group("g"), run: "b", step: "", now: bench.clock.now, until: nil)
        let locks = try await bench.store.locks()
        let since = EventTime.text(try #require(locks.first).since)
        let text = "has the group 'g' since \(since), and has not gone on with it"
        #expect(try await bench.state(of: "b").facing(locks).queue?.text == text)
        let summaries = try await bench.store.runs(matching: .all).map { $0.facing(locks) }
        #expect(summaries.first { $0.run == "b" }?.waits.map(\.suspension.message) == [text])
    }

    /// Who only comes first has nothing since any time; once it has it, that is said.
    @Test func whoComesFirstDoesNotHaveIt() throws {
        var plan = plan([step("prod", .once, environment: "prod")])
        plan.concurrency = Plan.Concurrency(group: "g")
        let creation = RunCreation(run: "r3", plan: plan, requester: "eve@contoso.com")
        var state = try RunState(
            LedgerLine(RunEvent(sequence: 1, time: time, previous: "", kind: .created(creation))))
        _ = try state.add(.queued(group: "g", holder: "r2", since: nil), now: time + 1)
        #expect(state.queue?.text == "waits for run 'r2' of the same group 'g', which comes first")
        #expect(state.facing([]).queue?.text.contains("which nobody has now; run 'r2' was before it") == true)
        let lock = Lock(name: Lock.group("g"), run: "r2", step: "", fence: 2, since: time + 9, expires: nil)
        let text = "waits for run 'r2' of the same group 'g', which has it since \(EventTime.text(time + 9))"
        #expect(state.facing([lock]).queue?.text == text)
        _ = try state.add(.rested, now: time + 2)
        #expect(state.summary.facing([lock]).waits.map(\.suspension.message) == [text])
    }

    private let time = Date(timeIntervalSince1970: 1_790_000_000)
    private let name = Lock.environment("prod")

    /// A run of which a step waits for an environment that another run has, or for its turn there.
    private func waiting(for holder: String, _ holderStep: String?, isNext: Bool = false) throws -> RunState {
        let creation = RunCreation(
            run: "r1", plan: plan([step("prod", .once, environment: "prod")]), requester: "eve@contoso.com")
        var state = try RunState(
            LedgerLine(RunEvent(sequence: 1, time: time, previous: "", kind: .created(creation))))
        _ = try state.add(
            .lockWaited("prod", lock: name, holder: holder, holderStep: holderStep, since: time, isNext: isNext),
            now: time)
        return state
    }

    /// A step that waits for its environment.
    @Test func anEnvironmentMayBeFreeByNow() throws {
        let state = try waiting(for: "other", "x")
        let held = Lock(name: name, run: "other", step: "x", fence: 1, since: time, expires: nil)
        #expect(state.facing([held]).waits.first?.suspension == state.waits.first?.suspension)
        let now = state.facing([]).waits.first?.suspension
        #expect(now?.message == "waited for environment prod, which run 'other' no longer has: it is free")
        #expect(now?.cause == state.waits.first?.suspension.cause)
    }

    /// A step that waits for its environment, or for its turn there, while another run than the one it names has it.
    @Test(arguments: [false, true]) func anotherRunMayHaveTheEnvironmentByNow(_ isNext: Bool) throws {
        let state = try waiting(for: "old", nil, isNext: isNext)
        let said = state.waits.first?.suspension
        func seen(_ run: RunID, _ step: String) -> Suspension? {
            state.facing([Lock(name: name, run: run, step: step, fence: 2, since: time + 9, expires: nil)])
                .waits.first?.suspension
        }
        let text = "waits for environment prod, which step 'go' of run 'new' holds since 2026-09-21T14:13:29.000Z"
        #expect(seen("new", "go")?.message == text && seen("new", "go")?.lock?.holder == "new")
        // The one before it has its turn now.
        #expect(seen("old", "go")?.message.contains("which step 'go' of run 'old' holds") == (isNext ? true : false))
        // Its own claim is about to be written down.
        #expect(seen("r1", "prod") == said)
        var summary = state.summary
        summary.waits = state.waitsForLocks
        let lock = Lock(name: name, run: "new", step: "go", fence: 2, since: time + 9, expires: nil)
        #expect(summary.facing([lock]).waits.map(\.suspension.message) == [text])
    }

    /// Of two runs that begin in the same instant, where neither sees the other at first, only one gets in.
    @Test func aGroupThatTakesNoSecondRunCallsOffTheOneThatCameLater() async throws {
        let bench = Bench()
        let other = try await bench.store.hold("r0")
        defer { other.release() }
        let (group, store, clock) = (Lock.group("g"), bench.store, bench.clock)
        let comesFirst: @Sendable (FaultyRunStore.Look) async -> Void = { look in
            guard look == .locks else { return }
            // Once it has the group, it stays there.
            _ = try? await store.claim(group, run: "r0", step: "", now: clock.now, until: nil)
        }
        let faulty = FaultyRunStore(store, failing: nil, looked: comesFirst)
        let runner = Runner(store: faulty, clock: clock.clock, settings: bench.settings) { _ in bench.executor }
        let cleanup = step("bye", finally: true)
        let refusal = await bench.refusal {
            _ = try await runner.start(
                plan([step("a", .once), cleanup], concurrency: Plan.Concurrency(group: "g", pending: .refuse)),
                RunRequest(run: "r1", requester: "ann@contoso.com"))
        }
        #expect(refusal?.code == "run/group-busy")
        let state = try await bench.state
        #expect(state.status == .cancelled && state["a"]?.attempts == 0)
        let request = try #require(state.cancelRequest)
        #expect(request.person == "ann@contoso.com" && request.reason?.contains("run 'r0' of the group 'g'") == true)
        #expect(bench.executor.order == [] && state["bye"]?.status == .cancelled)
        #expect(try await store.locks().map(\.run) == ["r0"])
    }
}
