import Crypto
import Documents
import Zip

/// SHA-256 as 64 lower-case hexadecimal digits.
enum Digest {
    static func hex(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    /// Over name and content of every file, by name; lengths keep them apart.
    static func hex(of entries: [ZipEntry]) -> String {
        var hash = SHA256()
        for entry in entries.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            hash.update(data: Array("\(entry.name.utf8.count):\(entry.name)\(entry.bytes.count):".utf8))
            hash.update(data: entry.bytes)
        }
        return hexadecimal(hash.finalize())
    }
}
