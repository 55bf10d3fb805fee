import ArgumentParser
import Documents
import Engine
import Foundation
import Pipelines

/// Shows what the stages of a run said.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what the stages of a run said.",
        discussion: """
            Control characters and log commands of CI services are shown and not obeyed; `--format json` has each line \
            exactly as it is in the log, where secrets are `***`. A line that is no UTF-8 has U+FFFD in its `text` for \
            what is none, and all its bytes in a member `base64`, which other lines do not have.

            Example: almrun logs latest test --follow
            """)

    @Argument(help: "The run: its name, the beginning of it, or 'latest'.")
    var run: String

    @Argument(help: "One stage; all of them by default.")
    var stage: String?

    @Flag(name: .shortAndLong, help: "Go on until the run ends or waits.")
    var follow = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let workspace = try common.workspace()
        let opened = try await OpenedRun(run, in: workspace)
        let only = try stage.map { try opened.step($0) }
        var log = RunLog(logs: workspace.logs, only: only)
        var state = opened.state
        var count = 0
        while true {
            let lines = log.next(state)
            count += lines.count
            for line in lines { show(line, withStep: only == nil) }
            guard follow, state.status == .running, let holder = try await opened.store.holder(of: state.run),
                holder.obstacle == nil
            else { break }
            try await Task.sleep(for: .milliseconds(250))
            state = try await RunState.load(state.run, from: opened.store)
        }
        for line in log.next(state) { show(line, withStep: only == nil) }
        let held = try await opened.store.events(of: state.run, after: 0).flatMap(\.event.logs)
        let gaps = log.gaps(state, held: held)
        for line in gaps { Console.error(line) }
        if count == 0, gaps.isEmpty { Console.error("nothing was said\(only.map { " by '\($0)'" } ?? "")") }
    }

    private func show(_ line: RunLog.Line, withStep: Bool) {
        common.format == .json ? Console.print(json: line.json) : Console.print(line.text(withStep: withStep))
    }
}
