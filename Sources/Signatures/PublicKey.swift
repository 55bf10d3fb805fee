import Crypto

/// An OpenSSH public key that signs; two are equal when the key is the same, whatever the comment says.
public struct PublicKey: Sendable, Hashable, CustomStringConvertible {
    /// What comes after the key in its line.
    public let comment: String?
    let type: KeyType
    /// The key as SSH writes it in messages (RFC 4253 section 6.6, RFC 5656, RFC 8709).
    let blob: [UInt8]
    /// The 32 bytes of an Ed25519 key, or the point of an ECDSA key in X9.63 form.
    let point: [UInt8]

    /// Reads a line as it is in a `.pub` file: the kind, the key in Base64, and maybe a comment.
    public init(_ text: String) throws(SignatureError) {
        let line = text.trimmed
        guard line.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\t" }) else {
            throw SignatureError(
                "signature/key", "a public key is one line, and this text has several or control characters")
        }
        let words = line.split(maxSplits: 2, omittingEmptySubsequences: true) { $0 == " " || $0 == "\t" }
        guard let name = words.first.map(String.init) else {
            throw SignatureError("signature/key", "the public key is empty")
        }
        guard !name.hasPrefix("-----BEGIN") else {
            throw SignatureError(
                "signature/key", "this is not a public key but a file of another kind; give the '.pub' line")
        }
        let type = try KeyType(named: name)
        guard words.count > 1, let blob = Base64.bytes(String(words[1])) else {
            throw SignatureError("signature/key", "what comes after '\(name)' is no Base64 of a public key")
        }
        try self.init(blob: blob, comment: words.count > 2 ? String(words[2]).trimmed : nil)
        guard self.type == type else {
            throw SignatureError(
                "signature/key", "the line says '\(name)', and the key in it is '\(self.type.rawValue)'")
        }
    }

    /// Reads a key as it is in messages and signatures.
    init(blob: [UInt8], comment: String? = nil) throws(SignatureError) {
        var reader = WireReader(blob, "public key")
        let type = try KeyType(named: try reader.text())
        if let curve = type.curve {
            guard try reader.text() == curve else { throw reader.broken("its curve is not '\(curve)'") }
        }
        let point = try reader.bytes()
        try reader.end()
        try self.init(type: type, point: point, comment: comment)
    }

    init(type: KeyType, point: [UInt8], comment: String? = nil) throws(SignatureError) {
        guard Verifier(type, point) != nil else {
            throw SignatureError("signature/key", "the '\(type.rawValue)' key is not a point of its curve")
        }
        var writer = WireWriter()
        writer.text(type.rawValue)
        if let curve = type.curve { writer.text(curve) }
        writer.bytes(point)
        self.type = type
        self.point = point
        blob = writer.written
        self.comment = comment.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The kind and the key in Base64, without the comment.
    public var text: String { "\(type.rawValue) \(Base64.text(blob))" }

    public var description: String { text }

    /// `SHA256:` and 43 characters, as `ssh-keygen -l` prints.
    public var fingerprint: String {
        let digest = Base64.text(Array(SHA256.hash(data: blob)))
        return "SHA256:" + digest.prefix { $0 != "=" }
    }

    public static func == (left: PublicKey, right: PublicKey) -> Bool { left.blob == right.blob }

    public func hash(into hasher: inout Hasher) { hasher.combine(blob) }

    /// Whether the signature, in the form of RFC 5656 and RFC 8709, is one of this key over the bytes.
    func isSigned(_ bytes: [UInt8], by signature: [UInt8]) throws(SignatureError) -> Bool {
        var reader = WireReader(signature, "signature")
        let name = try reader.text()
        guard name == type.rawValue else {
            throw SignatureError(
                "signature/format", "the signature is of kind '\(name.printable)', and its key is '\(type.rawValue)'")
        }
        let content = try reader.bytes()
        try reader.end()
        guard let verifier = Verifier(type, point) else { return false }
        guard type.curve != nil else { return verifier.accepts(content, over: bytes) }
        var numbers = WireReader(content, "ECDSA signature")
        let r = try numbers.positive(width: type.width)
        let s = try numbers.positive(width: type.width)
        try numbers.end()
        return verifier.accepts(r + s, over: bytes)
    }
}

extension String {
    /// Without blanks and line ends around it.
    var trimmed: String {
        let blanks: Set<Character> = [" ", "\t", "\n", "\r\n", "\r"]
        return String(drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed())
    }
}
