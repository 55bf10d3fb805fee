import Foundation
import Testing

@testable import Signatures

@Suite struct SSHSignerTests {
    @Test(arguments: FixedKey.all) func signsWithAKeyFile(_ key: FixedKey) throws {
        let scratch = try Scratch()
        let signer = try SSHSigner(keyFile: try scratch.write(key.privateKey, to: "key"), agentSocket: nil)
        #expect(signer.publicKey == (try PublicKey(key.publicKey)))
        for message in [[], [0], FixedKey.message, [UInt8](repeating: 7, count: 100_000)] {
            let signature = try signer.sign(message, namespace: "almrun-approval")
            let read = try SSHSignature(armored: signature.armored)
            #expect(read == signature)
            try read.verify(message, namespace: "almrun-approval")
        }
    }

    @Test func ecdsaNumbersAreWrittenInTheirOneForm() throws {
        // Among so many signatures there are numbers that begin with a zero byte and with a high bit.
        let scratch = try Scratch()
        let signer = try SSHSigner(
            keyFile: try scratch.write(FixedKey.ecdsa256.privateKey, to: "key"), agentSocket: nil)
        for index in 0..<600 {
            let message = Array("message \(index)".utf8)
            try SSHSignature(armored: signer.sign(message, namespace: "n").armored).verify(message, namespace: "n")
        }
    }

    @Test func needsANamespace() throws {
        let scratch = try Scratch()
        let signer = try SSHSigner(keyFile: try scratch.write(FixedKey.ed25519.privateKey, to: "key"), agentSocket: nil)
        let error = #expect(throws: SignatureError.self) { try signer.sign([1], namespace: "") }
        #expect(error?.code == "signature/namespace")
    }

    @Test func saysWhichFileCannotBeRead() throws {
        let scratch = try Scratch()
        let missing = scratch.path("nothing")
        #expect(message(missing) == "cannot read the key '\(missing)': No such file or directory")
        #expect(message(scratch.folder).contains("Is a directory"))
        #expect(message(try scratch.write(String(repeating: "A", count: 70_000), to: "long")).contains("too large"))
        try Data([0xFF, 0xFE]).write(to: URL(filePath: scratch.path("bytes")))
        #expect(message(scratch.path("bytes")).contains("no text"))
        #expect(message(try scratch.write("", to: "empty")).contains("empty"))
        let rsa = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"
        #expect(message(try scratch.write(rsa, to: "rsa")).contains("'ssh-keygen -t ed25519'"))
    }

    @Test(arguments: [FixedKey.locked, FixedKey.lockedPublic]) func asksForAnAgent(_ text: String) throws {
        let scratch = try Scratch()
        let path = try scratch.write(text, to: "key")
        for socket in [nil, "", scratch.path("no-socket"), "/" + String(repeating: "x", count: 200)] {
            let error = #expect(throws: SignatureError.self) { try SSHSigner(keyFile: path, agentSocket: socket) }
            #expect(error?.code == "signature/no-agent")
            #expect(error?.message.hasPrefix("key '\(path)': ") == true)
        }
    }

    /// The mode of a file, and how the refusal shows it; nil when it is taken.
    @Test(
        arguments: [
            (0o600, nil), (0o400, nil), (0o700, nil), (0o644, "0644"), (0o640, "0640"), (0o604, "0604"),
            (0o660, "0660"), (0o610, "0610"),
        ] as [(Int, String?)])
    func aPrivateKeyThatOthersMayOpenIsRefused(_ mode: Int, _ shown: String?) throws {
        let scratch = try Scratch()
        for text in [FixedKey.ed25519.privateKey, FixedKey.locked] {
            let path = try scratch.write(text, to: "key")
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let message = message(path)
            #expect(message.contains("its mode is") == (shown != nil), "\(message)")
            guard let shown else { continue }
            #expect(message.hasPrefix("key '\(path)': its mode is \(shown), so others than you may open it"))
            #expect(message.hasSuffix("type: chmod 600 '\(path)'"))
        }
        // A public key is for everybody.
        let path = try scratch.write(FixedKey.lockedPublic, to: "key.pub")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(!message(path).contains("mode"))
    }

    private func message(_ path: String) -> String {
        do {
            _ = try SSHSigner(keyFile: path, agentSocket: nil)
            return ""
        } catch {
            return error.message
        }
    }
}
