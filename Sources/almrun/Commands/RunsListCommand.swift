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
        let workspace = try common.workspace()
        let store = try workspace.existingStore()
        let filter = RunFilter(statuses: status.map { [$0] } ?? [], pipeline: pipeline, limit: limit)
        var runs = try await store?.runs(matching: filter) ?? []
        if status == .waiting, let store {
            runs = try await runs + heldUp(in: store)
            runs = Array(runs.sorted { ($0.created, $0.run) > ($1.created, $1.run) }.prefix(limit))
        }
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
        let mayWait = { (run: RunSummary) in
            run.status == .running || run.waits.contains { $0.suspension.lock != nil }
        }
        if let store, runs.contains(where: mayWait) {
            locks = try await LockRegister(store: store).held()
            runs = runs.map { $0.facing(locks.map(\.lock)) }
        }
        var (remarks, unread) = try await remarks(on: runs, in: store, workspace, locks.map(\.lock))
        if let store { try await lookForDamage(in: runs, store, &remarks) }
        let (orphans, stopped) = try await processes(of: runs, in: store, remarks)
        // Who gives up a damaged run takes away what it has.
        if let store, locks.isEmpty, remarks.values.contains(where: \.isDamaged) {
            locks = try await LockRegister(store: store).held()
        }
        if common.format == .json {
            Console.print([
                "runs": .list(
                    try runs.map {
                        try RunList.value($0, orphans: orphans, stopped: stopped, locks: locks, remarks: remarks)
                    }),
                "unreadable": .list(unreadable.map { ["id": .string($0.name), "reason": .string($0.reason)] }),
            ])
        } else if runs.isEmpty {
            let what = (status.map { " that are \($0.rawValue)" } ?? "") + (pipeline.map { " of '\($0)'" } ?? "")
            Console.error(what.isEmpty ? "no runs yet; `almrun run PIPELINE` starts one" : "no runs\(what)")
        } else {
            Console.print(
                RunList.text(
                    runs, orphans: orphans, stopped: stopped, locks: locks, remarks: remarks, now: Date()))
        }
        if unread > 0 {
            Console.error(
                "note: whether somebody has decided was looked up for the newest \(Self.mostRead) that wait, not for "
                    + "\(unread) more; `almrun show RUN` says it of each")
        }
    }

    /// Runs that were cut off may be damaged also where they have more events than are read for a list.
    private func lookForDamage(
        in runs: [RunSummary], _ store: any RunStore, _ remarks: inout [RunID: RunRemarks]
    ) async throws {
        for run in runs where run.status == .running && remarks[run.run] == nil {
            guard try await store.holder(of: run.run) == nil, let damage = try await store.damage(of: run.run) else {
                continue
            }
            remarks[run.run] = RunRemarks(unreadable: run.run, .damaged(damage), lines: [])
        }
    }

    /// The runs whose process is gone, and the processes that are stopped or cannot be seen: of runs, and of those that come
    /// before them.
    private func processes(
        of runs: [RunSummary], in store: (any RunStore)?, _ remarks: [RunID: RunRemarks]
    ) async throws -> (orphans: Set<RunID>, stopped: [RunID: RunHold.Holder]) {
        var orphans: Set<RunID> = []
        var stopped: [RunID: RunHold.Holder] = [:]
        for run in runs where run.status == .running {
            guard let holder = try await store?.holder(of: run.run) else {
                orphans.insert(run.run)
                continue
            }
            if holder.isStopped || holder.obstacle != nil { stopped[run.run] = holder }
        }
        for wait in runs.flatMap({ $0.waits + (remarks[$0.run]?.moreWaits ?? []) }) {
            guard let first = wait.suspension.lock?.holder, stopped[first] == nil,
                let holder = try await store?.holder(of: first), holder.isStopped
            else { continue }
            stopped[first] = holder
        }
        return (orphans, stopped)
    }

    /// Runs with which a process waits, so that nothing of them is at work.
    private func heldUp(in store: any RunStore) async throws -> [RunSummary] {
        var found: [RunSummary] = []
        for run in try await store.runs(matching: RunFilter(statuses: [.running], pipeline: pipeline)) {
            let state = try await RunState.loadUndamaged(run.run, from: store) { _, _ in }
            if state?.isHeldUp == true { found.append(run) }
        }
        return found
    }

    /// How many waiting runs are read to say what was decided in them; as many as the inbox reads.
    private static let mostRead = 50
    /// How many events of other runs are read, newest runs first.
    private static let mostEvents = 5000

    /// What the events of runs say that the index does not, and of how many waiting runs that was not looked up.
    ///
    /// Of those that wait it is whether somebody has decided, of all who has bypassed a gate.
    private func remarks(
        on runs: [RunSummary], in store: (any RunStore)?, _ workspace: Workspace, _ locks: [Lock]
    ) async throws -> (found: [RunID: RunRemarks], unread: Int) {
        guard let store else { return ([:], 0) }
        var found: [RunID: RunRemarks] = [:]
        let now = Date()
        let waiting = runs.filter { $0.waits.contains(where: Self.isGate) }
        var left = Self.mostEvents
        let others = runs.filter { run in
            guard !run.waits.contains(where: Self.isGate), run.events <= left else { return false }
            left -= run.events
            return true
        }
        for run in waiting.prefix(Self.mostRead) + others {
            // Of what is damaged the list shows what the index knows, and that it is damaged.
            var damage: RunStoreError?
            let gates = run.waits.filter(Self.isGate).map(\.step)
            let told = { (_: RunID, error: RunStoreError) in damage = error }
            let read =
                gates.isEmpty
                ? try await RunState.loadUndamaged(run.run, from: store, told).map { (state: $0, fault: nil) }
                : try await RunState.loadJudgedUndamaged(run.run, from: store, objects: workspace.objects, told)
            if let damage {
                // What the store cannot even give out names nothing.
                let lines = (try? await store.stored(run.run))?.lines.map(\.bytes) ?? []
                found[run.run] = RunRemarks(unreadable: run.run, damage, lines: lines)
            }
            guard let (state, fault) = read else { continue }
            let seen = await workspace.facing(state, isDecided: true, now: now)
            let risks = await workspace.risksOfDecided(in: seen, store: store, now: now)
            found[run.run] = RunRemarks(seen.facing(locks), waits: gates, fault: fault, risks: risks, now: now)
        }
        return (found, max(0, waiting.count - Self.mostRead))
    }

    private static func isGate(_ wait: RunSummary.Wait) -> Bool { !wait.step.isEmpty && wait.suspension.lock == nil }
}
