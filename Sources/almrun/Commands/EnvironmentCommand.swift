import ArgumentParser
import Documents
import Environments
import Foundation
import Pipelines
import Stages

/// Shows what an environment holds: solutions, bindings, flows, and what was ever done there.
struct EnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment",
        abstract: "Show what is installed and bound in an environment.",
        discussion:
            "Without a name, all environments with what is installed there.\n\nExample: almrun environment prod --history"
    )

    @Argument(help: "The name of a file in environments/.")
    var name: String?

    @Flag(help: "Every operation, oldest first, instead of the present state.")
    var history = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let workspace = try common.workspace()
        let files = try workspace.environments(named: name)
        var views: [EnvironmentView] = []
        for file in files {
            let target = try EnvironmentTargets.directory(file, root: workspace.root)
            views.append(
                EnvironmentView(
                    name: file.name, state: try await target.state(),
                    history: history ? try await target.history() : nil))
        }
        switch common.format {
        case .json: Console.print(["environments": .list(try views.map { try $0.value })])
        case .text:
            if views.isEmpty { Console.error("no environments: there is no file in environments/") }
            for view in views { Console.print(view.text(isAlone: name != nil)) }
        }
    }
}
