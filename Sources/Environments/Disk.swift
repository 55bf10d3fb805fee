import Documents
import Foundation

/// Writes files so that each is whole or absent, whatever instant the machine stops at.
struct Disk: Sendable {
    /// A moment at which the machine may stop.
    enum Point: String, Sendable, CaseIterable {
        case makeFolder, create, firstHalf, secondHalf, sync, rename, syncFolder, remove
    }

    /// Called before each step; a test throws ``Interruption`` to stop there as a crash would.
    var hook: @Sendable (Point, _ path: String) throws -> Void = { _, _ in }

    /// Stops all writing without cleaning up.
    struct Interruption: Error {}

    /// Puts a file in place of another, or of none: temporary name, sync, rename, sync of the folder.
    func replace(_ path: String, with content: Data) throws {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let temporary = TemporaryName.partial(of: path)
        try hook(.create, path)
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Self.error("cannot write in '\(folder)'") }
        do {
            let half = content.count / 2
            try hook(.firstHalf, path)
            try write(content.prefix(half), to: file, path)
            try hook(.secondHalf, path)
            try write(content.dropFirst(half), to: file, path)
            try hook(.sync, path)
            guard fsync(file) == 0 else { throw Self.error("cannot write '\(path)'") }
        } catch {
            close(file)
            if !(error is Interruption) { unlink(temporary) }
            throw error
        }
        guard close(file) == 0 else {
            let error = Self.error("cannot write '\(path)'")
            unlink(temporary)
            throw error
        }
        try hook(.rename, path)
        guard rename(temporary, path) == 0 else {
            let error = Self.error("cannot write '\(path)'")
            unlink(temporary)
            throw error
        }
        try syncFolder(folder)
    }

    /// Makes a folder and those above it.
    func makeFolder(_ path: String) throws {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw EnvironmentError(.disk, "environment/not-a-folder", "'\(path)' is not a folder")
            }
            return
        }
        let above = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if !above.isEmpty { try makeFolder(above) }
        try hook(.makeFolder, path)
        // Another process may have been faster.
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw Self.error("cannot make the folder '\(path)'")
        }
        try syncFolder(above)
    }

    /// Gives a file another name in its folder; what had that name is gone.
    func move(_ path: String, to other: String) throws {
        try hook(.rename, other)
        guard rename(path, other) == 0 else { throw Self.error("cannot move '\(path)' to '\(other)'") }
        try syncFolder(String(other[..<(other.lastIndex(of: "/") ?? other.startIndex)]))
    }

    /// Removes a file if it is there.
    func remove(_ path: String) throws {
        try hook(.remove, path)
        guard unlink(path) == 0 || errno == ENOENT else { throw Self.error("cannot remove '\(path)'") }
    }

    /// The bytes of a file; nil when there is none.
    static func read(_ path: String) throws -> Data? {
        do throws(RegularFile.Failure) {
            return try RegularFile.contents(of: path)
        } catch {
            switch error {
            case .missing: return nil
            case .notRegular:
                throw EnvironmentError(
                    .damaged, "environment/damaged",
                    "'\(path)' is no regular file, and almrun writes nothing else there",
                    notes: ["remove it, and put the file back from a copy"])
            case .system: throw EnvironmentError(.disk, "environment/disk", "cannot read '\(path)': \(error)")
            }
        }
    }

    /// An error with the system's words for what went wrong last.
    static func error(_ what: String) -> EnvironmentError {
        EnvironmentError(.disk, "environment/disk", "\(what): \(String(cString: strerror(errno)))")
    }

    func syncFolder(_ folder: String) throws {
        try hook(.syncFolder, folder)
        let handle = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { throw Self.error("cannot open '\(folder)'") }
        defer { close(handle) }
        guard fsync(handle) == 0 || errno == EINVAL else { throw Self.error("cannot sync '\(folder)'") }
    }

    private func write(_ content: Data, to file: Int32, _ path: String) throws {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.error("cannot write '\(path)'")
            }
            rest = rest.dropFirst(count)
        }
    }
}
