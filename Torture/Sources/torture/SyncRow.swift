import Foundation

/// Reads what every command changed, in order, and says what a power failure could take though it was relied on.
///
/// Nothing is made to fail: a name must not lead to data that is not on the disk, and a new name must be on the disk
/// itself, before the ledger says that the work is done.
struct SyncRow: Row {
    let name = "syncs"
    let meaning = "a file that is not synced before its name, its folder or the ledger says it is there"

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        Laboratory.sequence.indices.map(String.init)
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        guard let station = Int(point) else { throw Problem("'\(point)' is no point") }
        let trial = try trial(station)
        let trace = "\(trial.folder)/trace"
        try trial.almrun(Laboratory.sequence[station], traced: trace)
        var disk = UnsyncedDisk()
        let lines = String(decoding: FileManager.default.contents(atPath: trace) ?? Data(), as: UTF8.self)
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 4 else { continue }
            disk.happened(parts[1], parts[2], from: parts[3])
        }
        disk.end()
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

    /// What may be lost: logs are for people, locks and shared memory end with the process, and what git makes anew.
    private static func isDispensable(_ path: String) -> Bool {
        path.hasPrefix("/tmp/") || path.hasPrefix("/home/") || path.contains("/logs") || path.hasSuffix("lock")
            || path.hasSuffix("-shm") || path.hasSuffix("/.git/index") || path.hasSuffix("/.almrun/runs")
    }

    mutating func happened(_ operation: String, _ path: String, from old: String) {
        guard !Self.isDispensable(path) else { return }
        switch operation {
        case "write", "pwrite", "writev", "sendfile", "copy_file_range", "fwrite", "ftruncate", "fallocate":
            dirty.insert(path)
        case "create", "open-truncate", "fopen":
            dirty.insert(path)
            if operation != "open-truncate" { unnamed.insert(path) }
        case "mkdir", "link", "symlink": unnamed.insert(path)
        case "rename":
            checked += 1
            if dirty.remove(old) != nil { violate("renamed before its data is synced: \(path)") }
            unnamed.remove(old)
            unnamed.insert(path)
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

    /// The ledger says something: what it speaks of must be on the disk. A temporary file is not spoken of.
    private mutating func commit() {
        checked += 1
        for path in unnamed where path.contains("/objects/sha256") && !path.dropFirst(path.count - 7).hasPrefix(".") {
            violate("the ledger goes on before the name is synced: \(path)")
        }
    }

    mutating func end() {
        for path in dirty { violate("never synced: \(path)") }
        for path in unnamed { violate("its folder is never synced: \(path)") }
    }

    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    private mutating func violate(_ text: String) { if !violations.contains(text) { violations.append(text) } }
}
