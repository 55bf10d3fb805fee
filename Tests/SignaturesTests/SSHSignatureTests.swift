import Testing

@testable import Signatures

@Suite struct SSHSignatureTests {
    @Test(arguments: FixedKey.all) func acceptsWhatOpenSSHSigned(_ key: FixedKey) throws {
        let signature = try SSHSignature(armored: key.signature)
        try signature.verify(FixedKey.message, namespace: FixedKey.namespace)
        #expect(signature.publicKey == (try PublicKey(key.publicKey)))
        #expect(signature.namespace == FixedKey.namespace)
        #expect(signature.armored == key.signature)
    }

    @Test func acceptsSHA256() throws {
        let signature = try SSHSignature(armored: FixedKey.ed25519SHA256)
        try signature.verify(FixedKey.message, namespace: FixedKey.namespace)
        #expect(signature.armored == FixedKey.ed25519SHA256)
        #expect(signature != (try SSHSignature(armored: FixedKey.ed25519.signature)))
    }

    @Test func anEd25519SignatureIsTheOneThatOpenSSHMakes() throws {
        guard case .open(let key, let publicKey) = try PrivateKeyFile(FixedKey.ed25519.privateKey) else {
            Issue.record("the key is not encrypted")
            return
        }
        let bytes = SSHSignature.signedBytes(FixedKey.message, namespace: FixedKey.namespace, digest: .sha512)
        let signature = SSHSignature(
            publicKey: publicKey, namespace: FixedKey.namespace, digest: .sha512, signature: try key.sign(bytes))
        try signature.verify(FixedKey.message, namespace: FixedKey.namespace)
        let old = try SSHSignature(armored: FixedKey.ed25519.signature)
        #expect(signature.publicKey == old.publicKey)
    }

    @Test(arguments: FixedKey.all) func refusesAnotherMessageAndAnotherPurpose(_ key: FixedKey) throws {
        let signature = try SSHSignature(armored: key.signature)
        for end in 0..<FixedKey.message.count {
            #expect(
                code { try signature.verify(Array(FixedKey.message.prefix(end)), namespace: "almrun-test") } == "forged"
            )
        }
        #expect(code { try signature.verify(FixedKey.message + [0], namespace: "almrun-test") } == "forged")
        #expect(code { try signature.verify(FixedKey.message, namespace: "almrun-approval") } == "namespace")
    }

    @Test(arguments: FixedKey.all) func refusesTheNameOfAnotherKey(_ key: FixedKey) throws {
        let real = try SSHSignature(armored: key.signature)
        for other in FixedKey.all where other.name != key.name {
            let claimed = SSHSignature(
                publicKey: try PublicKey(other.publicKey), namespace: real.namespace, digest: real.digest,
                signature: real.signature)
            #expect(throws: SignatureError.self) { try claimed.verify(FixedKey.message, namespace: FixedKey.namespace) }
        }
    }

    @Test func refusesAnotherNamespaceWrittenIntoIt() throws {
        let real = try SSHSignature(armored: FixedKey.ed25519.signature)
        let moved = SSHSignature(
            publicKey: real.publicKey, namespace: "almrun-approval", digest: real.digest, signature: real.signature)
        #expect(code { try moved.verify(FixedKey.message, namespace: "almrun-approval") } == "forged")
        let weaker = SSHSignature(
            publicKey: real.publicKey, namespace: real.namespace, digest: .sha256, signature: real.signature)
        #expect(code { try weaker.verify(FixedKey.message, namespace: real.namespace) } == "forged")
    }

    @Test(arguments: FixedKey.all) func everyBitCounts(_ key: FixedKey) throws {
        let bytes = try ArmoredText(key.signature, what: "signature").bytes
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                #expect(throws: SignatureError.self, "bit \(bit) of byte \(place)") {
                    try SSHSignature(armored: ArmoredText.text(label: "SSH SIGNATURE", changed))
                        .verify(FixedKey.message, namespace: FixedKey.namespace)
                }
            }
        }
    }

    @Test func refusesOtherFormsOfTheSameNumbers() throws {
        let real = try SSHSignature(armored: FixedKey.ecdsa256.signature)
        var reader = WireReader(real.signature, "signature")
        let name = try reader.text()
        var numbers = WireReader(try reader.bytes(), "numbers")
        let r = try numbers.positive(width: 32)
        let s = try numbers.positive(width: 32)
        func signed(_ write: (inout WireWriter) -> Void) -> SSHSignature {
            var inner = WireWriter()
            write(&inner)
            var outer = WireWriter()
            outer.text(name)
            outer.bytes(inner.written)
            return SSHSignature(
                publicKey: real.publicKey, namespace: real.namespace, digest: real.digest, signature: outer.written)
        }
        func check(_ signature: SSHSignature) -> String? {
            code { try signature.verify(FixedKey.message, namespace: FixedKey.namespace) }
        }
        #expect(
            check(
                signed {
                    $0.positive(r)
                    $0.positive(s)
                }) == nil)
        #expect(
            check(
                signed {
                    $0.bytes([0, 0] + r)
                    $0.positive(s)
                }) == "format")
        #expect(
            check(
                signed {
                    $0.positive(r)
                    $0.positive(s)
                    $0.byte(0)
                }) == "format")
        #expect(
            check(
                signed {
                    $0.positive(s)
                    $0.positive(r)
                }) == "forged")
        #expect(
            check(
                signed {
                    $0.bytes([])
                    $0.positive(s)
                }) == "format")
        #expect(
            check(
                signed {
                    $0.positive(r)
                    $0.bytes(Array(repeating: 0x7F, count: 33))
                }) == "format")
        #expect(
            check(
                signed {
                    $0.positive(r)
                    $0.bytes([0xFF])
                }) == "format")
        #expect(
            check(
                signed {
                    $0.bytes([0])
                    $0.bytes([0])
                }) == "format")
    }

    @Test(arguments: [
        "", "\n", "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END PGP SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\nU1NI U0lH\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAg==\n-----END SSH SIGNATURE-----",
        "-----BEGIN PGP SIGNATURE-----\nU1NIU0lH\n-----END PGP SIGNATURE-----", String(repeating: "A", count: 70_000),
    ])
    func refusesWhatIsNoSignature(_ text: String) throws {
        #expect(code { _ = try SSHSignature(armored: text) } == "format")
    }

    @Test func readsLineEndsOfWindows() throws {
        let text = FixedKey.ed25519.signature.split(separator: "\n").joined(separator: "\r\n")
        try SSHSignature(armored: text).verify(FixedKey.message, namespace: FixedKey.namespace)
    }

    private func code(_ work: () throws -> Void) -> String? {
        do {
            try work()
            return nil
        } catch {
            return (error as? SignatureError).map { String($0.code.split(separator: "/")[1]) } ?? "\(error)"
        }
    }
}
