/// Asks a running ssh-agent to sign, in the protocol of draft-miller-ssh-agent.
struct SSHAgent: Sendable {
    let socket: String
    /// How long the agent may take to list its keys.
    var patience: Duration = .seconds(5)
    /// How long it may take to sign: it may have to ask a person first.
    var signingPatience: Duration = .seconds(30)

    private enum Message {
        static let failure: UInt8 = 5
        static let requestIdentities: UInt8 = 11
        static let identities: UInt8 = 12
        static let signRequest: UInt8 = 13
        static let signature: UInt8 = 14
    }

    /// The keys it holds that are of a kind we know.
    func keys() throws(SignatureError) -> [PublicKey] {
        var reader = try ask([Message.requestIdentities], expecting: Message.identities, within: patience)
        let count = try reader.number()
        var keys: [PublicKey] = []
        for _ in 0..<count {
            let blob = try reader.bytes()
            let comment = try reader.bytes()
            // Keys of other kinds are other people's business.
            if let key = try? PublicKey(blob: blob, comment: String(decoding: comment, as: UTF8.self)) {
                keys.append(key)
            }
        }
        try reader.end()
        return keys
    }

    /// The signature over the bytes, in the form of RFC 5656 and RFC 8709.
    func sign(_ bytes: [UInt8], with key: PublicKey) throws(SignatureError) -> [UInt8] {
        var request = WireWriter()
        request.byte(Message.signRequest)
        request.bytes(key.blob)
        request.bytes(bytes)
        request.number(0)
        var reader = try ask(request.written, expecting: Message.signature, within: signingPatience)
        let signature = try reader.bytes()
        try reader.end()
        return signature
    }

    private func ask(
        _ request: [UInt8], expecting type: UInt8, within patience: Duration
    ) throws(SignatureError) -> WireReader {
        let answer = try AgentSocket.exchange(request, over: socket, within: patience)
        var reader = WireReader(answer, "answer of ssh-agent")
        switch try reader.byte() {
        case type: return reader
        case Message.failure:
            throw SignatureError(
                "signature/agent-refused",
                type == Message.signature
                    ? "ssh-agent refused to sign: the key is locked, was removed, or its use was not confirmed"
                    : "ssh-agent refused to list its keys")
        case let other:
            throw SignatureError("signature/agent", "ssh-agent gave an answer of kind \(other), and not \(type)")
        }
    }
}
