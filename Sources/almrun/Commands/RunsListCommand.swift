import ArgumentParser
import Documents
import Engine
import Foundation
import Reporting

/// Lists runs, newest first, with what each one waits for.
struct RunsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List runs, newest first, and what they wait for.",
        discussion: "Example: almrun runs --status waiting")

    @Option(help: "Only runs with this status: \(RunStatus.allCases.map(\.rawValue).joined(separator: ", ")).")
    var status: RunStatus?

    @Option(help: "Only runs of this pipeline.")
    var pipeline: String?

    @Option(help: "At most this many.")
    var limit = 20

    @Flag(help: "Only the names of the runs.")
    var ids = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        let store = try common.workspace().existingStore()
        let filter = RunFilter(statuses: status.map { [$0] } ?? [], pipeline: pipeline, limit: limit)
        let runs = try await store?.runs(matching: filter) ?? []
        if ids {
            for run in runs { Console.print(run.run.rawValue) }
            return
        }
        var locks: [HeldLock] = []
        if let store, runs.contains(where: { $0.waits.contains { $0.suspension.lock != nil } }) {
            locks = try await LockRegister(store: store).held()
        }
        if common.format == .json {
            Console.print(["runs": .list(try runs.map { try RunList.value($0, locks: locks) })])
        } else if runs.isEmpty {
            let what = (status.map { " that are \($0.rawValue)" } ?? "") + (pipeline.map { " of '\($0)'" } ?? "")
            Console.error("no runs\(what.isEmpty ? " yet" : what); `almrun run PIPELINE` starts one")
        } else {
            var orphans: Set<RunID> = []
            for run in runs where run.status == .running {
                if try await store?.holder(of: run.run) == nil { orphans.insert(run.run) }
            }
            Console.print(RunList.text(runs, orphans: orphans, locks: locks, now: Date()))
        }
    }
}
