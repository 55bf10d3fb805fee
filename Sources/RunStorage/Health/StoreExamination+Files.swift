import Documents
import Engine
import Foundation

extension StoreExamination {
    /// An object is its content: whichever run makes that brings it back for all.
    private static let madeAnew =
        "a new run of the same pipeline with the same commit and inputs carries the stage out that made it, and the same "
        + "content is the same object"

    /// Objects that nothing names, that are damaged, or that are missing.
    func objects(
        of store: SQLiteRunStore, _ audits: [RunAudit], _ repairing: Bool
    ) async throws -> [Diagnosis] {
        let inventory = ObjectInventory(objects)
        let orphans = try await unneeded(inventory, of: store, audits, repairing)
        let going = Set(orphans.repair == nil ? [] : orphans.details)
        var damaged: [String] = []
        var whole = inventory.objects
        for digest in inventory.objects.keys.sorted() {
            let path = objects.path(of: digest)
            do throws(StageFailure) {
                _ = try objects.read(digest)
            } catch {
                whole[digest] = nil
                // What goes as an orphan is missed by nobody, whatever is in it.
                if !going.contains(path) { damaged.append(path) }
            }
        }
        let missing = audits.flatMap { audit in
            audit.objects.filter { $0.isCertain && inventory.objects[$0.digest] == nil }.map { (audit.name, $0) }
        }
        var found: [Diagnosis] = []
        if let first = damaged.first {
            found.append(
                Diagnosis(
                    "objects", .problem, "\(damaged.count) object\(damaged.count == 1 ? " is" : "s are") damaged",
                    details: damaged + ["moved away, each can come back: \(Self.madeAnew)"],
                    command: "mv '\(first)' '\(first).damaged'"))
        }
        if let first = missing.first {
            let count = Set(missing.map(\.1.digest)).count
            found.append(
                Diagnosis(
                    "objects", .problem,
                    "\(count) object\(count == 1 ? "" : "s") that runs name \(count == 1 ? "is" : "are") missing",
                    details: missing.map { run, mention in
                        "run '\(run)', step '\(mention.step)': \(mention.digest), the \(mention.what)"
                    } + ["put them back from a copy, or have them made: \(Self.madeAnew)"],
                    command: "almrun verify \(first.0)"))
        }
        if found.isEmpty {
            let bytes = whole.values.reduce(0) { $0 + $1.bytes }
            found.append(
                Diagnosis(
                    "objects", .ok, "\(whole.count) objects with \(bytes) bytes, each as its digest says"))
        }
        return found + [orphans]
    }

    /// Objects that nothing names.
    private func unneeded(
        _ inventory: ObjectInventory, of store: SQLiteRunStore, _ audits: [RunAudit], _ repairing: Bool
    ) async throws -> Diagnosis {
        let check = "orphaned objects"
        guard let packages else {
            return Diagnosis(check, .note, "not looked for, because an environment cannot be read")
        }
        let unnamed = try await store.unnamedObjects(inventory, in: objects, packages: packages.known)
        if let lost = try await store.lostRuns().first, !unnamed.isEmpty {
            return Diagnosis(
                check, .note,
                "\(unnamed.count) that nothing names stay, because '\(lost.name)', which was lost, may need them")
        }
        return orphaned(unnamed, inventory, audits, repairing)
    }

    private func orphaned(
        _ unnamed: [String], _ inventory: ObjectInventory, _ audits: [RunAudit], _ repairing: Bool
    ) -> Diagnosis {
        let (old, young) = split(unnamed.compactMap { inventory.objects[$0] })
        let doubtful = audits.filter { !$0.isWhole }
        if let first = doubtful.first, !unnamed.isEmpty {
            return Diagnosis(
                "orphaned objects", .note,
                "\(unnamed.count) that nothing names stay, because run '\(first.name)' cannot be read and may need them"
            )
        }
        return leftOver(
            "orphaned objects", old, young, ok: "none", what: "objects that nothing names", repair: "remove them",
            repairing: repairing)
    }

