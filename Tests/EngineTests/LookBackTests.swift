import Documents
import Foundation
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// What was cut off is looked for, and a look that hangs holds nobody up.
@Suite struct LookBackTests {
    /// Works until it is stopped, and looks back as the test says.
    private final class Executor: StageExecutor {
        private struct World {
            var begun = 0
            var looks = 0
        }

        private let world = Mutex(World())
        private let answer: Recovery<Value>?
        private let finds: Bool

        /// - Parameters:
        ///   - answer: What a look back finds; nil for one that never ends.
        ///   - finds: Whether an attempt that looks first ever finds anything.
        init(_ answer: Recovery<Value>?, finds: Bool = true) {
            self.answer = answer
            self.finds = finds
        }

        var begun: Int { world.withLock(\.begun) }
        var looks: Int { world.withLock(\.looks) }

        func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome {
            world.withLock { $0.begun += 1 }
            if attempt.recovering {
                if !finds { await Self.hang() }
                return .found(["found": true])
            }
            do { try await Task.sleep(for: .seconds(600)) } catch { return .cancelled }
            return .succeeded([:])
        }

        func lookBack(at step: Step, input: Value, attempt: Attempt) async -> Recovery<Value> {
            world.withLock { $0.looks += 1 }
            if let answer { return answer }
            await Self.hang()
            return .notStarted
        }

