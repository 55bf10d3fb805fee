import CLibGit2

/// A file of the work tree that differs from the head commit.
public struct ChangedFile: Sendable, Hashable, CustomStringConvertible {
    /// How it differs.
    public enum Change: String, Sendable, Hashable {
        case added, modified, deleted, renamed
        case typeChanged = "type changed"
        case untracked, conflicted, unreadable
    }

    /// The path from the repository's root.
    public var path: String
    public var change: Change
    public var description: String { "\(path) (\(change.rawValue))" }

    /// A path and what happened to it.
    public init(path: String, change: Change) {
        self.path = path
        self.change = change
    }

    init?(path: String, flags: UInt32) {
        func has(_ all: git_status_t...) -> Bool { all.contains { flags & $0.rawValue != 0 } }
        let change: Change
        if has(GIT_STATUS_CONFLICTED) {
            change = .conflicted
        } else if has(GIT_STATUS_INDEX_DELETED, GIT_STATUS_WT_DELETED) {
            change = .deleted
        } else if has(GIT_STATUS_INDEX_RENAMED, GIT_STATUS_WT_RENAMED) {
            change = .renamed
        } else if has(GIT_STATUS_INDEX_TYPECHANGE, GIT_STATUS_WT_TYPECHANGE) {
            change = .typeChanged
        } else if has(GIT_STATUS_INDEX_NEW) {
            change = .added
        } else if has(GIT_STATUS_INDEX_MODIFIED, GIT_STATUS_WT_MODIFIED) {
            change = .modified
        } else if has(GIT_STATUS_WT_NEW) {
            change = .untracked
        } else if has(GIT_STATUS_WT_UNREADABLE) {
            change = .unreadable
        } else {
            return nil
        }
        self.init(path: path, change: change)
    }
}
