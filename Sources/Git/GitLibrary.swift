import CLibGit2

/// Starts libgit2 once for the process.
enum GitLibrary {
    private static let started: Int32 = {
        let count = git_libgit2_init()
        // What the repository keeps must survive a power cut, or a tag could be reported and be gone.
        _ = alm_git_enable_fsync(1)
        return count
    }()

    static func start() { _ = started }
}
