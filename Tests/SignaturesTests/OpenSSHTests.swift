import Foundation
import Testing

@testable import Signatures

/// What we sign OpenSSH accepts, and the other way round.
@Suite(.enabled(if: Scratch.has("ssh-keygen"), "ssh-keygen is not installed"))
struct OpenSSHTests {
    static let kinds = [
        ["-t", "ed25519"], ["-t", "ecdsa", "-b", "256"], ["-t", "ecdsa", "-b", "384"], ["-t", "ecdsa", "-b", "521"],
    ]
    private let namespace = "almrun-approval"
    private let message = Array(#"{"format":1,"kind":"almrun approval"}"#.utf8) + [10]

    @Test(arguments: kinds) func opensshAcceptsOurs(_ kind: [String]) throws {
        let scratch = try Scratch()
        let key = try self.key(kind, in: scratch)
        let signer = try SSHSigner(keyFile: key, agentSocket: nil)
        try scratch.write(try signer.sign(message, namespace: namespace).armored, to: "record.sig")
        try scratch.write("ada@example.com \(signer.publicKey.text)\n", to: "allowed_signers")
        let good = try verify(scratch, message)
        #expect(good.status == 0, "\(good.output)")
        #expect(good.output.contains("Good \"\(namespace)\" signature for ada@example.com"))
        #expect(good.output.contains(signer.publicKey.fingerprint))
        #expect(try verify(scratch, message + [0]).status != 0)
        let check = try scratch.run(
            "ssh-keygen", "-Y", "check-novalidate", "-n", namespace, "-s", "record.sig", input: message)
        #expect(check.status == 0, "\(check.output)")
        let other = try scratch.run(
            "ssh-keygen", "-Y", "check-novalidate", "-n", "git", "-s", "record.sig", input: message)
        #expect(other.status != 0)
    }

    @Test(arguments: kinds, ["sha512", "sha256"]) func weAcceptOpenSSHs(_ kind: [String], _ hash: String) throws {
        let scratch = try Scratch()
        let key = try self.key(kind, in: scratch)
        let made = try scratch.run(
            "ssh-keygen", "-Y", "sign", "-O", "hashalg=\(hash)", "-n", namespace, "-f", key, input: message)
        try #require(made.status == 0, "\(made.output)")
        // What it says about itself comes before the signature.
        let begin = try #require(made.output.range(of: "-----BEGIN"))
        let signature = try SSHSignature(armored: String(made.output[begin.lowerBound...]))
        try signature.verify(message, namespace: namespace)
        #expect(signature.publicKey == (try PublicKey(try scratch.read("key.pub"))))
        #expect(signature.digest.rawValue == hash)
    }

    @Test(arguments: kinds) func fingerprintsAreThoseOfOpenSSH(_ kind: [String]) throws {
        let scratch = try Scratch()
        _ = try key(kind, in: scratch)
        let listed = try scratch.run("ssh-keygen", "-l", "-f", "key.pub")
        let key = try PublicKey(try scratch.read("key.pub"))
        #expect(listed.output.split(separator: " ")[1] == key.fingerprint)
        #expect(key.comment == "somebody's key")
    }

    /// Most keys of few shapes: scalars and points with zeros in front come among these.
    @Test func readsManyKeys() throws {
        let scratch = try Scratch()
        for index in 0..<40 {
            let name = "key\(index)"
            let made = try scratch.run(
                "ssh-keygen", "-q", "-t", "ecdsa", "-b", ["256", "384", "521"][index % 3], "-N", "", "-C",
                String(repeating: "c", count: index % 9), "-f", name)
            try #require(made.status == 0, "\(made.output)")
            let signer = try SSHSigner(keyFile: scratch.path(name), agentSocket: nil)
            #expect(signer.publicKey == (try PublicKey(try scratch.read("\(name).pub"))))
        }
    }

    @Test func refusesRSA() throws {
        let scratch = try Scratch()
        let path = try key(["-t", "rsa", "-b", "2048"], in: scratch)
        for file in [path, path + ".pub"] {
            let error = #expect(throws: SignatureError.self) { try SSHSigner(keyFile: file, agentSocket: nil) }
            #expect(error?.code == "signature/key-type")
            #expect(error?.message.contains("RSA keys ('ssh-rsa') are not accepted") == true)
        }
    }

    @Test func theConversionThatWeNameWorks() throws {
        let scratch = try Scratch()
        let path = try scratch.write(PEMKey.encryptedSEC1, to: "key")
        let error = #expect(throws: SignatureError.self) { try SSHSigner(keyFile: path, agentSocket: nil) }
        #expect(error?.message.contains("'ssh-keygen -p -f KEY'") == true)
        let converted = try scratch.run("ssh-keygen", "-p", "-f", path, "-P", "x", "-N", "")
        try #require(converted.status == 0, "\(converted.output)")
        #expect(try SSHSigner(keyFile: path, agentSocket: nil).publicKey.type == .p256)
    }

    private func key(_ kind: [String], in scratch: Scratch) throws -> String {
        let made = try scratch.run(
            "ssh-keygen", arguments: ["-q"] + kind + ["-N", "", "-C", "somebody's key", "-f", scratch.path("key")])
        try #require(made.status == 0, "\(made.output)")
        return scratch.path("key")
    }

    private func verify(_ scratch: Scratch, _ message: [UInt8]) throws -> (status: Int32, output: String) {
        try scratch.run(
            "ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", "ada@example.com", "-n", namespace, "-s",
            "record.sig", input: message)
    }
}
