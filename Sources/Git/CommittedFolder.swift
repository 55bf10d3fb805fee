import Foundation

/// What a commit has at a path or below it, links on the way followed as the commit has them.
///
/// It can be compared with what was read as often as one likes, without opening the repository again.
public struct CommittedFolder: Sendable {
    /// From the top; nil where the path leads out of the commit.
    let end: String?
    let files: [String: CommittedFile]
    /// Where links among the files lead, by path, and the file that the commit has there.
    private(set) var links: [String: (end: String?, file: CommittedFile?)] = [:]

    private var prefix: String { end.map { $0.isEmpty ? "" : $0 + "/" } ?? "" }

    /// From the top, of what lies below the folder; an empty name is the folder itself, or the one file.
    public func path(of name: String) -> String { name.isEmpty ? end ?? "" : prefix + name }

    /// Where the commit has what is read at a path from the top; nil for a link that leads out of it.
    public func place(of path: String) -> String? { links[path].map(\.end) ?? path }

    /// Whether the commit has a link at a path from the top that leads to none of its files, though not out of it.
    public func leadsNowhere(_ path: String) -> Bool { links[path].map { $0.end != nil && $0.file == nil } ?? false }

    /// Whether the commit has anything at a path from the top.
    public func has(_ path: String) -> Bool { files[path] != nil }

    /// Where what is in some file may be, and the file: its own place first, and where it leads when it is a link.
    func candidates(at path: String) -> [(path: String, file: CommittedFile)] {
        var found: [(path: String, file: CommittedFile)] = []
        // Where links cannot be made, git writes what they hold into a file.
        if let file = files[path] { found.append((path, file)) }
        if let link = links[path], let end = link.end, let file = link.file { found.append((end, file)) }
        return found
    }

    mutating func follow(_ path: String, to end: String?, _ file: CommittedFile?) { links[path] = (end, file) }

    /// How the bytes that were read differ from those of the commit; of files that git changes as it checks them out only
    /// ``GitRepository/differences(of:from:)`` knows whether they differ.
    public func byteDifferences(of read: ReadFolder) -> [ChangedFile] {
        guard end != nil else { return [ChangedFile(path: read.path, change: .typeChanged)] }
        var found: [ChangedFile] = []
        for (name, bytes) in read.contents {
            let path = path(of: name)
            let isSame = candidates(at: path).contains { candidate in
                bytes.withUnsafeBytes { GitRepository.hash($0, is: candidate.file.id) }
            }
            if !isSame { found.append(ChangedFile(path: path, change: has(path) ? .modified : .added)) }
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
    /// - Parameters:
    ///   - isDeep: Whether what is in folders below it counts too.
    ///   - isBeside: Whether the path is that of a file, and the folder is meant in which it lies, links followed.
    public func folder(
        at path: String, in commit: CommitID, isDeep: Bool = true, isBeside: Bool = false
    ) throws(GitError) -> CommittedFolder {
        guard let workTree, var end = try end(of: path, in: commit, workTree) else {
            return CommittedFolder(end: nil, files: [:])
        }
        if isBeside { end = Self.parent(of: end) }
        var folder = CommittedFolder(end: end, files: try committed(below: end, at: commit, isDeep: isDeep))
        for (path, file) in folder.files where file.isLink {
            let end = try self.end(of: path, in: commit, workTree)
            var target: CommittedFile?
            if let end, !end.isEmpty { target = try committed(below: end, at: commit, isDeep: false)[end] }
            folder.follow(path, to: end, target)
        }
        return folder
    }

    /// The folder in which a file lies; both from the top.
    public static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// Where a path leads when links are those of a commit.
    private func end(of path: String, in commit: CommitID, _ workTree: String) throws(GitError) -> String? {
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
        return place.end
    }

    /// How what was read of a folder differs from what a commit has there, by path.
    ///
    /// The disk is not asked: not what is there by now, nor where a link leads by now.
    public func differences(of read: ReadFolder, from folder: CommittedFolder) throws(GitError) -> [ChangedFile] {
        let bytes = Dictionary(read.contents.map { (folder.path(of: $0), $1) }) { first, _ in first }
        var found: [ChangedFile] = []
        for other in folder.byteDifferences(of: read) {
            var isSame = false
            if other.change == .modified, let bytes = bytes[other.path] {
                for (path, file) in folder.candidates(at: other.path) where !isSame {
                    isSame = try self.isSame(bytes, as: file, at: path)
                }
            }
            if !isSame { found.append(other) }
        }
        return found
    }

    private func isSame(_ bytes: [UInt8], as file: CommittedFile, at path: String) throws(GitError) -> Bool {
        try Self.bytes(of: bytes) { raw throws(GitError) in try isSame(raw, as: file, at: path) }
    }
}
