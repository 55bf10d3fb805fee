public import Engine
import Foundation

/// Looks whether everything under `.almrun` is as it should be, and mends what can be mended without losing anything.
public struct StoreExamination: Sendable {
    let folder: String
    let objects: ObjectStore
    /// Nil when not every environment could be asked; then no object is called orphaned.
    let packages: DeployedPackages?
    /// Folders besides in which nobody else writes, and interrupted writes may have left files.
    let folders: [String]
    /// The repository, in which reports and packages are written beside what others write.
    let root: String?
    /// Who mends.
    let person: String
    let clock: RunClock

    public init(
        folder: String, objects: ObjectStore, packages: DeployedPackages? = DeployedPackages(), folders: [String] = [],
        root: String? = nil, person: String, clock: RunClock = .system
    ) {
        self.folder = folder
        self.objects = objects
        self.packages = packages
        self.folders = folders
        self.root = root
        self.person = person
        self.clock = clock
    }

    var file: String { "\(folder)/runs.sqlite" }

    /// What was found.
    public struct Outcome: Sendable {
        public var found: [Diagnosis]
        /// False when there is a store that cannot be read at all.
        public var isOpen: Bool
        /// What the ledgers of runs say was brought into environments, in the order of the runs.
        public var deployments: [ToldDeployment] = []
    }

    /// Looks at everything in a store that is not damaged, or that is left as it is.
    ///
    /// - Parameter removing: Whether what no run needs may go; not where runs were just lost.
    func examineAll(repairing: Bool, removing: Bool = true) async -> Outcome {
        let size = fileSize
        // An empty one is no store either, and opening it would make one.
        if size ?? 0 == 0 {
            let traces = Self.traces(in: folder, isGone: true)
            if !traces.isEmpty {
                let message = size == nil ? "there is no runs.sqlite" : "runs.sqlite is empty"
                return Outcome(found: [emptied(message, traces)], isOpen: false)
            }
        }
        if size == nil {
            var found = [Diagnosis("store", .ok, "there is none yet: nothing was ever run here")]
            await look("environments", &found) { try ownerless(packages?.operations ?? [:]) }
            return Outcome(found: found, isOpen: true)
        }
        let store: SQLiteRunStore
        do {
            store = try SQLiteRunStore(folder: folder)
        } catch {
            return Outcome(found: [cannotOpen(error)] + leftovers(repairing), isOpen: false)
        }
        var found: [Diagnosis] = []
        var audits: [RunAudit] = []
        await look("store", &found) { [await settings(of: store)] }
        await look("integrity", &found) { try await integrity(of: store) }
        // Nothing is written to a damaged file, and nothing removed that it may still name.
        var mayMend = !found.contains { $0.verdict == .problem }
        var mending = repairing && mayMend
        let before = found.count
        await look("runs", &found) {
            audits = try await self.audits(of: store)
            let traces = audits.isEmpty ? Self.traces(in: self.folder, isGone: false) : []
            // Everything would look orphaned.
            if !traces.isEmpty { (mayMend, mending) = (false, false) }
            let (numbers, rest) = try await renumbered(&audits, store, mending)
            return (traces.isEmpty ? [] : [self.emptied("the store has no run", traces)])
                + numbers + (try await chains(rest, store)) + (try await index(rest, store, mending))
        }
        await look("lost runs", &found) { try await lost(from: store) }
        let clearing = mending && removing
        await look("objects", &found) { try await self.objects(of: store, audits, clearing) }
        await look("reusable results", &found) { [try await results(of: store, audits, mending)] }
        found += leftovers(clearing)
        await look("logs", &found) { [try await logs(of: store, audits, clearing)] }
        found += lostLogs(audits)
        found.append(lockFiles(store, clearing))
        await look("locks", &found) { try await locks(of: store, audits, mending) }
        await look("processes", &found) { try await orphans(of: store) }
        await look("environments", &found) { try await operations(of: store, audits) }
        found.append(clock(audits))
        // Nothing is offered that would not be done.
        if !mayMend {
            for place in before..<found.count where found[place].verdict == .problem { found[place].repair = nil }
        }
        return Outcome(found: found, isOpen: true, deployments: audits.flatMap(\.deployments))
    }

