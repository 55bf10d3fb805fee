import Crypto

/// A signature over a message, in the form of `ssh-keygen -Y sign` (OpenSSH's PROTOCOL.sshsig).
public struct SSHSignature: Sendable, Hashable {
    /// The key that the signature says it is of; whose key that is, is for the caller to know.
    public let publicKey: PublicKey
    /// What the signature is for, so that one made for another purpose does not count.
    public let namespace: String
    let digest: MessageDigest
    /// The signature proper: its kind, and its bytes.
    let signature: [UInt8]

    static let magic = Array("SSHSIG".utf8)
    private static let label = "SSH SIGNATURE"
    private static let version: UInt32 = 1

    init(publicKey: PublicKey, namespace: String, digest: MessageDigest, signature: [UInt8]) {
        self.publicKey = publicKey
        self.namespace = namespace
        self.digest = digest
        self.signature = signature
    }

    /// Reads the text between `-----BEGIN SSH SIGNATURE-----` and `-----END SSH SIGNATURE-----`.
    public init(armored: String) throws(SignatureError) {
        guard armored.utf8.count <= 1 << 16 else {
            throw SignatureError("signature/format", "this is no well-formed signature: it is too long")
        }
        let text = try ArmoredText(armored, what: "signature")
        guard text.label == Self.label else {
            throw SignatureError(
                "signature/format",
                "this is no SSH signature but '\(text.label.printable)'; make one with 'ssh-keygen -Y sign'")
        }
        var reader = WireReader(text.bytes, "signature")
        try reader.expect(Self.magic)
        let version = try reader.number()
        guard version == Self.version else { throw reader.broken("its version is \(version), and not \(Self.version)") }
        publicKey = try PublicKey(blob: try reader.bytes())
        namespace = try reader.text()
        guard !namespace.isEmpty else { throw reader.broken("its namespace is empty") }
        // Nothing is signed about it, so it may hold nothing.
        guard try reader.bytes().isEmpty else { throw reader.broken("its reserved field is not empty") }
        let name = try reader.text()
        guard let digest = MessageDigest(rawValue: name) else {
            throw reader.broken("its hash is '\(name.printable)', and not 'sha512' or 'sha256'")
        }
        self.digest = digest
        signature = try reader.bytes()
        try reader.end()
    }

    /// The text that `ssh-keygen -Y sign` writes and `ssh-keygen -Y verify` reads.
    public var armored: String {
        var writer = WireWriter()
        writer.raw(Self.magic)
        writer.number(Self.version)
        writer.bytes(publicKey.blob)
        writer.text(namespace)
        writer.text("")
        writer.text(digest.rawValue)
        writer.bytes(signature)
        return ArmoredText.text(label: Self.label, writer.written)
    }

    /// Fails unless the key signed exactly this message for exactly this purpose.
    public func verify(_ message: [UInt8], namespace: String) throws(SignatureError) {
        guard namespace == self.namespace else {
            throw SignatureError(
                "signature/namespace",
                "the signature is for '\(self.namespace.printable)', and not for '\(namespace.printable)'")
        }
        let signed = Self.signedBytes(message, namespace: namespace, digest: digest)
        guard try publicKey.isSigned(signed, by: signature) else {
            throw SignatureError(
                "signature/forged",
                "the signature is not one of key \(publicKey.fingerprint) over this text: text or signature were changed"
            )
        }
    }

    /// What is signed in place of the message.
    static func signedBytes(_ message: [UInt8], namespace: String, digest: MessageDigest) -> [UInt8] {
        var writer = WireWriter()
        writer.raw(magic)
        writer.text(namespace)
        writer.text("")
        writer.text(digest.rawValue)
        writer.bytes(digest.hash(message))
        return writer.written
    }
}
