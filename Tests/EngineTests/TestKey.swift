import Engine
import Foundation
import OrderedCollections
import Pipelines
import Signatures
import TestSupport

/// Keys of people who only exist in tests; they open nothing.
enum TestKey: String, CaseIterable {
    case ann, bob, eve, boss

    /// As it stands in `environments/roles.yaml`.
    var publicText: String {
        switch self {
        case .ann:
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV"
        case .bob:
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJnVCKb+gl07xSuH/Dqr+CQauIcnQ5fgshYizJyPi+9z"
        case .eve:
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFO3zPa2oCu8awGulBtRfmMtyy0CdxU2h3LJ9CD1yXRY"
        case .boss:
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBNQuB8Sg"
                + "TaneO3GPQry7tI2yvuatJzc7RF6LY3QVYdoLm4ZZujXJGBXTVHegZ8z3cucDdwpj2Iv6I74etjh8NXU="
        }
    }

    /// Signs records in place of the person.
    func signer() throws -> SSHSigner {
        let folder = try TemporaryFolder("key")
        let path = try folder.write(privateText, to: rawValue)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return try SSHSigner(keyFile: path, agentSocket: nil)
    }

    /// What ``Decisions`` asks for.
    func signing(namespace: String = ApprovalRecord.namespace) throws -> Decisions.Signing {
        let signer = try signer()
        return { try signer.sign($0.bytes, namespace: namespace).armored }
    }

    /// The roles of ``roles``, with the keys of those who have one.
    static var roles: Roles {
        Roles(members: [
            "release-manager": [
                Roles.Person(email: "ann@contoso.com", key: ann.publicText),
                Roles.Person(email: "bob@contoso.com", key: bob.publicText), Roles.Person(email: "Eve@contoso.com"),
            ],
            "bypass": [
                Roles.Person(email: "boss@contoso.com", key: boss.publicText), Roles.Person(email: "bob@contoso.com"),
                Roles.Person(email: "eve@contoso.com"),
            ],
        ])
    }

    private var privateText: String {
        switch self {
        case .ann:
            """
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
            QyNTUxOQAAACBgv8VE/tGE5rTzBLko3HEJqXwmxkFSdEW2iqQOE8yGVQAAAJjvd79N73e/
            TQAAAAtzc2gtZWQyNTUxOQAAACBgv8VE/tGE5rTzBLko3HEJqXwmxkFSdEW2iqQOE8yGVQ
            AAAECLjW41sHMFsfnhNZ4OcfN3ifNAuRzEN8U/GyTiqphrbGC/xUT+0YTmtPMEuSjccQmp
            fCbGQVJ0RbaKpA4TzIZVAAAAD2FubkBjb250b3NvLmNvbQECAwQFBg==
            -----END OPENSSH PRIVATE KEY-----

            """
        case .bob:
            """
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
            QyNTUxOQAAACCZ1Qim/oJdO8Urh/w6q/gkGriHJ0OX4LIWIsycj4vvcwAAAJhYFbFNWBWx
            TQAAAAtzc2gtZWQyNTUxOQAAACCZ1Qim/oJdO8Urh/w6q/gkGriHJ0OX4LIWIsycj4vvcw
            AAAEA+BiFcdXMEI8x2v98mmsBTaCyBnDUfVZStacwUo0xNSZnVCKb+gl07xSuH/Dqr+CQa
            uIcnQ5fgshYizJyPi+9zAAAAD2JvYkBjb250b3NvLmNvbQECAwQFBg==
            -----END OPENSSH PRIVATE KEY-----

            """
        case .eve:
            """
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
            QyNTUxOQAAACBTt8z2tqArvGsBrpQbUX5jLcstAncVNodyyfQg9cl0WAAAAJiyeO0Ssnjt
            EgAAAAtzc2gtZWQyNTUxOQAAACBTt8z2tqArvGsBrpQbUX5jLcstAncVNodyyfQg9cl0WA
            AAAEBOlKJx6KrHg8xID/QnDMBeZQA9MU3gbn86IsJ8aZzcOFO3zPa2oCu8awGulBtRfmMt
            yy0CdxU2h3LJ9CD1yXRYAAAAD2V2ZUBjb250b3NvLmNvbQECAwQFBg==
            -----END OPENSSH PRIVATE KEY-----

            """
        case .boss:
            """
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS
            1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQTULgfEoE2p3jtxj0K8u7SNsr7mrSc3
            O0Rei2N0FWHaC5uGWbo1yRgV01R3oGfM93LnA3cKY9iL+iO+HrY4fDV1AAAAqND5UYzQ+V
            GMAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBNQuB8SgTaneO3GP
            Qry7tI2yvuatJzc7RF6LY3QVYdoLm4ZZujXJGBXTVHegZ8z3cucDdwpj2Iv6I74etjh8NX
            UAAAAgN/h9RH4UTNAtYGFlYB9B6Zl2ZtOVL3EgAmJzwjxyLiQAAAAQYm9zc0Bjb250b3Nv
            LmNvbQ==
            -----END OPENSSH PRIVATE KEY-----

            """
        }
    }
}