    /// Results that steps would be given and that the ledgers of their runs do not vouch for.
    func results(of store: SQLiteRunStore, _ audits: [RunAudit], _ repairing: Bool) async throws -> Diagnosis {
        var audit = try await store.auditResults()
        // Those of runs that the index has lost are vouched for again once it is written anew.
        let unindexed = Set(audits.filter { $0.voucher == nil }.compactMap(\.toldName))
        audit.wrong.removeAll { unindexed.contains($0.run.rawValue) }
        let check = "reusable results"
        guard !audit.wrong.isEmpty else {
            return Diagnosis(check, .ok, "\(audit.count), each as its event says")
        }
        let message = "\(audit.wrong.count) of \(audit.count) are not as their events say; none of them is used"
        let repair = "forget them, so that their steps are carried out again"
        if repairing { try await store.removeResults(audit.wrong.map(\.digest)) }
        return Diagnosis(
            check, repairing ? .repaired : .problem, message, details: audit.wrong.map(\.text), repair: repair)
    }

    /// What writes left behind that were cut off.
    func leftovers(_ repairing: Bool) -> [Diagnosis] {
        let inventory = ObjectInventory(objects)
        var found = LeftoverScan(inventory.strangers)
        for place in folders { found.look(through: place, isOurs: true) }
        // Environments may be in the store's folder, and both in the repository.
        found.look(through: folder, isOurs: true, leavingOut: folders)
        if let root { found.look(through: root, isOurs: false, leavingOut: folders + [folder]) }
        let (old, young) = split(found.unfinished)
        var result = [
            leftOver(
                "temporary files", old, young, ok: "none", what: "files of writes that were cut off",
                repair: "remove them", repairing: repairing)
        ]
        result += found.putAside.map { path in
            let original = TemporaryName.original(of: path)
            let isThere = FileManager.default.fileExists(atPath: original)
            return Diagnosis(
                "temporary files", .problem, "'\(path)' was put aside by a write that was cut off",
                details: [isThere ? "'\(original)' is there, new or old" : "'\(original)' is not there"],
                command: isThere ? "diff -r '\(path)' '\(original)'" : "mv '\(path)' '\(original)'")
        }
        let others = inventory.strangers.map(\.path).filter { TemporaryName.kind(of: $0) == nil } + inventory.foreign
        if !others.isEmpty {
            result.append(
                Diagnosis(
                    "objects", .note,
                    others.count == 1
                        ? "1 thing in the object store is no object; it stays, and nothing reads it"
                        : "\(others.count) things in the object store are no objects; they stay, and nothing reads them",
                    details: others.sorted().map { ObjectInventory.text(of: $0, in: objects) }))
        }
        return result
    }

    /// Logs of runs that are gone.
    func logs(of store: SQLiteRunStore, _ audits: [RunAudit], _ repairing: Bool) async throws -> Diagnosis {
        let place = "\(folder)/logs"
        // Where no step ever said anything there is no folder. Listed first: the run of a log is in the store before it.
        let names = Self.logFolders(place)
        let unreadable = try await store.unreadableRuns()
        // Each of them may be the one whose log it is.
        if let nameless = unreadable.first(where: { $0.run == nil }) {
            return Diagnosis("logs", .note, "not looked through: \(nameless.reason)")
        }
        let known = Set(
            try await store.runs(matching: .all).map(\.run.rawValue) + unreadable.compactMap { $0.run?.rawValue }
                + audits.compactMap(\.toldName))
        let gone = names.filter { !known.contains($0) }.sorted().map { "\(place)/\($0)" }
        if gone.isEmpty {
            return Diagnosis(
                "logs", .ok, "each is of a run that is there; what is in them `almrun verify --all` compares")
        }
        let (message, repair) = ("\(gone.count) of runs that are gone", "remove them")
        if let first = audits.first(where: { if case .success = $0.told { false } else { true } }) {
            return Diagnosis(
                "logs", .note, "\(message) stay: they may be those of run '\(first.name)', which cannot be read",
                details: gone)
        }
        guard repairing else { return Diagnosis("logs", .problem, message, details: gone, repair: repair) }
        for path in gone { try FileManager.default.removeItem(atPath: path) }
        return Diagnosis("logs", .repaired, message, details: gone, repair: repair)
    }

