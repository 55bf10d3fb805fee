import TestSupport
import Testing

@testable import Signatures

/// Damaged input is refused with an error of ours; nothing damaged counts as a signature.
@Suite struct MutationTests {
    private static let rounds = 2_000

    @Test(arguments: FixedKey.all) func signatures(_ key: FixedKey) throws {
        var random = SeededRandom(seed: 1)
        let text = Array(key.signature.utf8)
        let inner = try ArmoredText(key.signature, what: "signature").bytes
        var refused = 0
        for round in 0..<Self.rounds {
            let armored =
                round.isMultiple(of: 2)
                ? String(decoding: random.mutation(of: text), as: UTF8.self)
                : ArmoredText.text(label: "SSH SIGNATURE", random.mutation(of: inner))
            do throws(SignatureError) {
                let signature = try SSHSignature(armored: armored)
                try signature.verify(FixedKey.message, namespace: FixedKey.namespace)
                // Only line ends may differ.
                #expect(signature.armored == key.signature, "round \(round)")
            } catch {
                refused += 1
            }
        }
        #expect(refused > Self.rounds * 9 / 10)
    }

    @Test(arguments: FixedKey.all) func privateKeys(_ key: FixedKey) throws {
        var random = SeededRandom(seed: 2)
        let text = Array(key.privateKey.utf8)
        let inner = try ArmoredText(key.privateKey, what: "key").bytes
        let original = try PublicKey(key.publicKey)
        var refused = 0
        for round in 0..<Self.rounds {
            let armored =
                round.isMultiple(of: 2)
                ? String(decoding: random.mutation(of: text), as: UTF8.self)
                : ArmoredText.text(label: "OPENSSH PRIVATE KEY", random.mutation(of: inner))
            do throws(SignatureError) {
                // What is read at all is this key, with another comment or seemingly encrypted.
                switch try PrivateKeyFile(armored) {
                case .open(_, let read): #expect(read == original, "round \(round)")
                case .encrypted: break
                }
            } catch {
                refused += 1
            }
        }
        #expect(refused > Self.rounds / 2)
    }

    @Test(arguments: FixedKey.all) func publicKeys(_ key: FixedKey) throws {
        var random = SeededRandom(seed: 3)
        let text = Array(key.publicKey.utf8)
        let signature = try SSHSignature(armored: key.signature)
        let original = signature.publicKey
        for round in 0..<Self.rounds {
            // Any 32 bytes may be an Ed25519 key; none of them made the signature.
            guard let read = try? PublicKey(String(decoding: random.mutation(of: text), as: UTF8.self)),
                read != original
            else { continue }
            let claimed = SSHSignature(
                publicKey: read, namespace: signature.namespace, digest: signature.digest,
                signature: signature.signature)
            #expect(throws: SignatureError.self, "round \(round)") {
                try claimed.verify(FixedKey.message, namespace: FixedKey.namespace)
            }
        }
    }

    @Test func anything() throws {
        var random = SeededRandom(seed: 4)
        for _ in 0..<Self.rounds {
            let bytes = (0..<random.below(300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(throws: SignatureError.self) { try SSHSignature(armored: text) }
            #expect(throws: SignatureError.self) { try PublicKey(text) }
            #expect(throws: SignatureError.self) { try PrivateKeyFile(text) }
            #expect(throws: SignatureError.self) { try PublicKey(blob: bytes) }
        }
    }
}
