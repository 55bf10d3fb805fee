import Foundation
import Testing

@testable import Signatures

/// A real ssh-agent, on a socket of its own.
@Suite(
    .enabled(
        if: Scratch.has("ssh-agent") && Scratch.has("ssh-add") && Scratch.has("ssh-keygen"),
        "ssh-agent, ssh-add or ssh-keygen is not installed"))
struct SSHAgentTests {
    @Test(arguments: FixedKey.all) func signsWithAKeyThatTheAgentHolds(_ key: FixedKey) throws {
        let agent = try RunningAgent()
        try agent.add(key.privateKey)
        let path = try agent.scratch.write(key.publicKey, to: "key.pub")
        let signer = try SSHSigner(keyFile: path, agentSocket: agent.socket)
        let signature = try signer.sign(FixedKey.message, namespace: "almrun-approval")
        #expect(signature.publicKey == (try PublicKey(key.publicKey)))
        try SSHSignature(armored: signature.armored).verify(FixedKey.message, namespace: "almrun-approval")
        try agent.scratch.write(signature.armored, to: "message.sig")
        let check = try agent.scratch.run(
            "ssh-keygen", "-Y", "check-novalidate", "-n", "almrun-approval", "-s", "message.sig",
            input: FixedKey.message)
        #expect(check.status == 0, "\(check.output)")
    }

    @Test func signsWithAnEncryptedKeyThatTheAgentHolds() throws {
        let agent = try RunningAgent()
        try agent.add(FixedKey.locked, passphrase: "test-only passphrase")
        let path = try agent.scratch.write(FixedKey.locked, to: "locked")
        let signer = try SSHSigner(keyFile: path, agentSocket: agent.socket)
        #expect(signer.publicKey == (try PublicKey(FixedKey.lockedPublic)))
        try signer.sign([1, 2, 3], namespace: "n").verify([1, 2, 3], namespace: "n")
    }

    @Test func saysThatTheAgentDoesNotHoldTheKey() throws {
        let agent = try RunningAgent()
        try agent.add(FixedKey.ecdsa256.privateKey)
        let path = try agent.scratch.write(FixedKey.ed25519.publicKey, to: "key.pub")
        let error = #expect(throws: SignatureError.self) { try SSHSigner(keyFile: path, agentSocket: agent.socket) }
        #expect(error?.code == "signature/key-not-held")
        #expect(error?.message.contains(FixedKey.ed25519.fingerprint) == true)
        #expect(error?.message.contains("ssh-add") == true)
    }

    @Test func saysThatTheAgentRefused() throws {
        let agent = try RunningAgent()
        try agent.add(FixedKey.ed25519.privateKey)
        let path = try agent.scratch.write(FixedKey.ed25519.publicKey, to: "key.pub")
        let signer = try SSHSigner(keyFile: path, agentSocket: agent.socket)
        try agent.removeAll()
        let error = #expect(throws: SignatureError.self) { try signer.sign([1], namespace: "n") }
        #expect(error?.code == "signature/agent-refused")
    }

    @Test func saysThatTheAgentIsGone() throws {
        let agent = try RunningAgent()
        try agent.add(FixedKey.ed25519.privateKey)
        let path = try agent.scratch.write(FixedKey.ed25519.publicKey, to: "key.pub")
        let signer = try SSHSigner(keyFile: path, agentSocket: agent.socket)
        agent.stop()
        let error = #expect(throws: SignatureError.self) { try signer.sign([1], namespace: "n") }
        #expect(error?.code == "signature/no-agent")
    }
}
