import CLibGit2
import Foundation

extension GitRepository {
    /// The files that differ from the head commit, by path: ``changes()``, and those that git is told not to compare
    /// (`assume-unchanged`, `skip-worktree`); of a sparse checkout without those that are not there.
    public func uncommitted() throws(GitError) -> [ChangedFile] {
        var found: [String: ChangedFile] = [:]
        for file in try changes() { found[file.path] = file }
        guard let workTree else { return Array(found.values) }
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
            let file = CommittedFile(id: entry.id, mode: git_filemode_t(rawValue: entry.mode))
            var change = found[path]?.change
            if change == nil { change = try self.change(of: file, at: path, in: workTree) }
            found[path] = change.map { ChangedFile(path: path, change: $0) }
            // To libgit2 it is gone, and to git it is not.
            if change == .deleted, isSparse { found[path] = nil }
        }
        return found.values.sorted { $0.path < $1.path }
    }

    /// How what is at some paths, below them and where links lead differs from a commit byte by byte, by path, whatever git
    /// believes of it (times, flags, ignore rules).
    ///
    /// - Parameters:
    ///   - paths: From the top of the work tree; an empty one is the top.
    ///   - folder: One that is passed over on the way down, such as that of the runs; where a path leads into it, it counts.
    ///   - isThorough: Whether what is in the files is read; without it only those are found that are there and not in
    ///     the commit, or the other way round.
    public func differences(
        below paths: [String], from commit: CommitID, passingOver folder: String? = nil, isThorough: Bool = true
    ) throws(GitError) -> [ChangedFile] {
        guard let workTree else { return [] }
        let listing = WorkTreeListing(of: paths, in: workTree, passingOver: folder)
        var committed: [String: CommittedFile] = [:]
        for path in listing.paths { committed.merge(try self.committed(below: path, at: commit)) { $1 } }
        for path in listing.links where committed[path] == nil {
            committed.merge(try self.committed(below: path, at: commit)) { $1 }
        }
        let present = listing.files
        var found = listing.outside.map { ChangedFile(path: $0, change: .unreadable) }
        for path in present where !listing.outside.contains(path) {
            guard let file = committed[path] else {
                found.append(ChangedFile(path: path, change: .untracked))
                continue
            }
            guard isThorough else { continue }
            if let change = try change(of: file, at: path, in: workTree) {
                found.append(ChangedFile(path: path, change: change))
            }
        }
        for (path, file) in committed where !present.contains(path) {
            // No commit of this repository says what is in a submodule, so that all its files are found above.
            if file.isSubmodule, present.contains(where: { $0.hasPrefix(path + "/") }) { continue }
            found.append(ChangedFile(path: path, change: .deleted))
        }
        return found.sorted { $0.path < $1.path }
    }

    /// Where a path of the work tree leads, links on it followed; nil when that is out of it.
    public func followed(_ path: String) -> String? {
        guard let workTree else { return nil }
        return LinkedPath(path, top: workTree) { WorkTreeListing.linkTarget("\(workTree)/\($0)") }.end
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

    /// How a file of the work tree differs from what is committed of it, by what is in it; nil when it does not.
    private func change(
        of file: CommittedFile, at path: String, in workTree: String
    ) throws(GitError) -> ChangedFile.Change? {
        let full = "\(workTree)/\(path)"
        var status = stat()
        guard lstat(full, &status) == 0 else { return .deleted }
        let bytes: Data
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            guard !file.isSubmodule else { return .typeChanged }
            // In pieces: only of one that differs, or that git changes as it checks it out, all is needed at once.
            var (id, committed) = (git_oid(), file.id)
            if git_odb_hashfile(&id, full, GIT_OBJECT_BLOB) >= 0, git_oid_equal(&id, &committed) == 1 { return nil }
            // Where links cannot be made, git writes what they hold into a file.
            guard let content = try? Data(contentsOf: URL(filePath: full)) else { return .unreadable }
            bytes = content
        case S_IFLNK:
            guard file.isLink, let target = WorkTreeListing.linkTarget(full) else { return .typeChanged }
            bytes = Data(target.utf8)
        default: return .typeChanged
        }
        let isEqual = try Self.bytes(of: bytes) { raw throws(GitError) in try isSame(raw, as: file, at: path) }
        return isEqual ? nil : .modified
    }

    static func bytes(
        of content: some ContiguousBytes, _ body: (UnsafeRawBufferPointer) throws(GitError) -> Bool
    ) throws(GitError) -> Bool {
        let result: Result<Bool, GitError> = content.withUnsafeBytes { raw in
            do throws(GitError) {
                return .success(try body(raw))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
