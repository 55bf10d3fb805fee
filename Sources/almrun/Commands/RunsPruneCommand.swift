import ArgumentParser
import Documents
import Engine
import Foundation
import Git
import Pipelines
import RunStorage

/// Removes finished runs, and what only they needed.
struct RunsPruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove finished runs with their events, logs and objects.",
        discussion: """
            A run goes when each option given lets it go. What stays in any case: runs that have not ended, the newest \
            successful run of each pipeline, every run that brought a package where it is installed or a rollback goes \
            back to, every run in which somebody approved for an environment that a gate names in 'approvers-of', every \
            run of which one that stays names a stage as evidence or reuses a result, every run of which nobody knows \
            whether an effect happened, and the packages that any environment knows.

            What does not stay is what only a gate of a rollback to an older package would ask for: who wrote it, and \
            what showed the evidence. Where the last run goes that knows it, a line 'loses' (`lost` in JSON) says of \
            which environment and versions; only a bypass brings these back then. --dry-run says it before.

            A run whose events cannot be read stays too, and closes every gate that asks who approved in earlier runs. \
            --run removes that one run, if neither a copy of the store nor `almrun doctor --repair` brings it back: who \
            did it and why is kept in .almrun/removed.jsonl, and what it knew is lost. It also removes one run that is \
            over with an effect in doubt, where nobody wants to resume it.

            Example: almrun runs prune --keep 50 --older-than 30d --dry-run
            Example: almrun runs prune --run release-20260101-120000-abcd --reason "the disk broke" --dry-run
            """)

    @Option(help: "Keep this many finished runs of each pipeline, the newest; at least 1.")
    var keep: Int?

    @Option(help: "Only runs to which nothing has happened for so long, such as 30d or 12h.")
    var olderThan: String?

    @Option(help: "The one run that cannot be read, or is over with an effect in doubt, by its whole name.")
    var run: String?

    @Option(help: "Why that run goes; kept beside the store.")
    var reason: String?

    @Flag(help: "Also when that run holds a lock.")
    var force = false

    @Flag(help: "Say what would be removed, and remove nothing.")
    var dryRun = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try checkLength(of: reason, "--reason")
        if run != nil {
            guard keep == nil, olderThan == nil else {
                throw ValidationError(
                    "--run names one run; --keep and --older-than choose among those that can be read")
            }
            guard reason != nil else { throw ValidationError("--run needs --reason TEXT") }
            return
        }
        guard reason == nil, !force else { throw ValidationError("--reason and --force belong to --run NAME") }
        guard keep != nil || olderThan != nil else {
            throw ValidationError(
                "say which runs may go: --keep N, --older-than 30d, or both; or --run NAME for one that cannot be read")
        }
        if let keep, keep < 1 { throw ValidationError("--keep must be at least 1, not \(keep)") }
        if let olderThan, (Self.seconds(olderThan) ?? 0) <= 0 {
            throw ValidationError("--older-than must be a time such as 30d, 12h or 90m, not '\(olderThan)'")
        }
    }

    func run() async throws {
        let workspace = try common.workspace()
        guard let store = try workspace.existingStore() as? SQLiteRunStore else {
            if let run { throw OpenedRun.unknown(run) }
            return Console.error("no runs: nothing was ever run here")
        }
        let pruning = StorePruning(
            store: store, objects: workspace.objects, logs: workspace.logs,
            packages: try await workspace.deployedPackages())
        let report: PruneReport
        if let run {
            report = try await pruning.prune(
                unreadable: run, by: try workspace.person().email, reason: reason ?? "", force: force,
                changing: !dryRun, clearing: { await workspace.clearAftermath(of: $0) })
        } else {
            report = try await pruning.prune(
                PrunePolicy(keep: keep, olderThan: olderThan.flatMap(Self.seconds)), changing: !dryRun)
        }
        switch common.format {
        case .json: Console.print(try report.value(changing: !dryRun))
        case .text: Console.print(report.text(changing: !dryRun))
        }
    }

    private static func seconds(_ text: String) -> Double? { Pipelines.DurationText.seconds(text) }
}
