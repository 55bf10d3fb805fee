import ArgumentParser
import Documents
import Engine
import Foundation
import Git
import Pipelines

/// Takes a run up again where it stopped.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Carry on with a run where it stopped.",
        discussion: """
            What ended well is kept, what was cut off is looked after first, what failed is done again. With --rerun, \
            of a run that ended badly only the named stages are done again, and what they blocked or was \
            cancelled behind them before it began; of a run that waits elsewhere, the named stages that have failed, were \
            cancelled, asked for too long or count as done on somebody's word (where nothing behind them asks people or took \
            effect) are done again, and those that are tried again later are tried at once. What --assume says is taken of a run that waits for it, and of one that \
            is over, where looking once more (also by a probe) does not say otherwise: such a run stays as it is and nothing \
            begins, unless --rerun is given.

            Example: almrun resume latest
            Example: almrun resume latest --rerun test/promote
            Example: almrun resume release-20261121 --assume prod/promote=done
            """)

    @Argument(help: "The run: its name, the beginning of it, or 'latest'.")
    var run: String

    @Option(help: "Say whether an uncertain effect happened: STAGE=done or STAGE=not-done.")
    var assume: [String] = []

    @Option(
        help:
            "Do only this stage again, of those that failed, were rejected or were cancelled, or try it now and not later; may be repeated."
    )
    var rerun: [String] = []

    @OptionGroup var running: RunningOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { _ = try assumptions() }

    func run() async throws {
        let workspace = try common.workspace()
        try running.checkReport(in: workspace)
        let opened = try await OpenedRun(run, in: workspace)
        let person = try workspace.person().email
        let assumptions = try assumptions()
        for assumption in assumptions { _ = try opened.step(assumption.step.rawValue) }
        let only = try rerun.map { try opened.step($0) }
        if !opened.state.takesDown(assumptions, rerunning: only) {
            try workspace.checkFiles(of: opened.state, resumedBy: person)
        }
        let session = RunSession(
            workspace: workspace, store: opened.store, settings: running.settings, isVerbose: running.verbose,
            junit: running.junit)
        let seen = opened.state
        let ending = try await session.work(on: seen.plan) {
            try await $0.resume(seen.run, by: person, assumptions: assumptions, only: only, seen: seen)
        }
        let status = try await session.finish(ending, format: common.format)
        guard ending.isOnlyNoted else {
            if seen.status == .succeeded { Console.error("nothing was to be done: the run had succeeded") }
            throw ExitCode(status)
        }
        for assumption in assumptions {
            let already = seen.isTakenDown(assumption, by: person) ? " already" : ""
            Console.error(
                "taken down\(already): '\(assumption.step)' was \(assumption.isDone ? "" : "not ")done; nothing was begun"
                    + (ending.state.lookAgain(at: assumption.step).map { "; \($0)" }
                        ?? ", and the run does not go on with it"))
            if let before = seen.contradicted(by: assumption) {
                Console.error(safeText("note: that is the opposite of what was said before: \(before)"))
            }
        }
    }

    private func assumptions() throws -> [Assumption] {
        let assumptions = try assume.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, ["done", "not-done"].contains(parts[1]) else {
                throw ValidationError("--assume is STAGE=done or STAGE=not-done, not '\(text)'")
            }
            return Assumption(step: StepID(parts[0]), isDone: parts[1] == "done")
        }
        for (position, one) in assumptions.enumerated()
        where assumptions[..<position].contains(where: { $0.step == one.step }) {
            throw ValidationError("--assume says of '\(one.step)' twice what is with it")
        }
        return assumptions
    }
}
