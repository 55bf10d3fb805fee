import Crypto
import FoundationEssentials

/// SHA-256 in the form in which it is shown and kept: 64 lower-case hexadecimal digits.
enum Digest {
    static func of(_ bytes: some DataProtocol) -> String { hex(SHA256.hash(data: bytes)) }

    static func keyed(_ text: String, key: String) -> String {
        hex(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(key.utf8))))
    }

    /// The digest of a value's JSON with sorted keys.
    static func of(value: some Encodable) throws -> String { of(try StateCoding.compact(value)) }

    /// The first twelve digits, for people.
    static func short(_ digest: String) -> String { String(digest.prefix(12)) }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        let digits = Array("0123456789abcdef".utf8)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
