import Crypto

/// How the message of a signature is hashed, by the names of OpenSSH's PROTOCOL.sshsig.
enum MessageDigest: String, Sendable, Hashable {
    case sha256
    case sha512

    func hash(_ message: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: message))
        case .sha512: Array(SHA512.hash(data: message))
        }
    }
}
