import CLibGit2

extension GitRepository {
    /// Sees that a tag survives a power failure: its name, its object, and the folders above both.
    ///
    /// libgit2 syncs a file and the folder it is in, not the folder above a new folder, and nothing that was there
    /// already: an attempt that was cut off may have left a tag that is in the memory of the kernel only. What git has
    /// packed it has synced itself.
    public func sync(_ tag: Tag) throws(GitError) {
        guard let text = git_repository_commondir(pointer) else { return }
        let folder = String(cString: text)
        let id = tag.id.hex
        // The object first: a name that leads to nothing is worse than an object without a name.
        try disk.sync("\(folder)objects/\(id.prefix(2))/\(id.dropFirst(2))", upTo: "\(folder)objects")
        try disk.sync("\(folder)refs/tags/\(tag.name)", upTo: "\(folder)refs")
    }
}
