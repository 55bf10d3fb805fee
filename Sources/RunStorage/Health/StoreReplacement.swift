import Engine
import Foundation

/// Puts a new file in the place of a damaged one, so that whatever instant it is cut off at, the damaged one is there whole,
/// or the new one is in its place.
struct StoreReplacement {
    /// Where the damaged file goes.
    let aside: String
    /// The folder of the new store.
    var newFolder: String { "\(work)/store" }
    /// The file itself, also where the store has a link to it.
    private let file: String
    private let home: String
    private let work: String
    private let names = ["runs.sqlite", "runs.sqlite-wal"]

    init(folder: String, time: Date) {
        let file = "\(folder)/runs.sqlite"
        let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: file)) != nil
        self.file = isLink ? URL(filePath: file).resolvingSymlinksInPath().path : file
        home = isLink ? URL(filePath: self.file).deletingLastPathComponent().path : folder
        let digits = time.ISO8601Format().filter(\.isNumber)
        aside = "\(home)/damaged-\(digits)"
        work = "\(home)/saved-\(digits)"
    }

    /// SQLite's log of the damaged file; a repair that was cut off may have put it aside already, and what stands beside the
    /// file then is of whoever has looked since.
    private var log: String? {
        let files = FileManager.default
        let aside = folders(named: "damaged-").map { "\(home)/\($0)" }.first { aside in
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
            try? FileManager.default.removeItem(atPath: "\(home)/\(name)")
        }
    }

    /// Removes what is needed no more.
    func removeNew() { try? FileManager.default.removeItem(atPath: work) }

    /// Copies the damaged file and its log; gives the path of the copy.
    func copy() throws -> String {
        let folder = "\(work)/copy"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: file, toPath: "\(folder)/runs.sqlite")
        if let log { try FileManager.default.copyItem(atPath: log, toPath: "\(folder)/runs.sqlite-wal") }
        return "\(folder)/runs.sqlite"
    }

    /// Gives the damaged file its second name; it keeps the first one until the new file is there.
    func putAside() throws(StageFailure) {
        try Self.sync("\(newFolder)/runs.sqlite")
        guard Self.inode(aside) == nil else {
            throw StageFailure(
                .broken, "store/unavailable",
                "there is '\(aside)' already, of an earlier repair; give the command again")
        }
        do throws(StageFailure) {
            try DurableFile.makeFolder(aside)
            for (name, ending) in zip(names, ["", "-wal"]) {
                guard link(file + ending, "\(aside)/\(name)") != 0, errno != ENOENT else { continue }
                throw Self.failure("cannot put '\(file + ending)' aside")
            }
            try Self.sync(aside)
        } catch {
            removeAside()
            throw error
        }
    }

    /// Puts the new file in the place of the damaged one, for those who may read and write that.
    func replace() throws(StageFailure) {
        let new = "\(newFolder)/runs.sqlite"
        var status = stat()
        guard stat(file, &status) == 0 else { throw Self.failure("cannot read '\(file)'") }
        // Only root may give a file to somebody else; the group is what others share a store by.
        if chown(new, status.st_uid, status.st_gid) != 0 { _ = chown(new, uid_t.max, status.st_gid) }
        guard chmod(new, status.st_mode & 0o7777) == 0 else { throw Self.failure("cannot write '\(new)'") }
        // The new file must not be read with the log of the old one.
        for ending in ["-wal", "-shm"] {
            guard unlink(file + ending) != 0, errno != ENOENT else { continue }
            throw Self.failure("cannot remove '\(file + ending)'")
        }
        try Self.sync(home)
        guard rename(new, file) == 0 else { throw Self.failure("cannot write '\(file)'") }
        DurableFile.settle(file)
    }

    /// Undoes what was begun where the new file did not get its place; gives what is so now.
    func putBack() -> [String] {
        let log = "\(aside)/runs.sqlite-wal"
        if access(log, F_OK) == 0, link(log, "\(file)-wal") != 0, errno != EEXIST {
            return [
                "'\(file)' is as it was; its log is '\(log)' and could not be put back: "
                    + String(cString: strerror(errno)),
                "the next repair finds it there",
            ]
        }
        removeAside()
        return ["'\(file)' is as it was"]
    }

    private func removeAside() {
        // They have their first names.
        for name in names { unlink("\(aside)/\(name)") }
        rmdir(aside)
    }

    private func folders(named beginning: String) -> [String] {
        // A folder that cannot be read holds nothing for us.
        ((try? FileManager.default.contentsOfDirectory(atPath: home)) ?? [])
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