    /// Logs of runs that are there, of which the ledger has bytes; nothing brings them back but a copy.
    func lostLogs(_ audits: [RunAudit]) -> [Diagnosis] {
        let lost = audits.filter { !$0.lostLogs.isEmpty }
        guard let first = lost.first else { return [] }
        let count = lost.reduce(0) { $0 + $1.lostLogs.count }
        let details = lost.map { audit in
            let (names, more) = (audit.lostLogs.prefix(5), audit.lostLogs.count - 5)
            return "run '\(audit.name)': \(names.joined(separator: ", "))\(more > 0 ? " and \(more) more" : "")"
        }
        return [
            Diagnosis(
                "lost logs", .note,
                "\(count == 1 ? "1 log" : "\(count) logs") gone that held something by the ledger",
                details: details, command: "almrun verify \(first.name)")
        ]
    }

    /// The folders in a place that are called as runs are; nothing behind a link, which leads to things of others.
    static func logFolders(_ place: String) -> [String] {
        func isFolder(_ path: String) -> Bool {
            var status = stat()
            return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }
        guard isFolder(place), let names = try? FileManager.default.contentsOfDirectory(atPath: place) else {
            return []
        }
        return names.filter { $0.contains(/-\d{8}-\d{6}-[0-9a-z]{4}$/) && isFolder("\(place)/\($0)") }
    }

    /// Files of run locks that no process holds.
    func lockFiles(_ store: SQLiteRunStore, _ repairing: Bool) -> Diagnosis {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: store.locking.folder)) ?? []
        let stale = names.filter { $0.hasSuffix(".lock") }.map { RunID(String($0.dropLast(5))) }
            .filter { $0.isPlain && store.locking.holder(of: $0) == nil }.sorted()
        let details = stale.map { "\(store.locking.folder)/\($0).lock" }
        let repair = "remove them"
        if stale.isEmpty { return Diagnosis("run lock files", .ok, "none without a process") }
        guard repairing else {
            return Diagnosis(
                "run lock files", .problem, "\(stale.count) without a process", details: details, repair: repair)
        }
        let left = stale.filter { !store.locking.clear($0) }.map { "\(store.locking.folder)/\($0).lock" }
        if let first = left.first {
            return Diagnosis(
                "run lock files", .problem, "\(left.count) without a process cannot be removed", details: left,
                command: "ls -ld '\(first)'")
        }
        return Diagnosis(
            "run lock files", .repaired, "\(stale.count) without a process", details: details, repair: repair)
    }

    private func split(_ files: [ObjectInventory.File]) -> (old: [ObjectInventory.File], young: Int) {
        let limit = clock.now().addingTimeInterval(-StorePruning.grace)
        let old = files.filter { $0.changed < limit }
        return (old, files.count - old.count)
    }

    private func leftOver(
        _ check: String, _ old: [ObjectInventory.File], _ young: Int, ok: String, what: String, repair: String,
        repairing: Bool
    ) -> Diagnosis {
        guard !old.isEmpty else {
            return young == 0
                ? Diagnosis(check, .ok, ok)
                : Diagnosis(check, .note, "\(young) younger than an hour, which a process may be about to need")
        }
        let details = old.map(\.path)
        let bytes = old.reduce(0) { $0 + $1.bytes }
        let message = "\(old.count) \(what), \(bytes) bytes"
        guard repairing else { return Diagnosis(check, .problem, message, details: details, repair: repair) }
        let failed = old.filter { file in
            (try? FileManager.default.removeItem(atPath: file.path)) == nil
                && FileManager.default.fileExists(atPath: file.path)
        }
        guard failed.isEmpty else {
            return Diagnosis(check, .problem, "\(failed.count) files cannot be removed", details: failed.map(\.path))
        }
        return Diagnosis(check, .repaired, message, details: details, repair: repair)
    }
}
