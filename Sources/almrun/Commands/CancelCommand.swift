import ArgumentParser
import Documents
import Engine
import Git

/// Asks for the end of a run.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel a run: its stages are stopped, its `finally` stages run.",
        discussion: "Example: almrun cancel latest --reason \"wrong version\"")

    @Argument(help: "The run: its name, the beginning of it, or 'latest'.")
    var run: String

    @Option(help: "Why.")
    var reason: String?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let workspace = try common.workspace()
        let opened = try await OpenedRun(run, in: workspace)
        let run = opened.state.run
        let person = try workspace.person()
        let state = try await Decisions(store: opened.store).cancel(run, by: person.email, reason: reason)
        let holder = try await opened.store.holder(of: run)
        switch common.format {
        case .json: Console.print(["run": .string(run.rawValue), "status": .string(state.status.rawValue)])
        case .text:
            Console.print(
                holder == nil
                    ? "\(run): it will end as cancelled when it is resumed: `almrun resume \(run)`"
                    : "\(run): asked process \(holder.map { "\($0.process)" } ?? "") to stop")
        }
    }
}
