import Crypto

/// A private key of the cryptographic library, by its curve.
enum PrivateKey: Sendable {
    case ed25519(Curve25519.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)

    /// From the seed of an Ed25519 key or the scalar of an ECDSA key.
    init(_ type: KeyType, secret: [UInt8]) throws(SignatureError) {
        do {
            switch type {
            case .ed25519: self = .ed25519(try Curve25519.Signing.PrivateKey(rawRepresentation: secret))
            case .p256: self = .p256(try P256.Signing.PrivateKey(rawRepresentation: secret))
            case .p384: self = .p384(try P384.Signing.PrivateKey(rawRepresentation: secret))
            case .p521: self = .p521(try P521.Signing.PrivateKey(rawRepresentation: secret))
            }
        } catch {
            throw SignatureError("signature/key-file", "the private '\(type.rawValue)' key is not one of its curve")
        }
    }

    var type: KeyType {
        switch self {
        case .ed25519: .ed25519
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        }
    }

    /// The public half as ``PublicKey/point``.
    var point: [UInt8] {
        switch self {
        case .ed25519(let key): Array(key.publicKey.rawRepresentation)
        case .p256(let key): Array(key.publicKey.x963Representation)
        case .p384(let key): Array(key.publicKey.x963Representation)
        case .p521(let key): Array(key.publicKey.x963Representation)
        }
    }

    /// The signature over the bytes, in the form of RFC 5656 and RFC 8709.
    func sign(_ bytes: [UInt8]) throws(SignatureError) -> [UInt8] {
        let raw: [UInt8]
        do {
            switch self {
            case .ed25519(let key): raw = Array(try key.signature(for: bytes))
            case .p256(let key): raw = Array(try key.signature(for: SHA256.hash(data: bytes)).rawRepresentation)
            case .p384(let key): raw = Array(try key.signature(for: SHA384.hash(data: bytes)).rawRepresentation)
            case .p521(let key): raw = Array(try key.signature(for: SHA512.hash(data: bytes)).rawRepresentation)
            }
        } catch {
            throw SignatureError("signature/failed", "the key could not sign: \(error)")
        }
        var writer = WireWriter()
        writer.text(type.rawValue)
        guard type.curve != nil else {
            writer.bytes(raw)
            return writer.written
        }
        var numbers = WireWriter()
        numbers.positive(raw.prefix(type.width))
        numbers.positive(raw.dropFirst(type.width))
        writer.bytes(numbers.written)
        return writer.written
    }
}
