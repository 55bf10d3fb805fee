/// Signs with a private key: one in a file, or one that ssh-agent holds.
public struct SSHSigner: Sendable {
    /// The key that others verify with.
    public let publicKey: PublicKey
    private let way: Way

    private enum Way: Sendable {
        case file(PrivateKey)
        case agent(SSHAgent)
    }

    /// Reads a private key file without passphrase; for one with a passphrase, and for a `.pub` file, asks ssh-agent
    /// whether it holds the key.
    ///
    /// `agentSocket` is the path that the environment variable `SSH_AUTH_SOCK` gives.
    public init(keyFile path: String, agentSocket: String?) throws(SignatureError) {
        let (text, exposure) = try KeyFileText.read(path)
        do throws(SignatureError) {
            // A public key is for everybody to read.
            if let exposure, ArmoredText.label(of: text) != nil {
                throw SignatureError("signature/key-exposed", exposure)
            }
            try self.init(keyText: text, path: path, agentSocket: agentSocket)
        } catch {
            throw SignatureError(error.code, "key '\(path)': \(error.message)")
        }
    }

    private init(keyText text: String, path: String, agentSocket: String?) throws(SignatureError) {
        guard ArmoredText.label(of: text) != nil else {
            let key = try PublicKey(text)
            try self.init(heldBy: agentSocket, key, "it is a public key, so ssh-agent must sign")
            return
        }
        switch try PrivateKeyFile(text) {
        case .open(let key, let publicKey):
            self.init(publicKey: publicKey, way: .file(key))
        case .encrypted(let publicKey):
            try self.init(heldBy: agentSocket, publicKey, "it has a passphrase, so ssh-agent must sign")
        }
    }

    private init(heldBy socket: String?, _ key: PublicKey, _ why: String) throws(SignatureError) {
        guard let socket, !socket.isEmpty else {
            throw SignatureError(
                "signature/no-agent",
                "\(why), and there is none: start one with 'eval $(ssh-agent)' and add the key with 'ssh-add'")
        }
        let agent = SSHAgent(socket: socket)
        guard try agent.keys().contains(key) else {
            throw SignatureError(
                "signature/key-not-held", "\(why), and it does not hold \(key.fingerprint); add it with 'ssh-add'")
        }
        self.init(publicKey: key, way: .agent(agent))
    }

    private init(publicKey: PublicKey, way: Way) {
        self.publicKey = publicKey
        self.way = way
    }

    /// Signs the message for one purpose; `ssh-keygen -Y verify -n NAMESPACE` accepts the signature.
    public func sign(_ message: [UInt8], namespace: String) throws(SignatureError) -> SSHSignature {
        guard !namespace.isEmpty else {
            throw SignatureError("signature/namespace", "a signature needs a namespace that says what it is for")
        }
        let bytes = SSHSignature.signedBytes(message, namespace: namespace, digest: .sha512)
        let made: [UInt8]
        switch way {
        case .file(let key): made = try key.sign(bytes)
        case .agent(let agent): made = try agent.sign(bytes, with: publicKey)
        }
        let signature = SSHSignature(publicKey: publicKey, namespace: namespace, digest: .sha512, signature: made)
        // An agent could answer with anything.
        do throws(SignatureError) {
            try signature.verify(message, namespace: namespace)
        } catch {
            throw SignatureError(
                "signature/failed", "the key signed, and its signature does not hold: \(error.message)")
        }
        return signature
    }
}
