import Crypto

/// The content of a private key file.
enum PrivateKeyFile: Sendable {
    /// A key that can sign at once.
    case open(PrivateKey, PublicKey)
    /// A key behind a passphrase, of which only the public half can be read.
    case encrypted(PublicKey)

    private static let magic = Array("openssh-key-v1\0".utf8)

    /// Reads OpenSSH's own form (PROTOCOL.key), and the unencrypted PEM forms of the same kinds of keys.
    init(_ text: String) throws(SignatureError) {
        let label = ArmoredText.label(of: text) ?? ""
        switch label {
        case "OPENSSH PRIVATE KEY": self = try Self.openSSH(try ArmoredText(text, what: "private key").bytes)
        case "EC PRIVATE KEY", "PRIVATE KEY":
            // An encrypted SEC1 key has headers, which are no Base64.
            guard !text.contains("Proc-Type:") else { throw Self.conversion("the PEM key is encrypted") }
            let key = try Self.pem(text, label)
            self = .open(key, try PublicKey(type: key.type, point: key.point))
        case "ENCRYPTED PRIVATE KEY": throw Self.conversion("the PEM key is encrypted")
        case "RSA PRIVATE KEY": throw KeyType.refusal(of: "ssh-rsa")
        case "DSA PRIVATE KEY": throw KeyType.refusal(of: "ssh-dss")
        case "": throw SignatureError("signature/key-file", "this is neither a private nor a public key of SSH")
        default: throw Self.conversion("'\(label.printable)' is no private key of SSH")
        }
    }

    private static func openSSH(_ bytes: [UInt8]) throws(SignatureError) -> PrivateKeyFile {
        var reader = WireReader(bytes, "private key")
        try reader.expect(magic)
        let cipher = try reader.text()
        let derivation = try reader.text()
        let options = try reader.bytes()
        let count = try reader.number()
        guard count == 1 else { throw reader.broken("it holds \(count) keys") }
        let publicKey = try PublicKey(blob: try reader.bytes())
        let content = try reader.bytes()
        // Modes with a tag keep it after the content.
        guard cipher == "none" else { return .encrypted(publicKey) }
        try reader.end()
        guard derivation == "none", options.isEmpty else {
            throw reader.broken("it has a key derivation, and is not encrypted")
        }
        let (key, comment) = try secret(content)
        let derived = try PublicKey(type: key.type, point: key.point, comment: comment)
        guard derived == publicKey else { throw reader.broken("its private and its public half are of different keys") }
        return .open(key, derived)
    }

    /// The part of the file that a passphrase would encrypt.
    private static func secret(_ content: [UInt8]) throws(SignatureError) -> (PrivateKey, comment: String) {
        var reader = WireReader(content, "private key")
        guard content.count.isMultiple(of: 8) else { throw reader.broken("its padding is of the wrong length") }
        guard try reader.number() == (try reader.number()) else { throw reader.broken("its two check numbers differ") }
        let type = try KeyType(named: try reader.text())
        let secret: [UInt8]
        let point: [UInt8]
        if let curve = type.curve {
            guard try reader.text() == curve else { throw reader.broken("its curve is not '\(curve)'") }
            point = try reader.bytes()
            secret = try reader.positive(width: type.width)
        } else {
            point = try reader.bytes()
            let both = try reader.bytes()
            guard both.count == 64, Array(both.suffix(32)) == point else {
                throw reader.broken("its private and its public half are of different keys")
            }
            secret = Array(both.prefix(32))
        }
        let comment = try reader.text()
        let padding = reader.remainder
        guard padding.count < 8, padding == (0..<UInt8(padding.count)).map({ $0 + 1 }) else {
            throw reader.broken("its padding is wrong")
        }
        let key = try PrivateKey(type, secret: secret)
        guard key.point == point else { throw reader.broken("its private and its public half are of different keys") }
        return (key, comment)
    }

    /// SEC1 and PKCS #8, as OpenSSL writes them.
    private static func pem(_ text: String, _ label: String) throws(SignatureError) -> PrivateKey {
        let armored = try ArmoredText(text, what: "private key")
        // PKCS #8 of an Ed25519 key is always these bytes and the seed (RFC 8410).
        let ed25519: [UInt8] = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20]
        if label == "PRIVATE KEY", armored.bytes.starts(with: ed25519), armored.bytes.count == ed25519.count + 32 {
            return try PrivateKey(.ed25519, secret: Array(armored.bytes.dropFirst(ed25519.count)))
        }
        let block = ArmoredText.text(label: label, armored.bytes, width: 64)
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: block) { return .p256(key) }
        if let key = try? P384.Signing.PrivateKey(pemRepresentation: block) { return .p384(key) }
        if let key = try? P521.Signing.PrivateKey(pemRepresentation: block) { return .p521(key) }
        throw conversion("the PEM key cannot be read")
    }

    private static func conversion(_ why: String) -> SignatureError {
        SignatureError(
            "signature/key-file",
            "\(why); bring it into the form of OpenSSH with 'ssh-keygen -p -f KEY', or give an Ed25519 key")
    }
}
