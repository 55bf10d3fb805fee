import Testing

@testable import Signatures

@Suite struct PublicKeyTests {
    @Test(arguments: FixedKey.all) func readsWhatOpenSSHWrites(_ key: FixedKey) throws {
        let publicKey = try PublicKey(key.publicKey)
        #expect(publicKey.fingerprint == key.fingerprint)
        #expect(publicKey.comment == "test-only \(key.name)")
        #expect(publicKey.text + " test-only \(key.name)" == key.publicKey)
        #expect(publicKey.description == publicKey.text)
    }

    @Test func theCommentIsNoPartOfTheKey() throws {
        let words = FixedKey.ed25519.publicKey.split(separator: " ")
        let plain = try PublicKey("  \(words[0])\t\(words[1]) \n")
        let commented = try PublicKey("\(words[0]) \(words[1])   Ada at her desk ")
        #expect(plain == commented)
        #expect(plain.hashValue == commented.hashValue)
        #expect(plain.comment == nil)
        #expect(commented.comment == "Ada at her desk")
        #expect(try plain != PublicKey(FixedKey.ecdsa256.publicKey))
    }

    @Test(arguments: [
        ("ssh-rsa AAAAB3NzaC1yc2E= x", "RSA keys"), ("ssh-dss AAAAB3NzaC1kc3M=", "DSA keys"),
        ("sk-ssh-ed25519@openssh.com AAAA", "security tokens"),
        ("sk-ecdsa-sha2-nistp256@openssh.com AAAA", "security tokens"),
        ("ssh-ed25519-cert-v01@openssh.com AAAA", "certificates"), ("ssh-new AAAA", "'ssh-new' is no kind of key"),
    ])
    func refusesOtherKindsByName(_ text: String, _ why: String) throws {
        let error = #expect(throws: SignatureError.self) { try PublicKey(text) }
        #expect(error?.code == "signature/key-type")
        #expect(error?.message.contains(why) == true)
    }

    @Test(arguments: [
        "", " ", "ssh-ed25519", "ssh-ed25519 !!!", "ssh-ed25519 AAAA", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
        "-----BEGIN OPENSSH PRIVATE KEY-----", "ssh-ed25519 \u{1B}[2J", "ecdsa-sha2-nistp256 AAAA x",
    ])
    func refusesWhatIsNoKey(_ text: String) throws {
        let error = #expect(throws: SignatureError.self) { try PublicKey(text) }
        #expect(error?.code.hasPrefix("signature/") == true)
    }

    @Test func refusesAKeyUnderAnotherName() throws {
        let blob = FixedKey.ed25519.publicKey.split(separator: " ")[1]
        let error = #expect(throws: SignatureError.self) { try PublicKey("ecdsa-sha2-nistp256 \(blob)") }
        #expect(error?.message.contains("the key in it is 'ssh-ed25519'") == true)
    }

    @Test func refusesTwoLines() throws {
        let error = #expect(throws: SignatureError.self) {
            try PublicKey(FixedKey.ed25519.publicKey + "\n" + FixedKey.ecdsa256.publicKey)
        }
        #expect(error?.code == "signature/key")
    }

    @Test(arguments: FixedKey.all) func refusesBytesAfterTheKey(_ key: FixedKey) throws {
        let blob = try PublicKey(key.publicKey).blob
        let error = #expect(throws: SignatureError.self) { try PublicKey(blob: blob + [0]) }
        #expect(error?.message.contains("left over") == true)
        for end in 0..<blob.count {
            #expect(throws: SignatureError.self) { try PublicKey(blob: Array(blob.prefix(end))) }
        }
    }

    @Test func refusesAPointThatIsNotOnTheCurve() throws {
        let key = try PublicKey(FixedKey.ecdsa256.publicKey)
        var point = key.point
        point[40] ^= 1
        let error = #expect(throws: SignatureError.self) { try PublicKey(type: .p256, point: point) }
        #expect(error?.message.contains("not a point of its curve") == true)
    }
}
