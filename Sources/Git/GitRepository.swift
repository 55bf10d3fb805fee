import CLibGit2
import Foundation

/// A git repository, open as long as this value lives.
///
/// Calls block and belong to one thread; everything they give back is plain values that outlive the repository.
public struct GitRepository: ~Copyable {
    private let handle: Handle
    let disk: GitDisk

    /// Opens the repository that the folder is in, looking upwards.
    public init(at path: String) throws(GitError) { try self.init(at: path, disk: GitDisk()) }

    init(at path: String, disk: GitDisk) throws(GitError) {
        GitLibrary.start()
        var opened: OpaquePointer?
        let code = git_repository_open_ext(&opened, path, 0, nil)
        guard code >= 0, let opened else {
            let error = GitError.last("cannot open the git repository at '\(path)'", code: code)
            if code == GIT_ENOTFOUND.rawValue, error.kind == .other {
                throw GitError(.notARepository, "'\(path)' is not in a git repository", help: "git init")
            }
            guard error.kind == .dubiousOwnership else { throw error }
            throw GitError(
                error.kind, error.message,
                help: "git config --global --add safe.directory '\(Self.top(of: path))'")
        }
        handle = Handle(opened, freedBy: git_repository_free)
        self.disk = disk
    }

    /// The nearest folder upwards that holds a repository, or the folder itself.
    private static func top(of path: String) -> String {
        let start = URL(filePath: path).standardizedFileURL
        var folder = start
        while folder.path != "/" {
            if access(folder.appending(path: ".git").path, F_OK) == 0 { return folder.path }
            folder = folder.deletingLastPathComponent()
        }
        return start.path
    }

    var pointer: OpaquePointer { handle.pointer }

