import Crypto
import Zip

/// SHA-256 as 64 lower-case hexadecimal digits.
enum Digest {
    static func hex(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// Over name and content of every file, by name; lengths keep them apart.
    static func hex(of entries: [ZipEntry]) -> String {
        var hash = SHA256()
        for entry in entries.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            hash.update(data: Array("\(entry.name.utf8.count):\(entry.name)\(entry.bytes.count):".utf8))
            hash.update(data: entry.bytes)
        }
        return hex(hash.finalize())
    }

    private static func hex(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
