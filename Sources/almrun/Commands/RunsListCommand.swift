import ArgumentParser
import Documents
import Engine
import Foundation
import Pipelines
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
        let unreadable = try await store?.unreadableRuns() ?? []
        Console.warn(ofUnreadable: unreadable)
        if ids {
            if common.format == .json {
                Console.print(.list(runs.map { .string($0.run.rawValue) }))
            } else {
                for run in runs { Console.print(line: run.run.rawValue) }
            }
            return
        }
        var locks: [HeldLock] = []
        if let store, runs.contains(where: { $0.waits.contains { $0.suspension.lock != nil } }) {
            locks = try await LockRegister(store: store).held()
        }
        let (settled, unread) = try await settlements(of: runs, in: store)
        if common.format == .json {
            Console.print([
                "runs": .list(try runs.map { try RunList.value($0, locks: locks, settled: settled) }),
                "unreadable": .list(unreadable.map { ["id": .string($0.name), "reason": .string($0.reason)] }),
            ])
        } else if runs.isEmpty {
            let what = (status.map { " that are \($0.rawValue)" } ?? "") + (pipeline.map { " of '\($0)'" } ?? "")
            Console.error("no runs\(what.isEmpty ? " yet" : what); `almrun run PIPELINE` starts one")
        } else {
            var orphans: Set<RunID> = []
            for run in runs where run.status == .running {
                if try await store?.holder(of: run.run) == nil { orphans.insert(run.run) }
            }
            Console.print(RunList.text(runs, orphans: orphans, locks: locks, settled: settled, now: Date()))
        }
        if unread > 0 {
            Console.error(
                "note: whether somebody has decided was looked up for the newest \(Self.mostRead) that wait, not for "
                    + "\(unread) more; `almrun show RUN` says it of each")
        }
    }

    /// How many runs are read to say what was decided in them; as many as the inbox reads.
    private static let mostRead = 50

    /// What people have decided at gates that still wait, and of how many more runs that was not looked up.
    ///
    /// The index of runs does not say it, so the events of a run are read; which runs wait, the index knows.
    private func settlements(
        of runs: [RunSummary], in store: (any RunStore)?
    ) async throws -> (found: [RunID: [String: Settlement]], unread: Int) {
        guard let store else { return ([:], 0) }
        var found: [RunID: [String: Settlement]] = [:]
        let waiting = runs.filter { $0.waits.contains(where: Self.isGate) }
        for run in waiting.prefix(Self.mostRead) {
            let gates = run.waits.filter(Self.isGate)
            // What is damaged is named by `almrun verify`; the list shows what the index knows.
            guard let state = try await RunState.loadUndamaged(run.run, from: store, { _, _ in }) else { continue }
            for wait in gates {
                guard let gate = state.planned(StepID(wait.step)) else { continue }
                found[run.run, default: [:]][wait.step] = state.settlement(of: gate, now: Date())
            }
        }
        return (found, max(0, waiting.count - Self.mostRead))
    }

    private static func isGate(_ wait: RunSummary.Wait) -> Bool { !wait.step.isEmpty && wait.suspension.lock == nil }
}
