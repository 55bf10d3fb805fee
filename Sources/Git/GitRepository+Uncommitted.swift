import CLibGit2
import Foundation

extension GitRepository {
    /// The files of which no commit says what is in them, by path: ``changes()``, those that git is told not to compare
    /// (`assume-unchanged`, `skip-worktree`), and those below some paths that are in no commit because they are ignored.
    ///
    /// - Parameter paths: Files and folders from the repository's root; an empty one is the root.
    public func uncommitted(below paths: [String]) throws(GitError) -> [ChangedFile] {
        var found = try changes()
        guard let workTree else { return found }
        var known = Set(found.map(\.path))
        let pointer = pointer
        let index = try Handle("cannot read git's index", freedBy: git_index_free) {
            git_repository_index(&$0, pointer)
        }
        for position in 0..<git_index_entrycount(index.pointer) {
            guard let entry = git_index_get_byindex(index.pointer, position)?.pointee, let name = entry.path else {
                continue
            }
            let isSparse = UInt32(entry.flags_extended) & GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue != 0
            guard isSparse || UInt32(entry.flags) & GIT_INDEX_ENTRY_VALID.rawValue != 0 else { continue }
            let path = String(cString: name)
            guard !known.contains(path), let change = change(of: entry, at: "\(workTree)/\(path)") else { continue }
            // A sparse checkout has most files nowhere; that matters where one is read.
            if change == .deleted, isSparse, !paths.contains(where: { Self.isBelow(path, $0) }) { continue }
            known.insert(path)
            found.append(ChangedFile(path: path, change: change))
        }
        for path in paths {
            for file in Self.files(at: path, in: workTree) where !known.contains(file) {
                guard git_index_get_bypath(index.pointer, file, 0) == nil else { continue }
                known.insert(file)
                found.append(ChangedFile(path: file, change: .ignored))
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// The files that differ between two commits, by path.
    public func paths(changedFrom one: CommitID, to other: CommitID) throws(GitError) -> [String] {
        let old = try resolve(one.description, to: GIT_OBJECT_TREE)
        let new = try resolve(other.description, to: GIT_OBJECT_TREE)
        let pointer = pointer
        let (from, to) = (old.pointer, new.pointer)
        let list = try Handle("cannot compare two commits", freedBy: git_diff_free) {
            git_diff_tree_to_tree(&$0, pointer, from, to, nil)
        }
        return (0..<git_diff_num_deltas(list.pointer)).compactMap { position in
            git_diff_get_delta(list.pointer, position)?.pointee.new_file.path.map { String(cString: $0) }
        }
    }

    /// How a file differs from its entry in the index, whatever flags that has; nil when it does not.
    private func change(of entry: git_index_entry, at path: String) -> ChangedFile.Change? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .deleted }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        guard isFile, entry.mode & 0o170000 == 0o100000 else { return .typeChanged }
        var (id, expected) = (git_oid(), entry.id)
        guard git_repository_hashfile(&id, pointer, path, GIT_OBJECT_BLOB, nil) >= 0 else { return .unreadable }
        return git_oid_equal(&id, &expected) == 1 ? nil : .modified
    }

    private static func isBelow(_ path: String, _ folder: String) -> Bool {
        folder.isEmpty || path == folder || path.hasPrefix(folder + "/")
    }

    /// All that is no folder at a path, hidden ones too, from the root of the work tree; git's own folder is left out.
    private static func files(at path: String, in workTree: String) -> [String] {
        let full = path.isEmpty ? workTree : "\(workTree)/\(path)"
        var status = stat()
        guard lstat(full, &status) == 0 else { return [] }
        guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
        guard let names = FileManager.default.enumerator(atPath: full) else { return [] }
        var found: [String] = []
        while let name = names.nextObject() as? String {
            guard lstat("\(full)/\(name)", &status) == 0 else { continue }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                found.append(path.isEmpty ? name : "\(path)/\(name)")
                continue
            }
            if path.isEmpty, name == ".git" || name == ".almrun" { names.skipDescendants() }
        }
        return found
    }
}
