import CLibGit2
import Crypto
import Foundation

/// A file, a link or a submodule as a commit has it.
struct CommittedFile {
    let id: git_oid
    let mode: git_filemode_t

    var isLink: Bool { mode == GIT_FILEMODE_LINK }
    var isSubmodule: Bool { mode == GIT_FILEMODE_COMMIT }
}

extension GitRepository {
    /// What a commit has at a path or below it, by path; an empty path is the top.
    ///
    /// - Parameter isDeep: Whether what is in folders below it counts too.
    func committed(
        below path: String, at commit: CommitID, isDeep: Bool = true
    ) throws(GitError) -> [String: CommittedFile] {
        let tree = try resolve(commit.hex, to: GIT_OBJECT_TREE)
        var found: [String: CommittedFile] = [:]
        guard !path.isEmpty else {
            try list(tree.pointer, "", isDeep, &found)
            return found
        }
        var opened: OpaquePointer?
        let code = git_tree_entry_bypath(&opened, tree.pointer, path)
        if code == GIT_ENOTFOUND.rawValue { return [:] }
        guard code >= 0, let opened else {
            throw GitError.last("cannot find '\(path)' in commit \(commit)", code: code)
        }
        let entry = Handle(opened, freedBy: git_tree_entry_free)
        if git_tree_entry_filemode(entry.pointer) == GIT_FILEMODE_TREE {
            try list(below: entry.pointer, path, isDeep, &found)
        } else {
            add(entry.pointer, path, &found)
        }
        return found
    }

    /// What a link of a commit holds; nil for all else.
    func linkTarget(at path: String, in commit: CommitID) throws(GitError) -> String? {
        let tree = try resolve(commit.hex, to: GIT_OBJECT_TREE)
        var opened: OpaquePointer?
        guard git_tree_entry_bypath(&opened, tree.pointer, path) >= 0, let opened else { return nil }
        let entry = Handle(opened, freedBy: git_tree_entry_free)
        guard git_tree_entry_filemode(entry.pointer) == GIT_FILEMODE_LINK,
            let id = git_tree_entry_id(entry.pointer)?.pointee
        else { return nil }
        return try blob(id) { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether these bytes of the work tree are those of a file that is committed, also when git changes them as it
    /// checks them out (line endings, `ident`, large files kept elsewhere).
    ///
    /// Git is asked only whether it changes line endings: `ident` takes whatever stands in its place for the same.
    func isSame(_ bytes: UnsafeRawBufferPointer, as file: CommittedFile, at path: String) throws(GitError) -> Bool {
        func isCommitted(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { Self.hash($0, is: file.id) } }
        if Self.hash(bytes, is: file.id) { return true }
        let given = Array(bytes)
        // What `ident` writes: the name of the blob.
        let unnamed = given.replacing(Array("$Id: \(CommitID(file.id).hex) $".utf8), with: Array("$Id$".utf8))
        if isCommitted(unnamed) { return true }
        if changesLineEndings(of: path) {
            let (line, feed) = (Array("\r\n".utf8), Array("\n".utf8))
            if isCommitted(given.replacing(line, with: feed)) || isCommitted(unnamed.replacing(line, with: feed)) {
                return true
            }
        }
        guard !file.isLink, let digest = try blob(file.id, Self.largeFileDigest) else { return false }
        return SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            == digest
    }

    private func list(
        _ tree: OpaquePointer, _ prefix: String, _ isDeep: Bool, _ found: inout [String: CommittedFile]
    ) throws(GitError) {
        for position in 0..<git_tree_entrycount(tree) {
            guard let entry = git_tree_entry_byindex(tree, position), let text = git_tree_entry_name(entry) else {
                continue
            }
            let name = String(cString: text)
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            guard git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE else {
                add(entry, path, &found)
                continue
            }
            if isDeep { try list(below: entry, path, isDeep, &found) }
        }
    }

    private func list(
        below entry: OpaquePointer, _ path: String, _ isDeep: Bool, _ found: inout [String: CommittedFile]
    ) throws(GitError) {
        guard let id = git_tree_entry_id(entry) else { return }
        let pointer = pointer
        var opened: OpaquePointer?
        let code = git_tree_lookup(&opened, pointer, id)
        guard code >= 0, let opened else { throw missing("cannot read the folder '\(path)' of a commit", code) }
        let tree = Handle(opened, freedBy: git_tree_free)
        try list(tree.pointer, path, isDeep, &found)
    }

    private func add(_ entry: OpaquePointer, _ path: String, _ found: inout [String: CommittedFile]) {
        guard let id = git_tree_entry_id(entry) else { return }
        found[path] = CommittedFile(id: id.pointee, mode: git_tree_entry_filemode(entry))
    }

    private func blob<Result>(
        _ id: git_oid, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(GitError) -> Result {
        var id = id
        var opened: OpaquePointer?
        let code = git_blob_lookup(&opened, pointer, &id)
        guard code >= 0, let opened else { throw missing("cannot read a file of a commit", code) }
        let blob = Handle(opened, freedBy: git_blob_free)
        return body(
            UnsafeRawBufferPointer(start: git_blob_rawcontent(blob.pointer), count: Int(git_blob_rawsize(blob.pointer)))
        )
    }

    /// The SHA-256 that a pointer of `git lfs` names; nil for any other file.
    private static func largeFileDigest(_ pointer: UnsafeRawBufferPointer) -> String? {
        guard pointer.count < 1024 else { return nil }
        let lines = String(decoding: pointer, as: UTF8.self).split(separator: "\n")
        guard lines.first == "version https://git-lfs.github.com/spec/v1" else { return nil }
        let mark = "oid sha256:"
        return lines.first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }

    static func hash(_ bytes: UnsafeRawBufferPointer, is expected: git_oid) -> Bool {
        var (id, expected) = (git_oid(), expected)
        // What is empty has no address, and git wants one.
        let code =
            bytes.baseAddress.map { git_odb_hash(&id, $0, bytes.count, GIT_OBJECT_BLOB) }
            ?? git_odb_hash(&id, "", 0, GIT_OBJECT_BLOB)
        return code >= 0 && git_oid_equal(&id, &expected) == 1
    }

    /// Whether git writes other line endings into the work tree than a commit has, by its attributes and settings.
    private func changesLineEndings(of path: String) -> Bool {
        var opened: OpaquePointer?
        let flags = GIT_FILTER_ALLOW_UNSAFE.rawValue
        guard git_filter_list_load(&opened, pointer, nil, path, GIT_FILTER_TO_ODB, flags) >= 0, let opened else {
            return false
        }
        defer { git_filter_list_free(opened) }
        return git_filter_list_contains(opened, "crlf") == 1
    }
}
