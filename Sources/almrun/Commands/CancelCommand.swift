import ArgumentParser
import Documents
import Engine
import Foundation
import Git
import Pipelines
import Reporting

/// Asks for the end of a run.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel a run: its stages are stopped, its `finally` stages run.",
        discussion: """
            When the run's process was killed, what its stages left running is ended first; what it left on another host \
            cannot be, and is told. Exit status 75: the run cannot end before a person has said what they found.

            Example: almrun cancel latest --reason "wrong version"
            """)

    @Argument(help: "The run: its name, the beginning of it, or 'latest'.")
    var run: String

    @Option(help: "Why.")
    var reason: String?

    @OptionGroup var common: CommonOptions

    func validate() throws { try checkLength(of: reason, "--reason") }

    func run() async throws {
        let workspace = try common.workspace()
        let opened = try await OpenedRun(run, in: workspace)
        let run = opened.state.run
        let person = try workspace.person()
        let session = RunSession(workspace: workspace, store: opened.store)
        let ending = try await session.work(on: nil) {
            RunEnding(state: try await $0.cancel(run, by: person.email, reason: reason))
        }
        let state = ending.state
        let holder = try await opened.store.holder(of: run)
        // Without a process it was this one that ended the run, or came to where a person is needed.
        let isAsked = !state.status.isFinished && (holder != nil || state.status == .running)
        let isLeft = state.status == .waiting && !isAsked
        // Another cancel may have ended it, and somebody have wanted it after all.
        let isInDoubt = isLeft && state.cancelRequest != nil
        switch common.format {
        case .json:
            Console.print([
                "run": .string(run.rawValue), "status": .string(state.status.rawValue), "asked": .boolean(isAsked),
                "process": isAsked ? LockReport.value(holder) : .null,
                "inDoubt": .list(
                    (state.stepsInDoubt + state.uncertainSteps.map(\.step.id)).map { .string($0.rawValue) }),
            ])
        case .text where isInDoubt: Console.print(RunReport(state, now: Date()).ending)
        case .text where isLeft:
            Console.print(line: "\(run): was cancelled meanwhile, and was taken up anew since: it is waiting")
        case .text:
            for note in state.doubtNotes { Console.print(line: safeText(note)) }
            Console.print(line: "\(run): \(isAsked ? Self.asked(holder, run) : state.status.rawValue)")
        }
        if isInDoubt { throw ExitCode(ExitStatus.waiting) }
    }

    /// Who was asked to stop, and when it comes to that.
    private static func asked(_ process: RunHold.Holder?, _ run: RunID) -> String {
        guard let process else {
            return "asked the process that works on it to stop; `almrun show \(run)` says how it ended"
        }
        return process.isStopped
            ? "the end is asked for, and process \(process.process), which works on it, is stopped: it hears of it when "
                + "`kill -CONT \(process.process)` lets it go on"
            : "asked process \(process.process) to stop; `almrun show \(run)` says how it ended"
    }
}
