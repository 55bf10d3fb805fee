import Documents
import Foundation
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import Engine

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

    /// What can leave processes is a command; what was cut off beside it is waited for no longer.
    @Test(arguments: [true, false]) func onlyACommandLeavesWhatIsNotSeen(_ isCommand: Bool) async throws {
        struct Commands: StageExecutor {
            let left: [LeftProcesses]
            func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome { .succeeded([:]) }
            func endLeftProcesses(of run: RunID, _ steps: [Step]) async -> [LeftProcesses] { left }
        }
        let folder = try TemporaryFolder()
        let commands = Commands(left: isCommand ? [LeftProcesses(step: "build")] : [])
        var aftermath = Aftermath(executor: commands, logs: StepLogs(folder: folder.path("logs")))
        let looked = Mutex<[String]>([])
        // Where no process is shown, nothing of another user is seen.
        let unseen = UnseenProcesses(ofOwnerOf: folder.path, own: getuid() + 1, processes: folder.path)
        aftermath.look = { path in
            looked.withLock { $0.append(path) }
            return unseen
        }
        // No process has this number.
        let found = await aftermath.end(try state("\(ProcessInfo.processInfo.hostName):99999999"))
        #expect(found.isOver != isCommand)
        #expect(found.remarks == (isCommand ? ["build: \(try #require(unseen).text)"] : []))
        #expect(looked.withLock { $0 } == (isCommand ? [folder.path("runs/r1.lock")] : []))
    }

    /// Who began an attempt made its log; the lock may be of an earlier one.
    @Test func theLogSaysWhoseItWas() throws {
        let folder = try TemporaryFolder()
        let logs = StepLogs(folder: folder.path("logs"))
        func looked() -> String? {
            var path: String?
            _ = logs.unseenProcesses(of: "r1", "build", attempt: 1) {
                path = $0
                return nil
            }
            return path
        }
        #expect(looked() == folder.path("runs/r1.lock"))
        logs.writer(run: "r1", step: "build", attempt: 1).write("x", .note, at: time)
        #expect(looked() == logs.path(run: "r1", step: "build", attempt: 1))
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
