import Crypto
import Documents
import Engine
import Foundation

/// The digest of what a path of the repository holds, for deciding whether a result can be reused.
public enum ContentDigest {
    /// Of a file its content; of a folder all names and contents below it, hidden ones too, in the order of their bytes.
    ///
    /// - Parameter keeping: Whether the bytes are given too, by path below the folder; of a file by an empty path.
    static func of(
        _ relative: String, in root: String, keeping: Bool = false
    ) throws -> (digest: String, contents: [String: [UInt8]]) {
        let path = try RepositoryPath.resolve(relative, in: root)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw StageFailure(.broken, "path/missing", "'\(relative)' does not exist")
        }
        var hash = SHA256()
        var contents: [String: [UInt8]] = [:]
        var names = [""]
        if isFolder.boolValue {
            names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
        }
        for name in names {
            var bytes: [UInt8]? = keeping ? [] : nil
            let digest = try add(name.isEmpty ? path : "\(path)/\(name)", name, to: &hash, keeping: &bytes)
            if digest != nil, let bytes { contents[name] = bytes }
        }
        return (hexadecimal(hash.finalize()), contents)
    }

    /// Of several paths as they are now, links not followed: files, folders, and what is not there or cannot be read.
    ///
    /// - Parameter followed: Those of the paths that are followed, being links, to the file that they lead to.
    /// - Returns: One digest over all of it, and that of what is in each regular file.
    public static func of(
        _ paths: [String], below root: String, following followed: Set<String> = []
    ) -> (all: String, files: [String: String]) {
        var hash = SHA256()
        var files: [String: String] = [:]
        for path in paths {
            let full = "\(root)/\(path)"
            var status = stat()
            do {
                files[path] = try add(full, path, to: &hash)
                if followed.contains(path), files[path] == nil, stat(full, &status) == 0,
                    status.st_mode & S_IFMT == S_IFREG
                {
                    files[path] = try add(URL(filePath: full).resolvingSymlinksInPath().path, path, to: &hash)
                }
                guard lstat(full, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
                for name in try FileManager.default.subpathsOfDirectory(atPath: full).sorted(by: {
                    $0.utf8.lexicographicallyPrecedes($1.utf8)
                }) {
                    files["\(path)/\(name)"] = try add("\(full)/\(name)", "\(path)/\(name)", to: &hash)
                }
            } catch {
                // What is not there differs from anything that is; so does what cannot be read from what can.
                let isThere = lstat(full, &status) == 0
                hash.update(data: Data("\(path)\u{0}\(isThere ? "unreadable" : "missing")\u{0}".utf8))
            }
        }
        return (hexadecimal(hash.finalize()), files)
    }

    /// Of what was read of a file.
    public static func of(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    private static func add(_ path: String, _ name: String, to hash: inout SHA256) throws -> String? {
        var nothing: [UInt8]?
        return try add(path, name, to: &hash, keeping: &nothing)
    }

    /// The digest of the content alone, of a regular file.
    private static func add(
        _ path: String, _ name: String, to hash: inout SHA256, keeping bytes: inout [UInt8]?
    ) throws -> String? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        switch attributes[.type] as? FileAttributeType {
        case .typeRegular:
            var own = SHA256()
            let isWhole = try RegularFile.read(path) { size in
                hash.update(data: Data("\(name)\u{0}\(size)\u{0}".utf8))
            } piece: { piece in
                hash.update(bufferPointer: piece)
                own.update(bufferPointer: piece)
                bytes?.append(contentsOf: piece)
            }
            // Somebody writes to it at this moment.
            guard isWhole else { throw RegularFile.Failure.system(EBUSY) }
            return hexadecimal(own.finalize())
        case .typeSymbolicLink:
            let destination = try FileManager.default.destinationOfSymbolicLink(atPath: path)
            hash.update(data: Data("\(name)\u{0}->\(destination)\u{0}".utf8))
        default: hash.update(data: Data("\(name)/\u{0}".utf8))
        }
        return nil
    }
}
