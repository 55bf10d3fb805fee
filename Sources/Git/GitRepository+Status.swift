import CLibGit2

extension GitRepository {
    /// The libgit2 that is linked, such as `1.7.2`.
    public static var linkedVersion: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        git_libgit2_version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// Whether a commit is checked out and no branch.
    public var isHeadDetached: Bool { git_repository_head_detached(pointer) == 1 }

    /// Whether the ignore rules leave a path out, which is relative to the work tree; a folder's ends with a slash.
    public func isIgnored(_ path: String) -> Bool {
        var ignored: Int32 = 0
        return git_ignore_path_is_ignored(&ignored, pointer, path) >= 0 && ignored == 1
    }
}
