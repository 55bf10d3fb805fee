import Foundation

/// What a commit has at a path or below it, links on the way followed as the commit has them.
///
/// It can be compared with what was read as often as one likes, without opening the repository again.
public struct CommittedFolder: Sendable {
    /// From the top; nil where the path leads out of the commit.
    let end: String?
    let files: [String: CommittedFile]

    private var prefix: String { end.map { $0.isEmpty ? "" : $0 + "/" } ?? "" }

    /// From the top, of what lies below the folder; an empty name is the folder itself, or the one file.
    public func path(of name: String) -> String { name.isEmpty ? end ?? "" : prefix + name }

    /// How the bytes that were read differ from those of the commit; of files that git changes as it checks them out only
    /// ``GitRepository/differences(of:from:)`` knows whether they differ.
    public func byteDifferences(of read: ReadFolder) -> [ChangedFile] {
        guard end != nil else { return [ChangedFile(path: read.path, change: .typeChanged)] }
        var found: [ChangedFile] = []
        for (name, bytes) in read.contents {
            let path = path(of: name)
            let isSame = files[path].map { file in bytes.withUnsafeBytes { GitRepository.hash($0, is: file.id) } }
            if isSame != true { found.append(ChangedFile(path: path, change: isSame == nil ? .added : .modified)) }
        }
        return (found + missing(in: read)).sorted { $0.path < $1.path }
    }

    /// The files that the commit has and that were not read.
    private func missing(in read: ReadFolder) -> [ChangedFile] {
        let prefix = prefix
        return files.compactMap { path, file in
            guard path.hasPrefix(prefix) else { return nil }
            let name = String(path.dropFirst(prefix.count))
            guard read.contents[name] == nil, !read.overlooks(name) else { return nil }
            // No commit of this repository says what is in a submodule, so that all its files are others.
            if file.isSubmodule, read.contents.keys.contains(where: { $0.hasPrefix(name + "/") }) { return nil }
            return ChangedFile(path: path, change: .deleted)
        }
    }
}

extension GitRepository {
    /// What a commit has at a path of the work tree.
    ///
    /// - Parameter isDeep: Whether what is in folders below it counts too.
    public func folder(
        at path: String, in commit: CommitID, isDeep: Bool = true
    ) throws(GitError) -> CommittedFolder {
        guard let workTree else { return CommittedFolder(end: nil, files: [:]) }
        var failure: GitError?
        let place = LinkedPath(path, top: workTree) { path in
            do throws(GitError) {
                return try linkTarget(at: path, in: commit)
            } catch {
                failure = failure ?? error
                return nil
            }
        }
        if let failure { throw failure }
        guard let end = place.end else { return CommittedFolder(end: nil, files: [:]) }
        return CommittedFolder(end: end, files: try committed(below: end, at: commit, isDeep: isDeep))
    }

    /// How what was read of a folder differs from what a commit has there, by path.
    ///
    /// The disk is not asked: not what is there by now, nor where a link leads by now.
    public func differences(of read: ReadFolder, from folder: CommittedFolder) throws(GitError) -> [ChangedFile] {
        let bytes = Dictionary(read.contents.map { (folder.path(of: $0), $1) }) { first, _ in first }
        var found: [ChangedFile] = []
        for other in folder.byteDifferences(of: read) {
            if other.change == .modified, let file = folder.files[other.path], let bytes = bytes[other.path],
                try isSame(bytes, as: file, at: other.path)
            {
                continue
            }
            found.append(other)
        }
        return found
    }

    private func isSame(_ bytes: [UInt8], as file: CommittedFile, at path: String) throws(GitError) -> Bool {
        try Self.bytes(of: bytes) { raw throws(GitError) in try isSame(raw, as: file, at: path) }
    }
}
