import Documents
import Engine
import Pipelines
import Testing

import struct Foundation.Date

@Suite struct AftermathTests {
    /// Every step starts processes, and those of one cannot be ended.
    private struct Executor: StageExecutor {
        func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome { .succeeded([:]) }

        func endLeftProcesses(of run: RunID, _ steps: [Step]) async -> [LeftProcesses] {
            steps.map { step in
                LeftProcesses(
                    step: step.id, ended: step.id == "quiet" ? [] : ["make (7)"],
                    remaining: step.id == "stubborn" ? ["cc (8)"] : [])
            }
        }
    }

    private let time = Date(timeIntervalSince1970: 1_790_000_000)

    private func state(_ process: String) throws -> RunState {
        let steps = ["done", "quiet", "build", "stubborn", "later"].map { step(StepID($0), .repeatable) }
        let creation = RunCreation(
            run: "r1", plan: plan(steps), requester: "ann@contoso.com", process: process)
        var state = try RunState(LedgerLine(RunEvent(sequence: 1, time: time, previous: "", kind: .created(creation))))
        for id: StepID in ["done", "quiet", "build", "stubborn"] {
            _ = try state.add(.started(id, attempt: 1, token: "t", fence: nil, recovering: false), now: time)
        }
        _ = try state.add(
            .ended("done", attempt: 1, .succeeded(output: [:], object: nil, inputDigest: nil, found: false)), now: time)
        return state
    }

    @Test func onlyWhatWasCutOffIsAskedAbout() async throws {
        var state = try state("elsewhere:12")
        _ = try state.add(.resumed(by: "ann@contoso.com", process: "nowhere:13", only: []), now: time)
        #expect(await Aftermath(executor: Executor()).clear(state).isEmpty)
        #expect(state.lastProcess == "nowhere:13")
    }

    @Test func whatCannotBeEndedIsTold() async throws {
        let remarks = await Aftermath(executor: Executor()).clear(try state("elsewhere:12"))
        let host =
            "process 12 on elsewhere worked on it last: what that started there cannot be ended from here, and may go on"
        #expect(
            remarks == [
                "build: ended what an earlier attempt left running: make (7)",
                "stubborn: ended what an earlier attempt left running: make (7)",
                "stubborn: cannot be ended, and may go on: cc (8)",
                "quiet: \(host)", "build: \(host)", "stubborn: \(host)",
            ])
    }
}
