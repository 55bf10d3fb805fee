import ArgumentParser
import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Stages

/// Plans a pipeline and runs it until it ends or only waits are left.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a pipeline; exits 75 when it waits for a person or a time.",
        discussion: """
            Everything that happens is kept; a run that was killed carries on with `almrun resume`.

            An input of type package takes what `almrun why` takes: SOLUTION@VERSION, at least 6 digits of its SHA-256, or \
            a .zip file.

            Example: almrun run release --input version=1.2.0
            Example: almrun run carry --input package=ContosoSales@1.2.0.0
            """)

    @Argument(help: "The pipeline: the name of a file in pipelines/.")
    var pipeline: String

    @OptionGroup var inputs: InputOptions
    @OptionGroup var running: RunningOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let workspace = try common.workspace()
        try running.checkReport(in: workspace)
        let given = try await inputs.values(of: pipeline, in: workspace, keepingPackages: true)
        let plan = try workspace.planner.plan(pipeline: pipeline, inputs: given)
        try workspace.checkKeys(of: plan)
        var request = try await workspace.request(for: plan)
        // Made when there is none: after everything that may be refused.
        let store = try workspace.store()
        request.people.learn(try await EarlierApprovals.find(for: plan, in: store, damaged: workspace.damage.warn))
        let session = RunSession(
            workspace: workspace, store: store, settings: running.settings,
            isVerbose: running.verbose, junit: running.junit)
        let ending = try await session.work(on: plan) { [request] in try await $0.start(plan, request) }
        throw ExitCode(try await session.finish(ending, format: common.format))
    }
}
