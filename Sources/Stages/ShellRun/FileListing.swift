import Foundation
import Pipelines

/// The regular files at or below what a command generates, as they are at one moment.
struct FileListing {
    /// By which a file that was written anew differs from one that was left alone, whatever is in it.
    private struct Mark: Equatable {
        var inode: UInt64
        var written: [Int]
        var changed: [Int]
    }

    /// SHA-256 of each, by path from the root.
    let digests: [String: String]
    private let marks: [String: Mark]

    init(_ generates: [String]?, below root: String) {
        let paths = Set((generates ?? []).compactMap(RepositoryFiles.normalized)).sorted()
        let found = paths.isEmpty ? [:] : ContentDigest.of(paths, below: root).files
        digests = found
        marks = Dictionary(
            uniqueKeysWithValues: found.keys.compactMap { path in Self.mark("\(root)/\(path)").map { (path, $0) } })
    }

    /// Those that were there before and have not been written since, sorted.
    func untouched(since before: FileListing) -> [String] {
        digests.keys.filter { path in
            before.digests[path] == digests[path] && before.marks[path] != nil && before.marks[path] == marks[path]
        }.sorted()
    }

    /// Those that were there before and are gone, sorted.
    func removed(since before: FileListing) -> [String] { before.digests.keys.filter { digests[$0] == nil }.sorted() }

    private static func mark(_ path: String) -> Mark? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return Mark(
            inode: UInt64(status.st_ino), written: [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)],
            changed: [Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec)])
    }
}
