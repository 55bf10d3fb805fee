import Crypto

/// A public key of the cryptographic library, by its curve.
enum Verifier {
    case ed25519(Curve25519.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)

    /// Nothing when the bytes are not a point of the curve.
    init?(_ type: KeyType, _ point: [UInt8]) {
        do {
            switch type {
            case .ed25519: self = .ed25519(try Curve25519.Signing.PublicKey(rawRepresentation: point))
            case .p256: self = .p256(try P256.Signing.PublicKey(x963Representation: point))
            case .p384: self = .p384(try P384.Signing.PublicKey(x963Representation: point))
            case .p521: self = .p521(try P521.Signing.PublicKey(x963Representation: point))
            }
        } catch {
            return nil
        }
    }

    /// Whether the raw signature (for ECDSA r and s beside each other) is over the bytes, with the hash of the curve.
    func accepts(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        switch self {
        case .ed25519(let key): return key.isValidSignature(signature, for: bytes)
        case .p256(let key):
            // A signature that cannot be read is none.
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: bytes))
        case .p384(let key):
            guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA384.hash(data: bytes))
        case .p521(let key):
            guard let signature = try? P521.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA512.hash(data: bytes))
        }
    }
}
