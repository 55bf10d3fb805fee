import Testing

@testable import Signatures

@Suite struct PrivateKeyFileTests {
    @Test(arguments: FixedKey.all) func readsWhatOpenSSHWrites(_ fixed: FixedKey) throws {
        guard case .open(let key, let publicKey) = try PrivateKeyFile(fixed.privateKey) else {
            Issue.record("the key is not encrypted")
            return
        }
        #expect(publicKey == (try PublicKey(fixed.publicKey)))
        #expect(publicKey.comment == "test-only \(fixed.name)")
        #expect(key.point == publicKey.point)
        let message = Array("x".utf8)
        #expect(try publicKey.isSigned(message, by: try key.sign(message)))
    }

    @Test func knowsThePublicHalfOfAnEncryptedKey() throws {
        guard case .encrypted(let key) = try PrivateKeyFile(FixedKey.locked) else {
            Issue.record("the key is encrypted")
            return
        }
        #expect(key == (try PublicKey(FixedKey.lockedPublic)))
    }

    @Test(arguments: [
        (PEMKey.ed25519, KeyType.ed25519), (PEMKey.sec1P256, .p256), (PEMKey.pkcs8P256, .p256),
        (PEMKey.sec1P384, .p384),
        (PEMKey.pkcs8P384, .p384), (PEMKey.sec1P521, .p521), (PEMKey.pkcs8P521, .p521),
    ])
    func readsKeysOfOpenSSL(_ text: String, _ type: KeyType) throws {
        guard case .open(let key, let publicKey) = try PrivateKeyFile(text) else {
            Issue.record("the key is not encrypted")
            return
        }
        #expect(publicKey.type == type)
        let message = Array("x".utf8)
        #expect(try publicKey.isSigned(message, by: try key.sign(message)))
    }

    @Test func bothPEMFormsAreOneKey() throws {
        for (one, other) in [
            (PEMKey.sec1P256, PEMKey.pkcs8P256), (PEMKey.sec1P384, PEMKey.pkcs8P384),
            (PEMKey.sec1P521, PEMKey.pkcs8P521),
        ] {
            guard case .open(_, let first) = try PrivateKeyFile(one),
                case .open(_, let second) = try PrivateKeyFile(other)
            else {
                Issue.record("the keys are not encrypted")
                return
            }
            #expect(first == second)
        }
    }

    @Test(arguments: [
        (PEMKey.encryptedSEC1, "ssh-keygen -p -f KEY"), (PEMKey.encryptedPKCS8, "ssh-keygen -p -f KEY"),
        ("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "RSA keys"),
        ("-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----", "DSA keys"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "ssh-keygen -p -f KEY"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "'CERTIFICATE' is no private key"),
        ("hello", "neither a private nor a public key"),
    ])
    func saysWhatToDoWithOtherKeys(_ text: String, _ advice: String) throws {
        let error = #expect(throws: SignatureError.self) { try PrivateKeyFile(text) }
        #expect(error?.message.contains(advice) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: FixedKey.all) func everyBitCounts(_ fixed: FixedKey) throws {
        let bytes = try ArmoredText(fixed.privateKey, what: "key").bytes
        let original = try PublicKey(fixed.publicKey)
        let comment = Array("test-only".utf8)
        let mayChange = bytes.indices.filter { bytes[$0...].starts(with: comment) }
            .flatMap { $0..<($0 + comment.count + 1 + fixed.name.utf8.count) }
        for place in bytes.indices where !mayChange.contains(place) {
            var changed = bytes
            changed[place] ^= 0x01
            do throws(SignatureError) {
                let file = try PrivateKeyFile(ArmoredText.text(label: "OPENSSH PRIVATE KEY", changed))
                // Another cipher's name makes it an encrypted file; the public half is still the same.
                guard case .encrypted(let key) = file else {
                    Issue.record("byte \(place) may change")
                    continue
                }
                #expect(key == original)
            } catch {
                #expect(error.code.hasPrefix("signature/"))
            }
        }
    }

    @Test(arguments: FixedKey.all) func refusesACutFile(_ fixed: FixedKey) throws {
        let bytes = try ArmoredText(fixed.privateKey, what: "key").bytes
        for end in 0..<bytes.count {
            #expect(throws: SignatureError.self) {
                try PrivateKeyFile(ArmoredText.text(label: "OPENSSH PRIVATE KEY", Array(bytes.prefix(end))))
            }
        }
        #expect(throws: SignatureError.self) {
            try PrivateKeyFile(ArmoredText.text(label: "OPENSSH PRIVATE KEY", bytes + [0]))
        }
    }
}