    /// The top folder of the work tree without a final slash; nil for a bare repository.
    public var workTree: String? {
        guard let path = git_repository_workdir(pointer) else { return nil }
        let text = String(cString: path)
        return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// Whether history was cut off when cloning.
    public var isShallow: Bool { git_repository_is_shallow(pointer) == 1 }

    /// Whether file contents were left out when cloning, which libgit2 cannot fetch on demand.
    public var isPartialClone: Bool {
        if configValue("extensions.partialclone") != nil { return true }
        var opened: OpaquePointer?
        guard git_repository_config_snapshot(&opened, pointer) >= 0, let opened else { return false }
        let config = Handle(opened, freedBy: git_config_free)
        var iterator: OpaquePointer?
        guard git_config_iterator_glob_new(&iterator, config.pointer, "^remote\\..*\\.promisor$") >= 0 else {
            return false
        }
        defer { git_config_iterator_free(iterator) }
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0 {
            if let value = entry?.pointee.value, String(cString: value) == "true" { return true }
        }
        return false
    }

    /// The commit that is checked out.
    public func head() throws(GitError) -> Commit {
        if git_repository_head_unborn(pointer) == 1 {
            throw GitError(.noCommit, "the repository has no commit yet", help: "git commit")
        }
        return try commit("HEAD")
    }

    /// The commit that a revision names: an id, a branch, a tag, `HEAD~2`.
    public func commit(_ revision: String) throws(GitError) -> Commit {
        let object = try resolve(revision, to: GIT_OBJECT_COMMIT)
        return Commit(object)
    }

    /// The files that differ from the head commit, by path; what ignore rules name is left out.
    public func changes() throws(GitError) -> [ChangedFile] {
        guard workTree != nil else {
            throw GitError(.noWorkTree, "the repository is bare: it has no work tree to look at")
        }
        let submodules = try submodules()
        var found: [ChangedFile]
        do throws(GitError) {
            found = try status()
        } catch {
            // libgit2 stops at names of submodules that git takes.
            guard !submodules.isEmpty, error.kind == .other else { throw error }
            found = try status(besides: GIT_STATUS_OPT_EXCLUDE_SUBMODULES).filter { submodules[$0.path] == nil }
            for (path, commit) in submodules where isUnchanged(submodule: path, at: commit) == false {
                found.append(ChangedFile(path: path, change: .modified))
            }
            return found.sorted { $0.path < $1.path }
        }
        found.removeAll { file in
            // Of one that cannot be looked into nothing is said: a stage that reads in it reads files of no commit.
            submodules[file.path].map { isUnchanged(submodule: file.path, at: $0) != false } ?? false
        }
        return found.sorted { $0.path < $1.path }
    }

    private func status(besides flag: git_status_opt_t? = nil) throws(GitError) -> [ChangedFile] {
        let pointer = pointer
        let list = try Handle("cannot read the state of the work tree", freedBy: git_status_list_free) { out in
            var options = git_status_options()
            git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION))
            options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR
            // Looking writes nothing: a crash in the middle would leave `index.lock`, which stops git for ever.
            options.flags =
                GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS.rawValue
                | GIT_STATUS_OPT_RENAMES_HEAD_TO_INDEX.rawValue | (flag?.rawValue ?? 0)
            return git_status_list_new(&out, pointer, &options)
        }
        var found: [ChangedFile] = []
        for index in 0..<git_status_list_entrycount(list.pointer) {
            guard let entry = git_status_byindex(list.pointer, index)?.pointee else { continue }
            let delta = entry.index_to_workdir ?? entry.head_to_index
            guard let name = delta?.pointee.new_file.path ?? delta?.pointee.old_file.path,
                let file = ChangedFile(path: String(cString: name), flags: entry.status.rawValue)
            else { continue }
            found.append(file)
        }
        return found
    }

    /// The bytes of a file as a revision has it.
    ///
    /// - Parameter name: What errors call the revision, where it was named otherwise.
    public func blob(at path: String, revision: String, named name: String? = nil) throws(GitError) -> [UInt8] {
        let tree = try resolve(revision, to: GIT_OBJECT_TREE)
        let revision = name ?? revision
        var found: OpaquePointer?
        let code = git_tree_entry_bypath(&found, tree.pointer, path)
        guard code >= 0, let found else {
            if code == GIT_ENOTFOUND.rawValue {
                throw GitError(.noSuchPath, "'\(path)' does not exist in revision '\(revision)'")
            }
            throw GitError.last("cannot find '\(path)' in revision '\(revision)'", code: code)
        }
        let entry = Handle(found, freedBy: git_tree_entry_free)
        guard git_tree_entry_type(entry.pointer) == GIT_OBJECT_BLOB else {
            throw GitError(.notAFile, "'\(path)' is not a file in revision '\(revision)'")
        }
        if git_tree_entry_filemode(entry.pointer) == GIT_FILEMODE_LINK {
            throw GitError(.notAFile, "'\(path)' is a symbolic link in revision '\(revision)'")
        }
        let pointer = pointer
        var opened: OpaquePointer?
        let status = git_blob_lookup(&opened, pointer, git_tree_entry_id(entry.pointer))
        guard status >= 0, let opened else { throw missing("cannot read '\(path)' of revision '\(revision)'", status) }
        let blob = Handle(opened, freedBy: git_blob_free)
        guard let start = git_blob_rawcontent(blob.pointer) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(git_blob_rawsize(blob.pointer))))
    }

    /// Whether a commit is there.
    public func hasCommit(_ id: CommitID) -> Bool {
        var raw = id.raw
        var opened: OpaquePointer?
        guard git_commit_lookup(&opened, pointer, &raw) >= 0, let opened else { return false }
        git_commit_free(opened)
        return true
    }

    /// Who wrote the commits that lead to a commit, by default the head, and not to every one of the bases; without a base,
    /// all of them.
    public func contributors(of commit: CommitID? = nil, since bases: [CommitID]) throws(GitError) -> Contributors {
        let pointer = pointer
        let isShallow = isShallow
        var found = Contributors()
        let head = if let commit { commit } else { try head().id }
        for base in bases.isEmpty ? [nil] : bases.map(Optional.some) {
            let walk = try Handle("cannot walk the history", freedBy: git_revwalk_free) {
                git_revwalk_new(&$0, pointer)
            }
            var from = head.raw
            try check(git_revwalk_push(walk.pointer, &from), "cannot walk from the head commit")
            if let base {
                var until = base.raw
                try check(git_revwalk_hide(walk.pointer, &until), "cannot walk to '\(base)'")
            }
            var id = git_oid()
            while true {
                let code = git_revwalk_next(&id, walk.pointer)
                if code == GIT_ITEROVER.rawValue { break }
                guard code >= 0 else {
                    let error = missing("cannot walk the history", code)
                    guard error.kind == .shallowClone else { throw error }
                    found.isWhole = false
                    break
                }
                var opened: OpaquePointer?
                let status = git_commit_lookup(&opened, pointer, &id)
                guard status >= 0, let opened else { throw missing("cannot read commit \(CommitID(id))", status) }
                defer { git_commit_free(opened) }
                for signature in [git_commit_author(opened), git_commit_committer(opened)] {
                    if let email = signature?.pointee.email { found.people.insert(String(cString: email)) }
                }
                if isShallow, git_commit_parentcount(opened) == 0 { found.isWhole = false }
            }
        }
        return found
    }

    /// Who works here, as git itself would write them down as the author of a commit with these variables: their own
    /// variables first, then the settings of the repository, the user and the machine, then `EMAIL`.
    public func identity(environment: [String: String]) throws(GitError) -> Person {
        try Person(author: GitSettings(repository: pointer, environment: environment), environment)
    }

    /// A setting of the repository, the user or the machine; nil when nobody set it.
    func configValue(_ key: String) -> String? {
        var opened: OpaquePointer?
        guard git_repository_config_snapshot(&opened, pointer) >= 0, let opened else { return nil }
        let config = Handle(opened, freedBy: git_config_free)
        var text: UnsafePointer<CChar>?
        guard git_config_get_string(&text, config.pointer, key) >= 0, let text else { return nil }
        let value = String(cString: text)
        return value.isEmpty ? nil : value
    }

    /// The object that a revision leads to, of one type.
    func resolve(_ revision: String, to type: git_object_t) throws(GitError) -> Handle {
        let pointer = pointer
        var opened: OpaquePointer?
        let code = git_revparse_single(&opened, pointer, revision)
        guard code >= 0, let opened else {
            if code == GIT_ENOTFOUND.rawValue || code == GIT_EINVALIDSPEC.rawValue {
                let error = missing("the revision '\(revision)' does not exist", code)
                throw error.kind == .other
                    ? GitError(.noSuchRevision, "the revision '\(revision)' does not exist") : error
            }
            throw GitError.last("cannot resolve the revision '\(revision)'", code: code)
        }
        let object = Handle(opened, freedBy: git_object_free)
        var peeled: OpaquePointer?
        let status = git_object_peel(&peeled, object.pointer, type)
        guard status >= 0, let peeled else { throw missing("the revision '\(revision)' leads to no commit", status) }
        return Handle(peeled, freedBy: git_object_free)
    }

    /// The error for an object that is not there, which in a partial or shallow clone has a better explanation.
    func missing(_ doing: String, _ code: Int32) -> GitError {
        let error = GitError.last(doing, code: code)
        guard code == GIT_ENOTFOUND.rawValue else { return error }
        if isPartialClone {
            return GitError(
                .partialClone, "\(doing): the clone is partial and does not have it",
                help: "git fetch --refetch --no-filter")
        }
        if isShallow {
            return GitError(
                .shallowClone, "\(doing): the clone is shallow and does not have it",
                help: "git fetch --unshallow --tags")
        }
        return error
    }
}