        /// As in a call of the system that does not come back, whoever is cancelled.
        private static func hang() async {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    Thread.sleep(forTimeInterval: 600)
                    continuation.resume()
                }
            }
        }
    }

    private let store = MemoryRunStore()
    private let remarks = Remarks()

    private final class Remarks: Sendable {
        let texts = Mutex<[String]>([])
        var all: [String] { texts.withLock(\.self) }
    }

    private func runner(_ executor: Executor) -> Runner {
        var settings = RunnerSettings()
        settings.lookPatience = 0.05
        settings.poll = 0.02
        return Runner(
            store: store, settings: settings,
            observe: { [remarks] notice in
                if case .remark(let text) = notice { remarks.texts.withLock { $0.append(text) } }
            }, executor: { _ in executor })
    }

    private let deployment = plan([step("deploy", .once)])

    private func start(_ executor: Executor, _ plan: Plan) -> Task<RunState, any Error> {
        let runner = runner(executor)
        return Task { try await runner.start(plan, RunRequest(run: "r1", requester: "eve@contoso.com")).state }
    }

    private func hasBegun(_ executor: Executor, _ times: Int = 1) async throws {
        while executor.begun < times { try await Task.sleep(for: .milliseconds(2)) }
    }

    private let said =
        "'deploy' was cut off: looking whether it took effect took longer than 0.05 s, so that it is not known"

    @Test func aSignalIsNotHeldUpByALookThatHangs() async throws {
        let executor = Executor(nil)
        let run = start(executor, deployment)
        try await hasBegun(executor)
        run.cancel()
        let state = try await run.value
        #expect(state.status == .cancelled)
        #expect(state["deploy"]?.isInDoubt == true)
        #expect(executor.looks == 1)
        #expect(remarks.all == [said])
    }

    /// The process was killed, and somebody cancels the run.
    @Test func aCancelIsNotHeldUpByALookThatHangs() async throws {
        let executor = Executor(nil)
        try await cutOff()
        let state = try await runner(executor).cancel("r1", by: "ann@contoso.com")
        #expect(state.status == .cancelled)
        #expect(state["deploy"]?.isInDoubt == true)
        #expect(remarks.all == [said])
    }

    /// Who takes the run up waits for what it finds, and a signal ends that.
    @Test func aSignalEndsARecoveryThatHangs() async throws {
        let executor = Executor(.notStarted, finds: false)
        try await cutOff()
        let runner = runner(executor)
        let run = Task { try await runner.resume("r1", by: "eve@contoso.com").state }
        try await hasBegun(executor)
        run.cancel()
        let state = try await run.value
        #expect(state.status == .cancelled)
        #expect(state["deploy"]?.isInDoubt == true)
        #expect(remarks.all == [said])
        // The next look would hang as well.
        #expect(executor.looks == 0)
    }

    /// A run of which a process was killed in the middle of its step.
    private func cutOff(_ plan: Plan? = nil) async throws {
        let creation = RunCreation(
            run: "r1", plan: plan ?? deployment, requester: "eve@contoso.com", process: "elsewhere:1")
        let first = LedgerLine(RunEvent(sequence: 1, time: Date(), previous: "", kind: .created(creation)))
        var state = try RunState(first)
        let token = state.token(of: deployment.steps[0], input: [:])
        let begun = try state.add(
            .started("deploy", attempt: 1, token: token, fence: nil, recovering: false), now: Date())
        try await store.append(EventBatch(after: 0, lines: [first, begun], summary: state.summary), to: "r1")
    }

    // MARK: A group that is taken away

    private func takeAway(_ answer: Recovery<Value>?) async throws -> RunState {
        let executor = Executor(answer)
        let run = start(executor, plan([step("deploy", .once)], concurrency: Plan.Concurrency(group: "g")))
        try await hasBegun(executor)
        _ = try await LockRegister(store: store).release("g", by: "ann@contoso.com", reason: "stuck", force: true)
        return try await run.value
    }

    @Test func whatHadDoneNothingWhenItsGroupWasTakenAwayIsNotInDoubt() async throws {
        let rested = try await takeAway(.notStarted)
        #expect(rested.status == .waiting)
        #expect(rested["deploy"]?.status == .waiting && rested["deploy"]?.isInDoubt == false)
        #expect(rested.groupLoss?.person == "ann@contoso.com")
        let why = try #require(rested.why("deploy", now: Date()))
        #expect(
            why.headline == "\(try #require(rested.groupLoss).text); nothing had been changed by then")
        let again = ScriptedExecutor()
        let end = try await Runner(store: store) { _ in again }.resume("r1", by: "eve@contoso.com").state
        #expect(end.status == .succeeded)
        #expect(again.calls.map(\.recovering) == [false])
    }

    /// It counts for nothing, as it was done under a group of others; but it is found when the run is taken up.
    @Test(arguments: [true, false]) func whatMayHaveBeenDoneIsInDoubt(_ isKnown: Bool) async throws {
        let rested = try await takeAway(isKnown ? .completed([:]) : nil)
        #expect(rested.status == .waiting)
        #expect(rested["deploy"]?.status == .pending && rested["deploy"]?.isInDoubt == true)
    }

    /// Who gives way to a newer run looks first what was cut off, as somebody's cancel would.
    @Test(arguments: [Recovery<Value>.completed([:]), .notStarted])
    func whoGivesWayLooksFirst(_ answer: Recovery<Value>) async throws {
        var (older, newer) = (deployment, deployment)
        older.concurrency = Plan.Concurrency(group: "g", pending: .supersede)
        newer.concurrency = older.concurrency
        try await cutOff(older)
        let second = RunCreation(run: "r2", plan: newer, requester: "eve@contoso.com", process: "elsewhere:2")
        let line = LedgerLine(RunEvent(sequence: 1, time: Date() + 60, previous: "", kind: .created(second)))
        try await store.append(EventBatch(after: 0, lines: [line], summary: try RunState(line).summary), to: "r2")
        let hold = try await store.hold("r2")
        defer { hold.release() }
        let state = try await runner(Executor(answer)).resume("r1", by: "eve@contoso.com").state
        #expect(state.cancelRequest?.newerRun == "r2" && state.status == .cancelled)
        let isDone = if case .completed = answer { true } else { false }
        #expect(state["deploy"]?.status == (isDone ? .succeeded : .cancelled))
        #expect(state.stepsInDoubt.isEmpty)
    }
}
