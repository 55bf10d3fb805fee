import Foundation
import Testing

@testable import Signatures

/// Agents that do not answer as agents do.
@Suite struct StrangeAgentTests {
    @Test func givesUpOnASilentAgent() throws {
        let agent = try StrangeAgent(answers: [nil])
        var client = SSHAgent(socket: agent.path)
        client.patience = .milliseconds(150)
        let error = #expect(throws: SignatureError.self) { try client.keys() }
        #expect(error?.code == "signature/agent-timeout")
    }

    @Test(
        arguments: [
            [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF, 12], [0, 4, 0, 1, 12], [0, 0, 0, 1, 99],
            [0, 0, 0, 5, 12, 0, 0, 0, 1],
            [0, 0, 0, 6, 12, 0, 0, 0, 0, 7], [], [0, 0], [0, 0, 0, 9, 12, 0],
            [0, 0, 0, 13, 12, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF],
        ] as [[UInt8]])
    func refusesNonsense(_ answer: [UInt8]) throws {
        let agent = try StrangeAgent(answers: [answer])
        let error = #expect(throws: SignatureError.self) { try SSHAgent(socket: agent.path).keys() }
        #expect(["signature/agent", "signature/format"].contains(error?.code ?? ""))
    }

    @Test func leavesKeysOfOtherKindsAlone() throws {
        var rsa = WireWriter()
        rsa.text("ssh-rsa")
        let key = try PublicKey(FixedKey.ed25519.publicKey)
        let agent = try StrangeAgent(answers: [Self.identities([rsa.written, key.blob])])
        #expect(try SSHAgent(socket: agent.path).keys() == [key])
    }

    @Test func refusesASignatureThatDoesNotHold() throws {
        let scratch = try Scratch()
        let path = try scratch.write(FixedKey.ed25519.publicKey, to: "key.pub")
        let key = try PublicKey(FixedKey.ed25519.publicKey)
        var content = WireWriter()
        content.byte(14)
        content.bytes(try SSHSignature(armored: FixedKey.ed25519.signature).signature)
        var answer = WireWriter()
        answer.bytes(content.written)
        let agent = try StrangeAgent(answers: [Self.identities([key.blob]), answer.written])
        let signer = try SSHSigner(keyFile: path, agentSocket: agent.path)
        let error = #expect(throws: SignatureError.self) { try signer.sign([1], namespace: "n") }
        #expect(error?.code == "signature/failed")
    }

    private static func identities(_ keys: [[UInt8]]) -> [UInt8] {
        var content = WireWriter()
        content.byte(12)
        content.number(UInt32(keys.count))
        for key in keys {
            content.bytes(key)
            content.text("comment")
        }
        var answer = WireWriter()
        answer.bytes(content.written)
        return answer.written
    }
}
