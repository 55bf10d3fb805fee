import ArgumentParser
import Documents
import Engine
import Foundation
import Reporting

/// Brings an environment back to the package that was there, and verified, before.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring the package back that was verified in an environment before; the same gates stand before it.",
        discussion: """
            Picks the package of the solution that was there last, deployed and verified, of those whose version is \
            lower than that of the installed one, and promotes it as a run of the pipeline 'rollback': bound anew, \
            planned, approved, read back. What was rolled back itself is passed over so; --dry-run and the gates say \
            it. --to names any version that was verified there, also a higher one, which undoes a rollback. It exits \
            75 when it waits, like every run.

            Example: almrun rollback prod --dry-run
            Example: almrun rollback prod --to 1.1.0.0 --comment "INC-4711"
            """)

    @Argument(help: "The name of a file in environments/.")
    var environment: String

    @Option(help: "The version to bring back; by default the lower one that was there last.")
    var to: String?

    @Option(help: "The solution, where several are installed.")
    var solution: String?

    @Option(help: "Why; shown wherever the run is shown.")
    var comment: String?

    @Flag(help: "Only show what would be done, and which gates stand before it.")
    var dryRun = false

    @OptionGroup var running: RunningOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { try checkLength(of: comment, "--comment") }

    func run() async throws {
        let workspace = try common.workspace()
        try running.checkReport(in: workspace)
        let rollback = try await RollbackPreparation(
            environment, solution: solution, version: to, reason: comment, in: workspace)
        if dryRun {
            Console.error(workspace.looseKeys(of: rollback.plan))
            let preview = try await rollback.preview(now: Date())
            common.format == .json
                ? Console.print(try preview.value) : Console.print(preview.text)
            return
        }
        try workspace.checkKeys(of: rollback.plan)
        let request = try rollback.request()
        try rollback.keepPackage()
        for earlier in try await rollback.earlier(now: Date()) { Console.error("note: \(earlier.text)") }
        let session = RunSession(
            workspace: workspace, store: try workspace.store(), settings: running.settings,
            isVerbose: running.verbose, junit: running.junit)
        let ending = try await session.work(on: rollback.plan) { try await $0.start(rollback.plan, request) }
        throw ExitCode(try await session.finish(ending, format: common.format))
    }
}
