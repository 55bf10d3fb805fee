import Engine
import Foundation

/// The files of an object store as they lie on the disk.
struct ObjectInventory {
    /// One file.
    struct File {
        var path: String
        var bytes: Int
        var changed: Date
    }

    private(set) var objects: [String: File] = [:]
    /// What an interrupted write left behind, and what is no object at all.
    private(set) var strangers: [File] = []
    /// Paths of folders, links and the like where only objects belong.
    private(set) var foreign: [String] = []

    /// Looks through the folder; none is an empty store.
    init(_ store: ObjectStore) {
        for prefix in Self.names(in: store.folder) {
            let folder = "\(store.folder)/\(prefix)"
            guard Self.isFolder(folder) else {
                note(folder)
                continue
            }
            for name in Self.names(in: folder) {
                let path = "\(folder)/\(name)"
                if store.path(of: name) == path, Self.isDigest(name), let file = Self.file(path) {
                    objects[name] = file
                } else {
                    note(path)
                }
            }
        }
        // The folder is named after the digest, and nothing else is beside it.
        let parent = store.folder.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
            separator: "/")
        guard parent.hasSuffix("/objects") else { return }
        for name in Self.names(in: parent) where "\(parent)/\(name)" != store.folder { note("\(parent)/\(name)") }
    }

    /// What a person may want to know of a path that is none of ours.
    static func text(of path: String, in store: ObjectStore) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        guard isDigest(name) else { return path }
        let right = store.path(of: name)
        return right == path
            ? "\(path): called like an object, and no plain file" : "\(path): called like the object '\(right)'"
    }

    private mutating func note(_ path: String) {
        var status = stat()
        if let file = Self.file(path) {
            strangers.append(file)
        } else if lstat(path, &status) == 0 {
            foreign.append(path)
        }
    }

    /// Sorted; a folder that is not there holds nothing.
    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// A file's size and time; nil for what is no plain file.
    static func file(_ path: String) -> File? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return File(
            path: path, bytes: Int(status.st_size),
            changed: Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec)))
    }

    /// Adds what the named objects name in turn: the outputs that one holds may name others.
    func close(over named: inout Set<String>, scan: DigestScan, in store: ObjectStore) {
        var open = Array(named)
        while let digest = open.popLast() {
            // Packages are zip archives, and name nothing.
            guard objects[digest] != nil, let content = try? store.read(digest), content.first == UInt8(ascii: "{")
            else { continue }
            var found: Set<String> = []
            scan.collect(from: content, into: &found)
            for other in found where named.insert(other).inserted { open.append(other) }
        }
    }

    private static func isDigest(_ name: String) -> Bool {
        name.utf8.count == 64 && name.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
