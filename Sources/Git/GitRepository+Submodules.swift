import CLibGit2
import Foundation

extension GitRepository {
    /// The submodules that git has in its index, with the commit of each, by path.
    func submodules() throws(GitError) -> [String: CommitID] {
        let pointer = pointer
        let index = try Handle("cannot read git's index", freedBy: git_index_free) {
            git_repository_index(&$0, pointer)
        }
        var found: [String: CommitID] = [:]
        for position in 0..<git_index_entrycount(index.pointer) {
            guard let entry = git_index_get_byindex(index.pointer, position)?.pointee, let name = entry.path,
                git_filemode_t(rawValue: entry.mode) == GIT_FILEMODE_COMMIT
            else { continue }
            found[String(cString: name)] = CommitID(entry.id)
        }
        return found
    }

    /// Whether a submodule is as the head commit has it, what is in its folder with it; nil where nobody can tell.
    ///
    /// Names and paths with control characters or blanks at their ends are read otherwise by libgit2 than by git, so that
    /// the submodule is asked itself.
    func isUnchanged(submodule path: String, at commit: CommitID) -> Bool? {
        guard let workTree, let head = try? head().id, let there = try? committed(below: path, at: head) else {
            return nil
        }
        guard let there = there[path], there.isSubmodule, CommitID(there.id) == commit else { return false }
        let folder = "\(workTree)/\(path)"
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
        // One that was never checked out has nothing in it that could differ.
        guard access("\(folder)/.git", F_OK) == 0 else { return true }
        guard let submodule = try? GitRepository(at: folder, disk: disk), submodule.isAt(folder),
            let its = try? submodule.head().id
        else { return nil }
        guard its == commit else { return false }
        return (try? submodule.changes()).map(\.isEmpty)
    }

    private func isAt(_ folder: String) -> Bool {
        guard let workTree else { return false }
        return URL(filePath: workTree).resolvingSymlinksInPath() == URL(filePath: folder).resolvingSymlinksInPath()
    }
}
