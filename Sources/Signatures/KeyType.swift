/// The kinds of keys that sign for us, by the names that OpenSSH gives them.
enum KeyType: String, Sendable, Hashable, CaseIterable {
    case ed25519 = "ssh-ed25519"
    case p256 = "ecdsa-sha2-nistp256"
    case p384 = "ecdsa-sha2-nistp384"
    case p521 = "ecdsa-sha2-nistp521"

    /// Refuses every other kind, and says what to use in its place.
    init(named name: String) throws(SignatureError) {
        guard let type = KeyType(rawValue: name) else { throw Self.refusal(of: name) }
        self = type
    }

    /// The name of the curve inside an ECDSA key.
    var curve: String? {
        switch self {
        case .ed25519: nil
        case .p256: "nistp256"
        case .p384: "nistp384"
        case .p521: "nistp521"
        }
    }

    /// Bytes of one coordinate, which is also the size of a private scalar.
    var width: Int {
        switch self {
        case .ed25519, .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }

    static func refusal(of name: String) -> SignatureError {
        let instead = "make a key with 'ssh-keygen -t ed25519'"
        switch name {
        case "ssh-rsa", "rsa-sha2-256", "rsa-sha2-512":
            return SignatureError("signature/key-type", "RSA keys ('\(name)') are not accepted; \(instead)")
        case "ssh-dss": return SignatureError("signature/key-type", "DSA keys ('ssh-dss') are not accepted; \(instead)")
        case _ where name.hasPrefix("sk-"):
            return SignatureError(
                "signature/key-type",
                "keys of security tokens ('\(name.printable)') are not accepted; \(instead)")
        case _ where name.contains("-cert-"):
            return SignatureError(
                "signature/key-type",
                "certificates ('\(name.printable)') are not accepted; give the plain public key")
        default:
            let known = allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            return SignatureError(
                "signature/key-type", "'\(name.printable)' is no kind of key that is accepted; accepted are \(known)")
        }
    }
}
