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

    /// Looks through the folder; none is an empty store.
    init(_ store: ObjectStore) {
        let manager = FileManager.default
        // A folder that is not there holds nothing.
        for prefix in (try? manager.contentsOfDirectory(atPath: store.folder)) ?? [] {
            let folder = "\(store.folder)/\(prefix)"
            for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] {
                guard let file = Self.file("\(folder)/\(name)") else { continue }
                if store.path(of: name) == file.path, Self.isDigest(name) {
                    objects[name] = file
                } else {
                    strangers.append(file)
                }
            }
        }
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
