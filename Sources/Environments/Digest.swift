import Crypto
import Documents
import FoundationEssentials

/// SHA-256 in the form in which it is shown and kept: 64 lower-case hexadecimal digits.
enum Digest {
    static func of(_ bytes: some DataProtocol) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    static func keyed(_ text: String, key: String) -> String {
        hexadecimal(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(key.utf8))))
    }

    /// The digest of a value's JSON with sorted keys.
    static func of(value: some Encodable) throws -> String { of(try StateCoding.compact(value)) }

    /// The first twelve digits, for people.
    static func short(_ digest: String) -> String { String(digest.prefix(12)) }
}
