import CLibGit2

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension GitRepository {
    /// Removes the lock that a process left behind which died while it made this tag; gives whether there was one.
    ///
    /// Whoever lives holds such a lock for moments: it is removed only when it is the same after the patience, in seconds.
    @discardableResult
    public func removeAbandonedLock(ofTag name: String, patience: Double = 1) throws(GitError) -> Bool {
        if let problem = TagName.problem(with: name) { throw GitError(.invalidName, problem) }
        guard let folder = git_repository_commondir(pointer) else { return false }
        let path = String(cString: folder) + "refs/tags/\(name).lock"
        var before = stat()
        guard lstat(path, &before) == 0 else { return false }
        usleep(UInt32(patience * 1_000_000))
        var after = stat()
        guard lstat(path, &after) == 0, before.st_ino == after.st_ino, before.st_size == after.st_size,
            before.st_mtim.tv_sec == after.st_mtim.tv_sec, before.st_mtim.tv_nsec == after.st_mtim.tv_nsec
        else { return false }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw GitError(
                .other, "cannot remove the abandoned lock '\(path)': \(String(cString: strerror(errno)))")
        }
        return true
    }
}
