import Documents
import Foundation
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Somebody who can write to the ledger, and puts every hash right, makes a condition seem met: the gate stays shut, or
/// whoever takes the run up is told.
@Suite struct ForgedGateTests {
    private let policy = ApprovalPolicy(role: "release-manager")
    /// Fridays from 7 to 9; a bench begins on a Friday at 8.
    private let window = Gate.window(
        [ChangeWindow(days: [5], from: 7 * 60, to: 9 * 60, timeZone: "UTC")], freezes: [])
    private let freeze = Gate.window(
        [], freezes: [Freeze(from: "2027-01-15", to: "2027-01-16", reason: "Year end", timeZone: "UTC")])

    /// Adds events as somebody would who writes to the store, each at its own time.
    private func forge(_ bench: Bench, _ events: (RunEvent.Kind, Date)...) async throws {
        var state = try await bench.state
        let after = state.sequence
        var lines: [LedgerLine] = []
        for (kind, time) in events {
            let line = LedgerLine(
                RunEvent(sequence: state.sequence + 1, time: time, previous: state.head, kind: kind))
            try state.apply(line)
            lines.append(line)
        }
        try await bench.store.append(EventBatch(after: after, lines: lines, summary: state.summary), to: "r1")
    }

    private func opened(_ gate: StepID, attempt: Int = 0) -> RunEvent.Kind {
        .ended(gate, attempt: attempt, .succeeded(output: [:], object: nil, inputDigest: nil))
    }

    private func begun(_ step: StepID) -> RunEvent.Kind {
        .started(step, attempt: 1, token: "t", fence: nil, recovering: false)
    }

    private func isNamed(_ bench: Bench, _ words: String) async throws {
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(
            found.discrepancies.contains { $0.code == "verify/gate" && $0.message.contains(words) }, "\(found.text)")
        do {
            _ = try await bench.resume()
            Issue.record("it was taken up")
        } catch let error as RunStoreError {
            #expect(error.code == "store/damaged")
        }
    }

    /// The event says a time at which the window is open, or the freeze over, and which has not come.
    @Test(arguments: [false, true]) func aTimeThatHasNotComeOpensNoWindow(_ isFreeze: Bool) async throws {
        let bench = Bench(Found().executor)
        if !isFreeze { bench.clock.advance(by: 3 * 3600) }
        let plan = guardedPlan([("window", isFreeze ? freeze : window)])
        #expect(try await bench.start(plan).status == .waiting)
        let later = bench.clock.now.addingTimeInterval(isFreeze ? 3 * 86_400 : 7 * 86_400 - 3 * 3600)
        try await forge(bench, (opened("prod.window"), later))
        let state = try await bench.resume()
        #expect(state.status == .waiting && state["prod.window"]?.status == .waiting)
        #expect(!bench.executor.order.contains("prod"))
        // When the time has come it opens all the same.
        bench.clock.advance(by: isFreeze ? 3 * 86_400 : 7 * 86_400 - 3 * 3600)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// The same, with a deployment that is said to have begun meanwhile: it is looked for, and not done.
    @Test func aForgedBeginningDeploysNothing() async throws {
        let executor = ScriptedExecutor { step, _, attempt in
            if case .gate = step.work { return .succeeded((try? ValueEncoder().encode(Preview(plan: "d1"))) ?? .null) }
            guard attempt.recovering, !attempt.shut.isEmpty else { return .succeeded([:]) }
            return .failed(StageFailure(.stale, "gate/shut", "shut", notes: attempt.shut))
        }
        let bench = Bench(executor)
        bench.clock.advance(by: 3 * 3600)
        #expect(try await bench.start(guardedPlan([("window", window)])).status == .waiting)
        let later = bench.clock.now.addingTimeInterval(7 * 86_400 - 3 * 3600)
        try await forge(bench, (opened("prod.window"), later), (begun("prod"), later))
        let state = try await bench.resume()
        #expect(state.status == .waiting && state["prod"]?.status == .pending && state["prod"]?.isInDoubt == false)
        #expect(executor.calls.filter { $0.step == "prod" }.allSatisfy { $0.recovering })
    }

    /// A run that waits for people, outside the window by now: somebody says that the gate opened while it was open.
    @Test func aTimeBeforeWhatCameBeforeIsNamed() async throws {
        let bench = Bench(Found().executor)
        let begin = bench.clock.now
        #expect(
            try await bench.start(guardedPlan([("approval", .approval(policy)), ("window", window)])).status == .waiting
        )
        bench.clock.advance(by: 3 * 3600)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        try await forge(
            bench,
            (
                .ended(
                    "prod.approval", attempt: 0,
                    .succeeded(output: ["approvedBy": ["ann@contoso.com"]], object: nil, inputDigest: nil)),
                bench.clock.now
            ), (opened("prod.window"), begin))
        try await isNamed(bench, "opens 'prod.window'")
    }

    /// What another environment holds is asked of it again; that a gate was told so only the ledger says.
    @Test(arguments: [0.0, 3600]) func anotherEnvironmentIsAskedAgain(_ soak: Double) async throws {
        let isThere = Mutex(false)
        let executor = ScriptedExecutor { step, _, attempt in
            if case .gate(.eligible) = step.work {
                if isThere.withLock(\.self) { return .succeeded([:]) }
                return soak > 0
                    ? .suspended(
                        Suspension(
                            .until(Date(timeIntervalSince1970: 1_900_000_000)), code: "gate/soak", message: "soaks"))
                    : .failed(StageFailure(.rejected, "gate/not-promoted-before", "it never was there"))
            }
            if case .gate = step.work { return .succeeded((try? ValueEncoder().encode(Preview(plan: "d1"))) ?? .null) }
            guard attempt.recovering, !attempt.shut.isEmpty else { return .succeeded([:]) }
            return .failed(StageFailure(.stale, "gate/shut", "shut", notes: attempt.shut))
        }
        for isBegun in [false, true] {
            isThere.withLock { $0 = false }
            let bench = Bench(executor)
            let plan = guardedPlan([("order", .eligible(after: "test", soak: soak))])
            _ = try await bench.start(plan)
            let now = bench.clock.now
            try await forge(bench, (begun("prod.order"), now), (opened("prod.order", attempt: 1), now))
            if isBegun { try await forge(bench, (begun("prod"), now)) }
            if try await bench.state.status == .failed {
                try await forge(bench, (.resumed(by: "eve@contoso.com", process: "h:1", only: []), now))
            }
            let state = try await bench.resume()
            #expect(state.status == (soak > 0 ? .waiting : .failed), "\(isBegun)")
            #expect(state["prod.order"]?.status == (soak > 0 ? .waiting : .failed), "\(isBegun)")
            isThere.withLock { $0 = true }
            bench.clock.advance(by: 200_000_000)
            #expect(try await bench.resume().status == .succeeded)
        }
    }

    /// What should show evidence failed, and somebody says that it ended well.
    @Test func anEndThatNobodyBeganIsNamed() async throws {
        let executor = ScriptedExecutor { step, _, _ in
            step.id == "test" ? .failed(StageFailure(.rejected, "t/no", "red")) : .succeeded([:])
        }
        let bench = Bench(executor)
        let plan = guardedPlan(
            [("evidence", .evidence(EvidencePolicy(stages: ["test"]))), ("approval", .approval(policy))],
            before: [step("test")], evidence: ["test"])
        #expect(try await bench.start(plan).status == .failed)
        try await forge(bench, (opened("test", attempt: 2), bench.clock.now))
        try await isNamed(bench, "ends 'test', and nobody had begun it")
    }
}
