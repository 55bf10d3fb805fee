#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes files and folders of a repository through to the disk.
struct GitDisk: Sendable {
    /// Called before a file or folder is synced; a test throws to be the disk that fails.
    var hook: @Sendable (_ path: String) throws(GitError) -> Void = { _ in }

    /// Syncs a file and the folders it is in, each after what is in it, up to and with the last one.
    ///
    /// A file that is not there is passed over; gives whether it is.
    @discardableResult
    func sync(_ file: String, upTo last: String) throws(GitError) -> Bool {
        var path = file
        while path.count >= last.count, !path.isEmpty {
            // Git may pack it at any time, which syncs what it packs.
            guard try sync(path) || path != file else { return false }
            path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        }
        return true
    }

    /// Gives whether it is there.
    private func sync(_ path: String) throws(GitError) -> Bool {
        let handle = open(path, O_RDONLY | O_CLOEXEC)
        if handle < 0, errno == ENOENT { return false }
        guard handle >= 0 else { throw Self.error("cannot open '\(path)'") }
        defer { close(handle) }
        // Some file systems cannot sync a folder, and say so.
        try hook(path)
        guard fsync(handle) == 0 || errno == EINVAL else { throw Self.error("cannot sync '\(path)'") }
        return true
    }

    private static func error(_ what: String) -> GitError {
        GitError(.other, "\(what): \(String(cString: strerror(errno)))")
    }
}
