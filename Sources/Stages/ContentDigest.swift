import Crypto
import Documents
import Engine
import Foundation

/// The digest of what a path of the repository holds, for deciding whether a result can be reused.
public enum ContentDigest {
    /// Of a file its content; of a folder all names and contents below it, hidden ones too, in the order of their bytes.
    static func of(_ relative: String, in root: String) throws -> String {
        let path = try RepositoryPath.resolve(relative, in: root)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw StageFailure(.broken, "path/missing", "'\(relative)' does not exist")
        }
        var hash = SHA256()
        if isFolder.boolValue {
            for name in try FileManager.default.subpathsOfDirectory(atPath: path).sorted(by: {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }) {
                try add("\(path)/\(name)", name, to: &hash)
            }
        } else {
            try add(path, "", to: &hash)
        }
        return hexadecimal(hash.finalize())
    }

    /// Of several paths as they are now, links not followed: files, folders, and what is not there or cannot be read.
    ///
    /// - Parameter read: What was read of some of the files counts, and not what they hold now; nil for one that was not there.
    public static func of(_ paths: [String], below root: String, read: [String: [UInt8]?] = [:]) -> String {
        var hash = SHA256()
        for path in paths {
            if let content = read[path] {
                if let content {
                    add(Data(content), path, to: &hash)
                } else {
                    hash.update(data: Data("\(path)\u{0}missing\u{0}".utf8))
                }
                continue
            }
            let full = "\(root)/\(path)"
            var status = stat()
            do {
                try add(full, path, to: &hash)
                guard lstat(full, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
                for name in try FileManager.default.subpathsOfDirectory(atPath: full).sorted(by: {
                    $0.utf8.lexicographicallyPrecedes($1.utf8)
                }) {
                    try add("\(full)/\(name)", "\(path)/\(name)", to: &hash)
                }
            } catch {
                // What is not there differs from anything that is; so does what cannot be read from what can.
                let isThere = lstat(full, &status) == 0
                hash.update(data: Data("\(path)\u{0}\(isThere ? "unreadable" : "missing")\u{0}".utf8))
            }
        }
        return hexadecimal(hash.finalize())
    }

    private static func add(_ path: String, _ name: String, to hash: inout SHA256) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        switch attributes[.type] as? FileAttributeType {
        case .typeRegular:
            add(try Data(contentsOf: URL(filePath: path)), name, to: &hash)
        case .typeSymbolicLink:
            let destination = try FileManager.default.destinationOfSymbolicLink(atPath: path)
            hash.update(data: Data("\(name)\u{0}->\(destination)\u{0}".utf8))
        default: hash.update(data: Data("\(name)/\u{0}".utf8))
        }
    }

    private static func add(_ content: Data, _ name: String, to hash: inout SHA256) {
        hash.update(data: Data("\(name)\u{0}\(content.count)\u{0}".utf8))
        hash.update(data: content)
    }
}
