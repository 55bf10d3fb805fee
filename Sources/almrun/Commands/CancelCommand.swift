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
            When the run's process was killed, what its stages left running is ended first; what it left on another host, \
            or another user's, cannot be, and is told. A process that works on the run is asked to stop, and is not waited for without --wait. \
            Exit status 0: the run is cancelled, or its process was asked to stop; 75: it cannot end before a person has \
            said what they found; 130: a signal ended the waiting of --wait, and the run is still to be stopped.

            A run that has failed at a gate which somebody may bypass is withdrawn: it leaves the inboxes, no bypass is taken \
            any more, and who resumes it all the same is asked anew at every gate. So is a rollback that nobody wants any more.

            Example: almrun cancel latest --reason "wrong version" --wait
            """)

    @Argument(help: "The run: its name, the beginning of it, or 'latest'.")
    var run: String

    @Option(help: "Why.")
    var reason: String?

    @Flag(help: "Wait until the process that works on the run has ended it.")
    var wait = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try checkLength(of: reason, "--reason")
        if let reason, reason.allSatisfy(\.isWhitespace) {
            throw ValidationError("--reason says nothing: say why, or leave it out")
        }
    }

    func run() async throws {
        let workspace = try common.workspace()
        let opened = try await OpenedRun(run, in: workspace)
        let run = opened.state.run
        let person = try workspace.person()
        let state = try await end(run, by: person.email, opened.store, in: workspace)
        // The first request is the one that is kept.
        if let reason, let first = state.cancelRequest, first.reason != reason {
            Console.error("note: \(first.person) had cancelled it before; the reason that was given now is not kept")
        }
        let holder = try await opened.store.holder(of: run)
        let isAsked = Self.isAsked(state, holder)
        let isLeft = !state.status.isFinished && !isAsked
        // Another cancel may have ended it, and somebody have wanted it after all.
        let isInDoubt = isLeft && state.cancelRequest != nil
        switch common.format {
        case .json:
            Console.print([
                "run": .string(run.rawValue), "status": .string(state.status.rawValue), "asked": .boolean(isAsked),
                "withdrawn": .boolean(state.isWithdrawn),
                "process": isAsked ? LockReport.value(holder) : .null,
                "inDoubt": .list(
                    (state.stepsInDoubt + state.uncertainSteps.map(\.step.id)).map { .string($0.rawValue) }),
            ])
        case .text where isInDoubt: Console.print(RunReport(state, now: Date()).ending)
        case .text where isLeft:
            Console.print(
                line: "\(run): was cancelled meanwhile, and was taken up anew since: it is \(state.status.rawValue)")
        case .text where state.isWithdrawn:
            Console.print(
                line: "\(run): withdrawn: nobody is asked to bypass a gate of it any more; "
                    + "`almrun resume \(run)` would ask anew")
        case .text:
            for note in state.doubtNotes { Console.print(line: safeText(note)) }
            Console.print(line: "\(run): \(isAsked ? Self.asked(holder, run) : state.status.rawValue)")
        }
        if isInDoubt { throw ExitCode(ExitStatus.waiting) }
        // Only a signal ends the waiting before the run has ended: what comes after it must not go on.
        if wait, isAsked { throw ExitCode(ExitStatus.interrupted) }
        // It had come to another end before it could be stopped.
        let isStopped = state.status == .cancelled || state.isWithdrawn
        if wait, state.status.isFinished, !isStopped { throw ExitCode(ExitStatus.rejected) }
    }

    /// Has the run ended; one that is cancelled already is as it was asked for.
    private func end(
        _ run: RunID, by person: String, _ store: any RunStore, in workspace: Workspace
    ) async throws -> RunState {
        var session = RunSession(workspace: workspace, store: store)
        session.onSignal = "the run stays to be cancelled; `almrun cancel \(run)` ends it where nobody does"
        do {
            return try await session.work(on: nil) { runner in
                var state = try await runner.cancel(run, by: person, reason: reason)
                var isTold = false
                while wait, !Task.isCancelled {
                    let holder = try await store.holder(of: run)
                    state = try await RunState.load(run, from: store)
                    guard !state.status.isFinished, state.cancelRequest != nil else { break }
                    if holder == nil {
                        // Its process has died, or let the run rest; otherwise it was this one that did.
                        guard isTold || state.status == .running else { break }
                        state = try await runner.cancel(run, by: person, reason: reason)
                        if state.status == .waiting { break }
                    } else if !isTold {
                        Console.error("\(run): \(Self.asked(holder, run)); waits until then")
                        isTold = true
                    }
                    // A signal ends it early.
                    try? await Task.sleep(for: .milliseconds(200))
                }
                return RunEnding(state: state)
            }.state
        } catch let refusal as Refusal where refusal.code == "run/finished" {
            let state = try await RunState.load(run, from: store)
            guard state.status == .cancelled || state.isWithdrawn else { throw refusal }
            Console.error("\(run) is \(state.isWithdrawn ? "withdrawn" : "cancelled") already")
            return state
        }
    }

    /// Whether a process has still to stop it; without one it was this one that ended the run, or came to where a person is
    /// needed.
    private static func isAsked(_ state: RunState, _ holder: RunHold.Holder?) -> Bool {
        !state.status.isFinished && state.cancelRequest != nil && (holder != nil || state.status == .running)
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
