import Foundation

/// Reads what every command changed, in order, and says what a power failure could take though it was relied on.
///
/// Nothing is made to fail: a name must not lead to data that is not on the disk, and a new name must be on the disk
/// itself, before the ledger says that the work is done. Or a process dies, and what it had not synced must be synced by
/// those who take the run up: the kernel still has it, and they may rely on it.
struct SyncRow: Row {
    var afterCrash = false

    var name: String { afterCrash ? "syncs-again" : "syncs" }

    var meaning: String {
        afterCrash
            ? "the same after a crash and a resume, with what the dead process had not synced"
            : "a file that is not synced before its name, its folder or the ledger says it is there"
    }

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        guard afterCrash else { return Laboratory.sequence.indices.map { "\($0)" } }
        let points = laboratory.reports.enumerated().flatMap { station, report in
            (1...max(1, report.points)).map { "\(station):\($0)" }
        }
        return Array(points.shuffled(using: &random).prefix(200))
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").compactMap { Int($0) }
        guard parts.count == (afterCrash ? 2 : 1), Laboratory.sequence.indices.contains(parts[0]) else {
            throw Problem("'\(point)' is no point")
        }
        let trial = try trial(parts[0])
        trial.isTraced = true
        let fault = afterCrash ? Fault(kind: .before, at: parts[1]) : .none
        let result = try trial.almrun(Laboratory.sequence[parts[0]], fault)
        var operations = trial.traces()
        let count = operations.count
        // The last operation of the dead process did not happen.
        if afterCrash, result.end == .signaled(SIGKILL) { operations.removeAll { $0.first == "\(parts[1])" } }
        var disk = UnsyncedDisk()
        disk.happened(operations)
        if afterCrash {
            try trial.carryOn()
            disk.happened(trial.traces().dropFirst(count))
        }
        let ledger = try Ledger(store: trial.store, copy: "\(trial.folder)/copy")
        let named = ledger?.runs.values.flatMap { $0 }.joined() ?? ""
        disk.end { path in
            guard FileManager.default.fileExists(atPath: trial.space + path) else { return false }
            // SQLite syncs what it moved out of the log before it begins the log anew; until then the log has it all.
            if FileManager.default.fileExists(atPath: "\(trial.space)\(path)-wal") { return false }
            // An object that nothing names may go: the dead attempt made it, and the next one made another.
            return !path.contains("/objects/sha256/") || named.contains(path.split(separator: "/").last ?? "")
        }
        guard disk.checked > 0 else { throw Problem("nothing was traced") }
        for text in disk.violations { trial.violate(text) }
    }
}

/// What would be lost if the power failed now.
struct UnsyncedDisk {
    private(set) var violations: [String] = []
    /// How many renames and commits were looked at.
    private(set) var checked = 0

    /// Files whose data is not on the disk.
    private var dirty: Set<String> = []
    /// New or renamed files and folders whose name is not on the disk.
    private var unnamed: Set<String> = []
    /// Digests of the objects that there are.
    private var objects: Set<String> = []
    /// Digests that the store's log speaks of and has not synced yet.
    private var spoken: Set<String> = []

    /// What may be lost: logs are for people, locks and shared memory end with the process, and what git makes anew.
    private static func isDispensable(_ path: String) -> Bool {
        path.hasPrefix("/tmp/") || path.hasPrefix("/home/") || path.contains("/logs") || path.hasSuffix("lock")
            || path.hasSuffix("-shm") || path.hasSuffix("/.git/index") || path.hasSuffix("/.almrun/runs")
    }

    /// What nobody looks for by its name.
    static func isTemporary(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        if name.hasSuffix(".partial") || ["tmp_", "pack_git2_"].contains(where: name.hasPrefix) { return true }
        return name.utf8.count > 18 && name.dropLast(6).hasSuffix(".almrun-tmp-")
    }

    mutating func happened(_ operations: some Sequence<[String]>) {
        for parts in operations where parts.count == 4 { happened(parts[1], parts[2], from: parts[3]) }
    }

    private mutating func happened(_ operation: String, _ path: String, from old: String) {
        guard !Self.isDispensable(path) else { return }
        switch operation {
        case "write", "pwrite", "writev", "sendfile", "copy_file_range", "fwrite", "ftruncate", "fallocate":
            dirty.insert(path)
        case "create", "open-truncate", "fopen":
            dirty.insert(path)
            if operation != "open-truncate" { made(path) }
        case "mkdir", "link", "symlink": made(path)
        case "rename":
            checked += 1
            if dirty.remove(old) != nil { violate("renamed before its data is synced: \(path)") }
            unnamed.remove(old)
            made(path)
        case "names": spoken.insert(old)
        case "unlink", "rmdir":
            dirty.remove(path)
            unnamed.remove(path)
        case "fsync", "fdatasync":
            dirty.remove(path)
            unnamed = unnamed.filter { Self.folder(of: $0) != path }
            if path.hasSuffix("/runs.sqlite-wal") { commit() }
        default: break
        }
    }

    private mutating func made(_ path: String) {
        unnamed.insert(path)
        if path.contains(Self.objectFolder) { objects.insert(Self.name(of: path)) }
    }

    /// The ledger says something: the objects it speaks of must be on the disk, and so must their names.
    private mutating func commit() {
        checked += 1
        for path in unnamed where path.contains(Self.objectFolder) {
            let name = Self.name(of: path)
            // A folder is relied on by the objects in it.
            let relied = name.utf8.count == 2 ? objects.filter { $0.hasPrefix(name) } : [name]
            if !spoken.isDisjoint(with: relied) { violate("the ledger goes on before the name is synced: \(path)") }
        }
        spoken = []
    }

    /// What was left behind by a process that died may be gone.
    mutating func end(_ exists: (String) -> Bool) {
        for path in dirty where exists(path) && !Self.isTemporary(path) { violate("never synced: \(path)") }
        for path in unnamed where exists(path) && !Self.isTemporary(path) {
            violate("its folder is never synced: \(path)")
        }
    }

    private static let objectFolder = "/objects/sha256/"

    private static func name(of path: String) -> String { String(path.split(separator: "/").last ?? "") }

    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    private mutating func violate(_ text: String) { if !violations.contains(text) { violations.append(text) } }
}
