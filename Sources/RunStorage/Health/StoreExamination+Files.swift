import Engine
import Foundation

extension StoreExamination {
    /// Objects that nothing names, that are damaged, or that are missing.
    func objects(
        of store: SQLiteRunStore, _ audits: [RunAudit], _ repairing: Bool
    ) async throws -> [Diagnosis] {
        let inventory = ObjectInventory(objects)
        var damaged: [String] = []
        for digest in inventory.objects.keys.sorted() {
            do throws(StageFailure) {
                _ = try objects.read(digest)
            } catch {
                damaged.append(objects.path(of: digest))
            }
        }
        let named = audits.reduce(into: Set<String>()) { $0.formUnion($1.objects) }
        let missing = named.filter { inventory.objects[$0] == nil }.sorted()
        var found: [Diagnosis] = []
        if let first = damaged.first {
            found.append(
                Diagnosis(
                    "objects", .problem, "\(damaged.count) object\(damaged.count == 1 ? " is" : "s are") damaged",
                    details: damaged + ["moved away, it is made anew by the stage that made it"],
                    command: "mv '\(first)' '\(first).damaged'"))
        }
        if !missing.isEmpty {
            found.append(
                Diagnosis(
                    "objects", .problem,
                    "\(missing.count) object\(missing.count == 1 ? "" : "s") of runs "
                        + "\(missing.count == 1 ? "is" : "are") missing", details: missing,
                    command: "ls '\(objects.folder)'"))
        }
        if found.isEmpty {
            let bytes = inventory.objects.values.reduce(0) { $0 + $1.bytes }
            found.append(
                Diagnosis(
                    "objects", .ok, "\(inventory.objects.count) objects with \(bytes) bytes, each as its digest says"))
        }
        guard let packages else {
            return found + [
                Diagnosis("orphaned objects", .note, "not looked for, because an environment cannot be read")
            ]
        }
        let unnamed = try await store.unnamedObjects(inventory, in: objects, packages: packages.known)
        return found + [orphaned(unnamed, inventory, audits, repairing)]
    }

    private func orphaned(
        _ unnamed: [String], _ inventory: ObjectInventory, _ audits: [RunAudit], _ repairing: Bool
    ) -> Diagnosis {
        let (old, young) = split(unnamed.compactMap { inventory.objects[$0] })
        let isReadable = audits.allSatisfy { if case .success = $0.told { true } else { false } }
        return leftOver(
            "orphaned objects", old, young, ok: "none", what: "objects that nothing names", repair: "remove them",
            // A run whose events cannot be read may need any of them.
            repairing: repairing && isReadable)
    }

    /// Temporary files of writes that were cut off.
    func leftovers(_ repairing: Bool) -> [Diagnosis] {
        var files = ObjectInventory(objects).strangers
        let manager = FileManager.default
        for folder in folders {
            // A folder that is not there holds nothing.
            guard let names = manager.enumerator(atPath: folder) else { continue }
            for case let name as String in names where Self.isTemporary(name) {
                if let file = ObjectInventory.file("\(folder)/\(name)") { files.append(file) }
            }
        }
        let (old, young) = split(files.filter { Self.isTemporary($0.path) })
        let strangers = files.filter { !Self.isTemporary($0.path) }
        var found = [
            leftOver(
                "temporary files", old, young, ok: "none", what: "files of writes that were cut off",
                repair: "remove them", repairing: repairing)
        ]
        if !strangers.isEmpty {
            found.append(
                Diagnosis(
                    "objects", .note, "\(strangers.count) files in the object store are no objects",
                    details: strangers.map(\.path)))
        }
        return found
    }

    /// Logs of runs that are gone.
    func logs(of store: SQLiteRunStore, _ repairing: Bool) async throws -> Diagnosis {
        let place = "\(folder)/logs"
        // Where no step ever said anything there is no folder. Listed first: the run of a log is in the store before it.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let known = Set(try await store.runs(matching: .all).map(\.run.rawValue))
        let gone = names.filter { !known.contains($0) }.sorted().map { "\(place)/\($0)" }
        if gone.isEmpty { return Diagnosis("logs", .ok, "each is of a run that is there") }
        let (message, repair) = ("\(gone.count) of runs that are gone", "remove them")
        guard repairing else { return Diagnosis("logs", .problem, message, details: gone, repair: repair) }
        for path in gone { try FileManager.default.removeItem(atPath: path) }
        return Diagnosis("logs", .repaired, message, details: gone, repair: repair)
    }

    /// Files of run locks that no process holds.
    func lockFiles(_ store: SQLiteRunStore, _ repairing: Bool) -> Diagnosis {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: store.locking.folder)) ?? []
        let stale = names.filter { $0.hasSuffix(".lock") }.map { RunID(String($0.dropLast(5))) }
            .filter { store.locking.holder(of: $0) == nil }.sorted()
        let details = stale.map { "\(store.locking.folder)/\($0).lock" }
        let repair = "remove them"
        if stale.isEmpty { return Diagnosis("run lock files", .ok, "none without a process") }
        guard repairing else {
            return Diagnosis(
                "run lock files", .problem, "\(stale.count) without a process", details: details, repair: repair)
        }
        for run in stale {
            // Taking the right and giving it back removes the file; a process that was faster keeps it.
            if let hold = try? store.locking.take(run) { hold.release() }
        }
        return Diagnosis(
            "run lock files", .repaired, "\(stale.count) without a process", details: details, repair: repair)
    }

    /// `NAME.XXXXXX` as `mkstemp` makes it, and `NAME.partial`.
    private static func isTemporary(_ name: String) -> Bool {
        if name.hasSuffix(".partial") { return true }
        let parts = name.split(separator: "/").last?.split(separator: ".") ?? []
        guard parts.count > 1, let last = parts.last, last.utf8.count == 6 else { return false }
        let isRandom = last.unicodeScalars.allSatisfy {
            $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
        let stem = parts.dropLast().joined(separator: ".")
        let isObject = stem.utf8.count == 64
        return isRandom && (isObject || stem.hasSuffix(".json") || stem.hasSuffix(".zip") || stem.hasSuffix(".xml"))
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
        let failed = old.filter { unlink($0.path) != 0 && errno != ENOENT }
        guard failed.isEmpty else {
            return Diagnosis(check, .problem, "\(failed.count) files cannot be removed", details: failed.map(\.path))
        }
        return Diagnosis(check, .repaired, message, details: details, repair: repair)
    }
}