    /// The bytes of the store's file; nil when there is none.
    var fileSize: Int? { (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int }

    /// A check that cannot be made is a problem of its own, and the next one is made all the same.
    private func look(
        _ check: String, _ found: inout [Diagnosis], _ body: () async throws -> [Diagnosis]
    ) async {
        do {
            found += try await body()
        } catch {
            found.append(Diagnosis(check, .problem, "could not be looked at: \(error)"))
        }
    }

    /// What only runs leave behind and a store without any does not explain.
    ///
    /// - Parameter isGone: Whether there is not even an empty store; with one, all its runs may have been removed.
    public static func traces(in folder: String, isGone: Bool) -> [String] {
        let logs = logFolders("\(folder)/logs")
        // Runs that are pruned take their logs with them.
        let found =
            logs.isEmpty ? [] : ["\(logs.count) run\(logs.count == 1 ? " has" : "s have") logs in '\(folder)/logs'"]
        guard isGone else { return found }
        // Where there is no folder nothing was ever run.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return found
            + names.filter { $0 == "lost.jsonl" || $0 == "removed.jsonl" || $0.contains(/^damaged-\d{14}$/) }.sorted()
            .map { "'\(folder)/\($0)' is of a store that was there" }
            + logOfEmptied(folder)
    }

    /// SQLite's log beside a file with nothing in it; who opened that would have SQLite remove the log, which a process may
    /// still write to.
    private static func logOfEmptied(_ folder: String) -> [String] {
        func size(_ name: String) -> Int {
            (try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)"))?[.size] as? Int ?? 0
        }
        let log = size("runs.sqlite-wal")
        // A store that is made at this moment has its file before it has a log.
        guard log > 0, size("runs.sqlite") == 0 else { return [] }
        return ["'\(folder)/runs.sqlite-wal' has \(log) bytes of a store that was there"]
    }

    private func emptied(_ message: String, _ traces: [String]) -> Diagnosis {
        Diagnosis(
            "store", .problem, message + ", and yet something was run here: it was emptied, replaced or removed",
            details: traces + [
                "put runs.sqlite back from a copy, or move these away to begin anew; --repair removes nothing while it is so"
            ],
            command: "ls -la '\(folder)'")
    }

    private func cannotOpen(_ error: RunStoreError) -> Diagnosis {
        switch error {
        case .damaged:
            canBeSaved
                ? Diagnosis(
                    "store", .problem, error.description,
                    details: [
                        "nothing was changed; a copy of the store from another place is better than what can be read of this one"
                    ], repair: Self.salvaging)
                : beyondRepair(error.description)
        case .newer:
            Diagnosis("store", .problem, error.description, details: ["nothing was changed; use the newer almrun"])
        default:
            Diagnosis("store", .problem, error.description, command: "ls -la '\(folder)'")
        }
    }

    /// A store of which nothing can be read: only a copy helps, or to go on without it.
    private func beyondRepair(_ message: String) -> Diagnosis {
        // In the folder that git leaves out, and under a name that is no trace of a store that should be here.
        let aside = "\(folder)/unreadable"
        let files = ["runs.sqlite", "runs.sqlite-wal", "runs.sqlite-shm", "logs", "lost.jsonl", "removed.jsonl"]
            .map { "\(folder)/\($0)" }.filter { FileManager.default.fileExists(atPath: $0) }
        return Diagnosis(
            "store", .problem, message,
            details: [
                "no event can be read in it, and nothing was changed: put runs.sqlite back from a copy",
                "without one, move it away with the logs beside it, and the next run begins a new store: environments keep what "
                    + "is installed, while runs, approvals and the numbers of locks are gone",
            ], command: "mkdir '\(aside)' && mv " + files.map { "'\($0)'" }.joined(separator: " ") + " '\(aside)/'")
    }

    private func settings(of store: SQLiteRunStore) async -> Diagnosis {
        if let unwritable = store.unwritable {
            return Diagnosis(
                "store", .problem, "can only be read: \(unwritable.obstacle)",
                command: "ls -la '\(folder)'; df -h '\(folder)'")
        }
        do {
            let settings = try await store.settings()
            var wrong: [String] = []
            if settings.journal != "wal" { wrong.append("the journal is '\(settings.journal)', not a write-ahead log") }
            if settings.synchronous != 2 { wrong.append("writes do not go through to the disk") }
            if settings.application != Schema.application { wrong.append("the file does not say that it is almrun's") }
            if !wrong.isEmpty { return Diagnosis("store", .problem, wrong.joined(separator: ", ")) }
            return Diagnosis(
                "store", .ok, "opens; format \(settings.format), write-ahead log, every write goes through to the disk")
        } catch {
            return Diagnosis("store", .problem, error.description)
        }
    }

    private func integrity(of store: SQLiteRunStore) async throws -> [Diagnosis] {
        let problems: [String]
        do throws(RunStoreError) {
            problems = try await store.problems()
        } catch .damaged(let message) {
            problems = [message]
        }
        guard !problems.isEmpty else {
            return [Diagnosis("integrity", .ok, "SQLite finds nothing wrong with the file")]
        }
        return [
            Diagnosis(
                "integrity", .problem, "SQLite finds faults in the file",
                details: problems + [
                    "a copy of the store from another place is better than what can be read of this one"
                ], repair: Self.salvaging)
        ]
    }

    private func audits(of store: SQLiteRunStore) async throws -> [RunAudit] {
        var audits: [RunAudit] = []
        let logs = StepLogs(folder: "\(folder)/logs")
        for number in try await store.runNumbers() {
            if let audit = try await store.audit(number, objects, logs: logs) { audits.append(audit) }
        }
        return audits
    }

    /// Brings rows of the index back to the numbers of their events.
    ///
    /// - Returns: What was found, and the runs of which more can be said.
    private func renumbered(
        _ audits: inout [RunAudit], _ store: SQLiteRunStore, _ repairing: Bool
    ) async throws -> ([Diagnosis], [RunAudit]) {
        var plan = Renumbering(audits)
        guard !plan.numbers.isEmpty else { return ([], audits) }
        var found: [Diagnosis] = []
        if !plan.moves.isEmpty {
            let moves = plan.moves
            if repairing {
                try await store.renumber(moves)
                audits = try await self.audits(of: store)
                plan = Renumbering(audits)
            }
            found.append(
                Diagnosis(
                    "run index", repairing ? .repaired : .problem, "has runs under other numbers than their events",
                    details: moves.map(\.text), repair: "give them the numbers of their events"))
        }
        if !plan.refusals.isEmpty {
            found.append(
                Diagnosis(
                    "run index", .problem, "has runs under other numbers than their events, and that cannot be mended",
                    details: plan.refusals + ["put the store back from a copy"], command: "almrun verify --all"))
        }
        return (found, audits.filter { !plan.numbers.contains($0.number) })
    }

    func fences(_ audits: [RunAudit]) -> FenceEvidence {
        audits.reduce(into: FenceEvidence()) { $0.merge($1.fences) }
    }

    private func chains(_ audits: [RunAudit], _ store: SQLiteRunStore) async throws -> [Diagnosis] {
        let broken = audits.compactMap { audit -> String? in
            guard case .failure(let error) = audit.told else { return nil }
            if case .unknownRun = error {
                return "run '\(audit.name)': it is in the index, and none of its events is there"
            }
            return "run '\(audit.name)': \(error)"
        }
        let count = audits.count
        guard !broken.isEmpty else {
            return [Diagnosis("events", .ok, "every chain of \(count) run\(count == 1 ? "" : "s") is unbroken")]
        }
        let newer = audits.filter { if case .failure(.newer) = $0.told { true } else { false } }
        let first = audits.first { audit in
            if case .failure = audit.told { !newer.contains { $0.name == audit.name } } else { false }
        }
        var advice: [String] = []
        if first != nil {
            advice.append(
                "put the store back from a copy; without one `almrun runs prune --run NAME --reason \"...\"` removes such a "
                    + "run, and `almrun locks release NAME --reason \"...\" --force` before takes away what it holds"
            )
        }
        if !newer.isEmpty { advice.append("what is in a newer format is whole: use the version that wrote it") }
        // What somebody changed can be read all the same.
        let words = [
            first == nil ? nil : "are damaged", newer.isEmpty ? nil : "cannot be read by this version",
        ].compactMap(\.self).joined(separator: " or ")
        return [
            Diagnosis(
                "events", .problem, "the events of \(broken.count) of \(count) runs \(words)",
                details: broken + advice, command: try await removal(of: first?.name, from: store))
        ]
    }

    /// What gives a run up that nothing mends, beginning with a lock that it holds; what says more of it while a process works
    /// on it.
    func removal(of name: String?, from store: SQLiteRunStore) async throws -> String? {
        guard let run = name.map({ RunID($0) }) else { return nil }
        guard try await store.holder(of: run) == nil else { return "almrun verify \(run)" }
        let held = try await store.locks().filter { $0.run == run }.map(\.name)
        return Lock.inTheWay(held).first.map { Lock.forcedRelease(of: $0) } ?? run.removal
    }

    private func index(
        _ audits: [RunAudit], _ store: SQLiteRunStore, _ repairing: Bool
    ) async throws -> [Diagnosis] {
        var lost: [Diagnosis] = []
        for audit in audits where audit.hasLost {
            lost.append(
                Diagnosis(
                    "run index", .problem, "knows of events of run '\(audit.name)' that are gone or were changed",
                    details: audit.differences + [
                        "nothing mends that: put the store back from a copy, or give the run up with "
                            + "`\(RunID(audit.name).removal)`, once what it holds was taken away; `almrun verify \(audit.name)` says what was changed"
                    ],
                    command: try await removal(of: audit.name, from: store)))
        }
        return lost + (await rewritten(audits.filter { !$0.hasLost }, store, repairing, isAlone: lost.isEmpty))
    }

    /// Writes the index of runs anew whose events say everything.
    private func rewritten(
        _ audits: [RunAudit], _ store: SQLiteRunStore, _ repairing: Bool, isAlone: Bool
    ) async -> [Diagnosis] {
        let wrong = audits.filter { !$0.differences.isEmpty }
        if wrong.isEmpty, !isAlone { return [] }
        guard !wrong.isEmpty else {
            let areAllRead = audits.allSatisfy { if case .success = $0.told { true } else { false } }
            let what = "agrees with the events\(areAllRead ? "" : " that can be read")"
            return [Diagnosis("run index", .ok, what)]
        }
        let details = wrong.map { "run '\($0.name)': \($0.differences.joined(separator: ", "))" }
        let ends = wrong.contains(where: \.isUnvouched)
        let repair =
            "write the index anew from the events"
            + (ends
                ? "; whether the events of a run are all there of which it lost the end cannot be known: its ledger keeps "
                    + "that it was so, and `almrun verify` goes on saying it" : "")
        guard repairing else {
            return [Diagnosis("run index", .problem, "differs from the events", details: details, repair: repair)]
        }
        do {
            for audit in wrong { try await store.rebuildIndex(audit.number, by: person, now: clock.now()) }
            return [Diagnosis("run index", .repaired, "differed from the events", details: details, repair: repair)]
        } catch {
            return [
                Diagnosis("run index", .problem, "could not be written anew: \(error)", details: details)
            ]
        }
    }

    private func clock(_ audits: [RunAudit]) -> Diagnosis {
        let limit = clock.now().addingTimeInterval(120)
        let late = audits.filter { if case .success(let told) = $0.told { told.updated > limit } else { false } }
        guard !late.isEmpty else { return Diagnosis("clock", .ok, "no event is from the future") }
        return Diagnosis(
            "clock", .problem, "\(late.count) run\(late.count == 1 ? " has" : "s have") events from the future",
            details: late.map { "run '\($0.name)'" } + [
                "the clock of this machine was set back, or the one that wrote them was ahead; "
                    + "times in these runs stand still until then"
            ], command: "date -u")
    }
}
