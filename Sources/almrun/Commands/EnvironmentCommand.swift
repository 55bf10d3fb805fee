import ArgumentParser
import Documents
import Engine
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
            "Without a name, all environments with what is installed there; one that cannot be read hides no other (exit status 3 "
            + "all the same).\n\nExample: almrun environment prod --history"
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
        var damaged: [(name: String, error: EnvironmentError)] = []
        for file in files {
            do {
                views.append(try await view(of: file, in: workspace))
            } catch let error as EnvironmentError where name == nil {
                // The others are whole all the same.
                damaged.append((file.name, error))
            }
        }
        switch common.format {
        case .json:
            var value: Value = ["environments": .list(try views.map { try $0.value })]
            if !damaged.isEmpty {
                value["unreadable"] = .list(
                    damaged.map { ["name": .string($0.name), "reason": .string($0.error.description)] })
            }
            Console.print(value)
        case .text:
            if files.isEmpty { Console.error("no environments: there is no file in environments/") }
            for view in views { Console.print(view.text(isAlone: name != nil)) }
        }
        guard !damaged.isEmpty else { return }
        var report = ErrorReport(damaged[0].error.code, damaged[0].error.message, notes: damaged[0].error.notes)
        for one in damaged.dropFirst() {
            report.entries.append(.init(code: one.error.code, message: one.error.description))
        }
        report.tell(asJSON: common.format == .json)
        throw ExitCode(ExitStatus.broken)
    }

    private func view(of file: EnvironmentFile, in workspace: Workspace) async throws -> EnvironmentView {
        let target = try EnvironmentTargets.directory(file, root: workspace.root)
        var view = EnvironmentView(name: file.name, state: try await target.state())
        guard history else { return view }
        let receipts = try await target.history()
        view.history = receipts
        // Without a store that can be read it is not known who did it, and what was done is shown all the same.
        let store = try? workspace.existingStore()
        for receipt in receipts where receipt.goesBack {
            guard let run = await workspace.rollbackRun(of: receipt.token, at: receipt.at, in: store) else { continue }
            view.rollbacks[receipt.token] = (run.run, run.plan.rollbackReason)
        }
        return view
    }
}
