import Engine
import Foundation

/// Puts a new file in the place of a damaged one, so that whatever instant it is cut off at, the damaged one is there whole,
/// or the new one is in its place.
extension StoreExamination {
    /// SQLite's log of the damaged file; a repair that was cut off may have put it aside already, and what stands beside the
    /// file then is of whoever has looked since.
    var log: String? {
        let files = FileManager.default
        let aside = folders(named: "damaged-").map { "\(folder)/\($0)" }.first { aside in
            let inode = Self.inode("\(aside)/runs.sqlite")
            return inode != nil && inode == Self.inode(file) && files.fileExists(atPath: "\(aside)/runs.sqlite-wal")
        }
        if let aside { return "\(aside)/runs.sqlite-wal" }
        return files.fileExists(atPath: "\(file)-wal") ? "\(file)-wal" : nil
    }

    /// Removes what a repair had begun that was cut off; the next one makes it anew.
    func removeCutOff() {
        for name in folders(named: "saved-") {
            // What cannot be removed is in nobody's way.
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    func replace(by new: String, puttingAside aside: String) throws(StageFailure) {
        try Self.sync(new)
        try DurableFile.makeFolder(aside)
        for name in ["runs.sqlite", "runs.sqlite-wal"] {
            // A second name for the same file: it keeps its first one until the new file is there.
            guard link("\(folder)/\(name)", "\(aside)/\(name)") != 0, errno != ENOENT else { continue }
            throw Self.failure("cannot put '\(folder)/\(name)' aside")
        }
        try Self.sync(aside)
        // The new file must not be read with the log of the old one.
        for name in ["runs.sqlite-wal", "runs.sqlite-shm"] {
            guard unlink("\(folder)/\(name)") != 0, errno != ENOENT else { continue }
            throw Self.failure("cannot remove '\(folder)/\(name)'")
        }
        try Self.sync(folder)
        guard rename(new, file) == 0 else { throw Self.failure("cannot write '\(file)'") }
        try Self.sync(folder)
    }

    private func folders(named beginning: String) -> [String] {
        // A folder that cannot be read holds nothing for us.
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasPrefix(beginning) && $0.dropFirst(beginning.count).allSatisfy(\.isNumber) }.sorted()
            .reversed()
    }

    /// What changes when somebody writes to the store.
    var marks: [String] {
        ["", "-wal"].map { ending in
            var status = stat()
            guard lstat(file + ending, &status) == 0 else { return "" }
            return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }
    }

    private static func inode(_ path: String) -> UInt64? {
        var status = stat()
        return lstat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    private static func sync(_ path: String) throws(StageFailure) {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw failure("cannot read '\(path)'") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot write '\(path)'") }
    }

    private static func failure(_ message: String) -> StageFailure {
        StageFailure(.broken, "store/unavailable", "\(message): \(String(cString: strerror(errno)))")
    }
}
