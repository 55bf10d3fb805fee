import Documents
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// The lease of a run whose process was killed while a step worked in an environment.
@Suite struct LeftLeaseTests {
    private func plan(_ pending: Plan.Concurrency.Pending = .queue) -> Plan {
        let file = EnvironmentFile(name: "prod", target: .directory(path: "envs/prod"), pending: pending)
        return Plan(
            pipeline: "p", steps: [step("prod", .once, environment: "prod")], environments: ["prod": file])
    }

    private func runner(
        _ bench: Bench, _ store: any RunStore, left: [LeftProcesses] = [],
        observe: @escaping @Sendable (RunNotice) -> Void = { _ in }
    ) -> Runner {
        Runner(store: store, clock: bench.clock.clock, settings: bench.settings, observe: observe) { _ in
            LeftExecutor(inner: bench.executor, left: left)
        }
    }

    /// Carries out everything, and says what a dead process left.
    private struct LeftExecutor: StageExecutor {
        let inner: ScriptedExecutor
        let left: [LeftProcesses]

        func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome {
            await inner.execute(step, input: input, attempt: attempt)
        }

        func endLeftProcesses(of run: RunID, _ steps: [Step]) async -> [LeftProcesses] { left }
    }

    /// A run that was killed when its step had begun; gives the lease that is left.
    private func killed(_ bench: Bench) async throws -> Lock {
        // The run, its lease, its step; then the end.
        let store = FaultyRunStore(bench.store, failing: 4)
        await #expect(throws: RunStoreError.self) {
            try await runner(bench, store).start(plan(), RunRequest(run: "r1", requester: "a@b.c"))
        }
        #expect(try await bench.state(of: "r1")["prod"]?.status == .running)
        bench.clock.advance(by: 1)
        let lock = try #require(try await bench.store.locks().first)
        #expect(lock.run == "r1" && lock.fence == 1 && lock.expires.map { $0 > bench.clock.now } == true)
        return lock
    }

    @Test(arguments: [.queue, .refuse, .supersede] as [Plan.Concurrency.Pending])
    func isTakenAtOnceUnderAHigherNumber(_ pending: Plan.Concurrency.Pending) async throws {
        let bench = Bench()
        let lock = try await killed(bench)
        let remarks = Mutex<[String]>([])
        let left = LeftProcesses(step: "prod", ended: ["make (7)"])
        let runner = runner(bench, bench.store, left: [left]) { notice in
            if case .remark(let text) = notice { remarks.withLock { $0.append(text) } }
        }
        let state = try await runner.start(plan(pending), RunRequest(run: "r2", requester: "a@b.c")).state
        #expect(state.status == .succeeded)
        #expect(try #require(try await bench.started("prod", in: "r2")) < (try #require(lock.expires)))
        let fences = try await bench.store.events(of: "r2", after: 0).compactMap { line in
            if case .lockAcquired(_, _, let fence) = line.event.kind { fence } else { nil }
        }
        #expect(fences == [2])
        #expect(
            remarks.withLock(\.self) == [
                "run 'r1': prod: ended what an earlier attempt left running: make (7)",
                "environment prod: run 'r1' had it, whose process is gone: it is free",
            ])
        // The one that was killed looks what became of its effect, under a number of its own.
        #expect(try await bench.resume("r1").status == .succeeded)
        #expect(try await bench.store.locks().isEmpty)
        #expect(bench.executor.calls.map(\.recovering) == [false, false, true])
    }

    @Test func isKeptWhereAProcessWorksOnTheRun() async throws {
        let bench = Bench()
        let lock = try await killed(bench)
        let hold = try await bench.store.hold("r1")
        defer { hold.release() }
        // It does not renew it, so that it runs out in the end.
        let state = try await bench.start(plan(), run: "r2")
        #expect(state.status == .succeeded)
        #expect(try #require(try await bench.started("prod", in: "r2")) >= (try #require(lock.expires)))
    }

    @Test func isKeptWhereSomethingGoesOn() async throws {
        let bench = Bench()
        let lock = try await killed(bench)
        let left = [LeftProcesses(step: "prod", remaining: ["cc (8)"])]
        let state = try await runner(bench, bench.store, left: left)
            .start(plan(), RunRequest(run: "r2", requester: "a@b.c")).state
        #expect(state.status == .waiting)
        #expect(try await bench.store.locks() == [lock])
    }

    /// A run of somebody else, of whom the files may not be written, stops no other one.
    @Test func isKeptWhereTheRunCannotBeHeld() async throws {
        let bench = Bench()
        let lock = try await killed(bench)
        let store = FaultyRunStore(bench.store, failing: nil, refusing: "r1")
        let state = try await runner(bench, store).start(plan(), RunRequest(run: "r2", requester: "a@b.c")).state
        #expect(state.status == .waiting)
        #expect(try await bench.store.locks() == [lock])
    }

    /// What a process of another host left running cannot be seen here; one that is there may work though its lock file is
    /// gone.
    @Test(arguments: [false, true]) func isKeptWhereTheProcessMayBeThere(_ isHere: Bool) async throws {
        let bench = Bench()
        let bystander = try Bystander()
        defer { bystander.end() }
        let claim = try await left(bench, by: isHere ? bystander.name : "elsewhere:12")
        #expect(try await bench.start(plan(), run: "r2").status == .waiting)
        #expect(try await bench.store.locks().map { Claim.granted($0) } == [claim])
    }

    /// It lives at the first look, and ends after it: whoever waits asks again.
    @Test func isTakenOnceTheProcessHasEnded() async throws {
        var bench = Bench()
        let bystander = try Bystander()
        defer { bystander.end() }
        guard case .granted(let lock) = try await left(bench, by: bystander.name) else {
            Issue.record("somebody else has the environment")
            return
        }
        bench.settings.lockPatience = 600
        let runner = runner(bench, bench.store) { notice in
            if case .event(let event) = notice, case .lockWaited = event.kind { bystander.end() }
        }
        let state = try await runner.start(plan(), RunRequest(run: "r2", requester: "a@b.c")).state
        #expect(state.status == .succeeded)
        #expect(try #require(try await bench.started("prod", in: "r2")) < (try #require(lock.expires)))
    }

    /// A process of this host that does nothing.
    private final class Bystander: Sendable {
        private let number: Int32

        init() throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sleep")
            process.arguments = ["600"]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            number = process.processIdentifier
        }

        /// As a run's events name it.
        var name: String { "\(ProcessInfo.processInfo.hostName):\(number)" }

        /// Returns when it is gone.
        func end() {
            guard !WorkingProcess(name).isGone else { return }
            kill(number, SIGKILL)
            while !WorkingProcess(name).isGone { usleep(10_000) }
        }
    }

    /// A run on which a process worked that no lock file names, and the lease that it has.
    private func left(_ bench: Bench, by process: String) async throws -> Claim {
        let creation = RunCreation(run: "r1", plan: plan(), requester: "a@b.c", process: process)
        var state = try RunState(
            LedgerLine(RunEvent(sequence: 1, time: bench.clock.now, previous: "", kind: .created(creation))))
        let first = LedgerLine(
            RunEvent(sequence: 1, time: bench.clock.now, previous: "", kind: .created(creation)))
        let began = try state.add(
            .started("prod", attempt: 1, token: "t", fence: 1, recovering: false), now: bench.clock.now)
        try await bench.store.append(
            EventBatch(after: 0, lines: [first, began], summary: state.summary), to: "r1")
        let claim = try await bench.store.claim(
            Lock.environment("prod"), run: "r1", step: "prod", now: bench.clock.now,
            until: bench.clock.now.addingTimeInterval(120))
        bench.clock.advance(by: 1)
        return claim
    }

    @Test func whatGoesOnAtAnEarlierHostIsNotKnown() throws {
        let creation = RunCreation(run: "r1", plan: plan(), requester: "a@b.c", process: "elsewhere:12")
        let first = RunEvent(sequence: 1, time: Date(timeIntervalSince1970: 0), previous: "", kind: .created(creation))
        var state = try RunState(LedgerLine(first))
        _ = try state.add(.resumed(by: "a@b.c", process: Runner.process, only: []), now: first.time)
        #expect(WorkingProcess(state.lastProcess).isGone && !Aftermath.isHere(state))
    }

    /// Who lets its lease run out is passed, and that is said.
    @Test(arguments: [.queue, .refuse, .supersede] as [Plan.Concurrency.Pending])
    func whoseLeaseRanOutIsNamed(_ pending: Plan.Concurrency.Pending) async throws {
        let bench = Bench()
        let end = bench.clock.now.addingTimeInterval(10)
        _ = try await bench.store.claim(
            Lock.environment("prod"), run: "old", step: "prod", now: bench.clock.now, until: end)
        bench.clock.advance(by: 60)
        let remarks = Mutex<[String]>([])
        let runner = runner(bench, bench.store) { notice in
            if case .remark(let text) = notice { remarks.withLock { $0.append(text) } }
        }
        #expect(
            try await runner.start(plan(pending), RunRequest(run: "r2", requester: "a@b.c")).state.status == .succeeded)
        #expect(
            remarks.withLock(\.self) == [
                "environment prod: the lease of run 'old', step 'prod', ran out \(EventTime.text(end)): fence 2"
            ])
    }

    /// A group is its run's until that ends, with or without a process.
    @Test func aGroupIsNoLease() async throws {
        let bench = Bench()
        var grouped = plan()
        grouped.concurrency = Plan.Concurrency(group: "g")
        let store = FaultyRunStore(bench.store, failing: 6)
        await #expect(throws: RunStoreError.self) {
            try await runner(bench, store).start(grouped, RunRequest(run: "r1", requester: "a@b.c"))
        }
        bench.clock.advance(by: 1)
        let state = try await bench.start(grouped, run: "r2")
        #expect(state.queue?.holder == "r1")
        #expect(try await bench.store.locks().contains { $0.name == Lock.group("g") && $0.run == "r1" })
    }
}
