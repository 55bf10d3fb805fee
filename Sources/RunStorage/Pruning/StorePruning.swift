public import Engine
import Foundation
import GRDB

/// Removes finished runs that nobody needs any more, with everything that only they needed.
///
/// A run that is not finished never goes, nor the newest successful one of a pipeline, nor one that brought a package
/// where it is installed or would be gone back to, nor one that a run which stays names as evidence.
public struct StorePruning: Sendable {
    /// Seconds that an object stays though nothing names it: a process may have written it and be about to name it.
    public static let grace = 3600.0

    let store: SQLiteRunStore
    let objects: ObjectStore
    let logs: StepLogs
    let packages: DeployedPackages
    let clock: RunClock
    /// Where a test lets others write while runs are removed.
    let afterRemoval: @Sendable () async throws -> Void

    public init(
        store: SQLiteRunStore, objects: ObjectStore, logs: StepLogs, packages: DeployedPackages,
        clock: RunClock = .system
    ) {
        self.init(
            store: store, objects: objects, logs: logs, packages: packages, clock: clock, afterRemoval: {})
    }

    init(
        store: SQLiteRunStore, objects: ObjectStore, logs: StepLogs, packages: DeployedPackages, clock: RunClock,
        afterRemoval: @escaping @Sendable () async throws -> Void
    ) {
        self.store = store
        self.objects = objects
        self.logs = logs
        self.packages = packages
        self.clock = clock
        self.afterRemoval = afterRemoval
    }

    /// Removes what the policy lets go, or only says what that would be.
    public func prune(_ policy: PrunePolicy, changing: Bool) async throws -> PruneReport {
        let now = clock.now()
        var report = PruneReport()
        report.fileBefore = fileSize
        var leaving = try await candidates(policy, now, &report)
        report.lost = try await lostReturns(without: leaving, now)
        if changing {
            leaving = try await remove(leaving)
            try await afterRemoval()
        } else {
            leaving = try await store.counted(leaving)
        }
        report.runs = leaving.map(\.run)
        for run in leaving {
            report.events.count += run.stored.count
            report.events.bytes += run.stored.bytes
            report.results += run.results
            removeLogs(of: run.run, changing, &report)
        }
        // Their rows are gone by now, and a new run may have got one of their numbers.
        try await removeObjects(without: changing ? [] : Set(leaving.map(\.number)), now, changing, &report)
        if changing, !leaving.isEmpty { report.staysLarge = try await !shrink() }
        report.fileAfter = fileSize
        return report
    }

    /// Gives the space back to the disk; false when a process works on a run, which that would hold up.
    func shrink() async throws -> Bool {
        for run in try await store.runs(matching: .unfinished) where store.locking.holder(of: run.run) != nil {
            return false
        }
        do {
            try await store.shrink()
            return true
        } catch RunStoreError.unavailable {
            // Somebody reads at this moment.
            return false
        }
    }

    var fileSize: Int { ObjectInventory.file(store.file)?.bytes ?? 0 }

    // MARK: - Runs

    /// The runs that may go, newest first.
    private func candidates(
        _ policy: PrunePolicy, _ now: Date, _ report: inout PruneReport
    ) async throws -> [PrunableRun] {
        let runs = try await store.prunableRuns()
        var seen: [String: Int] = [:]
        var successful: Set<String> = []
        var leaving: [PrunableRun] = []
        var staying: [PrunableRun] = []
        for run in runs {
            guard run.status.isFinished else {
                staying.append(run)
                continue
            }
            let place = seen[run.pipeline, default: 0]
            seen[run.pipeline] = place + 1
            let isNewestSuccess = run.status == .succeeded && successful.insert(run.pipeline).inserted
            let isOld = policy.olderThan.map { now.timeIntervalSince(run.updated) > $0 } ?? true
            guard place >= policy.keep ?? 0, isOld else {
                staying.append(run)
                continue
            }
            var reason: String?
            if isNewestSuccess {
                reason = "it is the newest successful run of '\(run.pipeline)'"
            } else if !run.run.isPlain {
                reason = "almrun gives no run such a name: `almrun doctor` looks what can be mended"
            } else if run.holdsLock {
                reason = "it holds a lock; see `almrun locks`"
            } else if store.locking.holder(of: run.run) != nil {
                reason = "a process works on it"
            } else {
                reason = try await store.doubt(about: run)
                if reason == nil, let audit = try await store.audit(run.number, nil), !audit.isWhole {
                    // Nothing is damaged in what another version wrote.
                    reason =
                        if case .failure(.newer) = audit.told { "its events are of another version of almrun" } else {
                            Self.damage(of: run)
                        }
                }
                if reason == nil { reason = try await doubtfulEffect(of: run) }
            }
            if let reason {
                report.kept.append(PruneReport.Kept(run: run.run, reason: reason))
                staying.append(run)
            } else {
                leaving.append(run)
            }
        }
        return try await keepingNeeded(leaving, staying, &report)
    }

    /// Removes the runs, some at a time so that others can write in between; gives those that were still there.
    private func remove(_ runs: [PrunableRun]) async throws -> [PrunableRun] {
        var removed: [PrunableRun] = []
        var rest = runs[...]
        while !rest.isEmpty {
            removed += try await store.remove(Array(rest.prefix(200)))
            rest = rest.dropFirst(200)
        }
        return removed
    }

    func removeLogs(of run: RunID, _ changing: Bool, _ report: inout PruneReport) {
        guard run.isPlain else { return }
        let folder = "\(logs.folder)/\(run)"
        // A run without logs has no folder.
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        let files = names.compactMap { ObjectInventory.file("\(folder)/\($0)") }
        if changing {
            // What cannot be removed is of no harm, and `almrun doctor` names it.
            do { try FileManager.default.removeItem(atPath: folder) } catch { return }
        }
        report.logs.count += files.count
        report.logs.bytes += files.reduce(0) { $0 + $1.bytes }
    }

    // MARK: - Objects

    /// The runs that stay and of which nobody knows what they name.
    private func unreadable(without removed: Set<Int64>) async throws -> [String] {
        var found: [String] = []
        for number in try await store.runNumbers() where !removed.contains(number) {
            if let audit = try await store.audit(number, nil), !audit.isWhole { found.append(audit.name) }
        }
        return try await found + store.lostRuns().map(\.name)
    }

    func removeObjects(
        without removed: Set<Int64>, _ now: Date, _ changing: Bool, _ report: inout PruneReport
    ) async throws {
        let inventory = ObjectInventory(objects)
        let unnamed = try await store.unnamedObjects(
            inventory, in: objects, packages: packages.known, without: removed)
        let doubtful = unnamed.isEmpty ? [] : try await unreadable(without: removed)
        guard doubtful.isEmpty else {
            report.neededObjects = unnamed.count
            report.unreadable = doubtful
            return
        }
        for digest in unnamed {
            guard let file = inventory.objects[digest] else { continue }
            // It may have been written once more meanwhile.
            guard let present = ObjectInventory.file(file.path), now.timeIntervalSince(present.changed) > Self.grace
            else {
                report.youngObjects += 1
                continue
            }
            if changing, unlink(file.path) != 0 { continue }
            report.objects.count += 1
            report.objects.bytes += file.bytes
        }
    }
}
