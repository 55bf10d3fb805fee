import TestSupport

/// Environments and roles that are wrong.
enum EnvironmentProblems {
    static let all: [WrongManifest] = [
        WrongManifest(
            "environment",
            """
            after: 1️⃣prd
            target: { kind: 2️⃣directori, path: x }
            connections:
              3️⃣a: { connector: c }
              b: { connector: c, connection: "${{ 4️⃣inputs.x }}" }
            variables: { v: 5️⃣1.10, w: "${{ secrets.W }}" }
            flows: { default: 6️⃣on }
            backend: 7️⃣mok
            8️⃣gate: {}
            """,
            [
                "there is no environment 'prd' (did you mean 'prod'?)",
                "'kind' of the target cannot be 'directori' (did you mean 'directory'?)",
                "connection 'a' has no 'connection'",
                "'inputs.x' cannot be used in an environment's file (only secrets can: '${{ secrets.NAME }}')",
                "variable 'v' must be text, and without quotes '1.10' is a number (write \"1.10\")",
                "the state of flow 'default' cannot be 'on' (known are 'enabled', 'disabled')",
                "'backend' is no URL: 'mok' (did you mean 'mock'?)",
                "unknown key 'gate' in the environment (did you mean 'gates'?)",
            ], file: "environments/extra.yaml"),
        WrongManifest(
            "gates",
            """
            target: { kind: directory, path: 1️⃣../x }
            gates:
              soak: 2️⃣24
              approvals:
                - { role: 3️⃣boss, count: 4️⃣0 }
              windows:
                - { days: 5️⃣mon-fry, from: "08:00", to: "16:00", timeZone: Europe/Oslo }
                - { days: mon-thu, from: "08:00", to: 6️⃣"08:00", timeZone: 7️⃣Europe/Olso }
                - { days: daily, from: 8️⃣"8:00", to: "24:00", timeZone: UTC }
              freezes:
                - { from: 2026-12-18, to: 9️⃣2026-02-30, reason: x }
            """,
            [
                "'../x' leads out of the repository",
                "'soak' of 'gates' must be a duration, not '24' (a duration is a number with its unit: 500ms, 90s, 10m, 24h or 7d)",
                "there is no role 'boss' (there is only 'release-manager')", "'count' must be at least 1, not 0",
                "'fry' is no day (did you mean 'fri'?)",
                "the window ends when it begins (for a whole day write from: \"00:00\" and to: \"24:00\")",
                "there is no time zone 'Europe/Olso' (did you mean 'Europe/Oslo'?)",
                "'from' of the window must be a time of day, not '8:00' (write it as \"08:00\")",
                "'to' of the freeze must be a date, not '2026-02-30' (write it as 2026-12-18)",
            ], file: "environments/extra.yaml"),
        WrongManifest(
            "approvals and evidence",
            """
            target: { kind: directory, path: x }
            pending: 1️⃣wait
            gates:
              evidence: { stages: 2️⃣[], 3️⃣notOlderThen: 7d }
              approvals:
                - { role: release-manager, distinctFrom: [4️⃣requestor, 5️⃣"approvers-of: prd", 6️⃣3], signed: 7️⃣yes }
                - { role: release-manager, distinctFrom: [{ approvers-of: 8️⃣prd }], voidOn: 9️⃣[] }
              bypass: { role: release-manager }
            """,
            [
                "'pending' of the environment cannot be 'wait' (known are 'queue', 'supersede', 'refuse')",
                "'stages' of 'evidence' names no stage",
                "unknown key 'notOlderThen' in 'evidence' (did you mean 'notOlderThan'?)",
                "an entry of 'distinctFrom' cannot be 'requestor' (did you mean 'requester'?)",
                "there is no environment 'prd' (did you mean 'prod'?)",
                "an entry of 'distinctFrom' must be text, not a number (such as \"approvers-of: preprod\")",
                "'signed' of the approval cannot be 'yes' (known are 'optional', 'required')",
                "there is no environment 'prd' (did you mean 'prod'?)",
                "an approval that nothing makes void would be one for every package (leave 'voidOn' out for all of 'package', 'plan' and 'target')",
            ], file: "environments/extra.yaml"),
        WrongManifest(
            "keys and bypass",
            """
            target: { kind: directory, path: x }
            gates:
              evidence: [test, 1️⃣test]
              approvals:
                - { role: release-manager, voidOn: [plan, 2️⃣pln] }
                - { role: 3️⃣release-manager, signed: required }
              bypass: { role: 4️⃣bos, secondPerson: 5️⃣"true" }
            """,
            [
                "'evidence' of 'gates' has 'test' twice",
                "an entry of 'voidOn' cannot be 'pln' (did you mean 'plan'?)",
                "approvals by 'release-manager' must be signed, and these have no key: 'mads@contoso.example', 'rana@contoso.example' (add 'key: ssh-ed25519 AAAA...' in 'environments/roles.yaml')",
                "there is no role 'bos' (there is only 'release-manager')",
                "'secondPerson' of 'bypass' must be true or false, not text",
            ], file: "environments/extra.yaml"),
        WrongManifest(
            "keys",
            """
            release-manager:
              - { email: mads@contoso.example, key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV" }
              - { email: rana@contoso.example, key: 1️⃣"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV rana" }
            auditor:
              - { email: Mads@contoso.example, key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV" }
              - { email: a@b, key: 2️⃣ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ== }
              - { email: c@d, key: 3️⃣ssh-ed25519 AAAA }
            """,
            [
                "'rana@contoso.example' has the key of 'mads@contoso.example': SHA256:4qk6tSSbGvnF457wlaPfOP5nthvmePWIxrbDZtN3vlM (everybody who signs has a key of their own)",
                "'key' of 'a@b' is no SSH public key that can be used: RSA keys ('ssh-rsa') are not accepted; make a key with 'ssh-keygen -t ed25519' (it is one line, such as 'ssh-ed25519 AAAA...')",
                "'key' of 'c@d' is no SSH public key that can be used: this is no well-formed public key: it ends too early (it is one line, such as 'ssh-ed25519 AAAA...')",
            ], file: "environments/roles.yaml"),
        WrongManifest(
            "roles",
            """
            release-manager:
              - { email: mads@contoso.example }
              - 1️⃣nobody
              - { 2️⃣mail: x@y, email: a@b, key: 3️⃣AAAA }
              - 4️⃣MADS@contoso.example
              - b@c
            x: 5️⃣a@b
            """,
            [
                "'nobody' is no e-mail address",
                "unknown key 'mail' in a person of role 'release-manager' (there is only 'name')",
                "'key' of 'a@b' is no SSH public key that can be used: 'AAAA' is no kind of key that is accepted; accepted are 'ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521' (it is one line, such as 'ssh-ed25519 AAAA...')",
                "role 'release-manager' has 'MADS@contoso.example' twice", "role 'x' must be a list, not text",
            ], file: "environments/roles.yaml"),
        // In a list of allowed signers these would stand for several people, or for nobody.
        WrongManifest(
            "patterns for people",
            """
            release-manager:
              - mads@contoso.example
              - rana@contoso.example
              - { email: 1️⃣"*@contoso.example" }
              - 2️⃣an?@contoso.example
              - 3️⃣"!rana@contoso.example"
              - 4️⃣"ann@contoso.example,bob"
              - 5️⃣"ann@contoso.example\\tx"
              - 6️⃣"#ann@contoso.example"
              - 7️⃣"<ann@contoso.example>"
              - 8️⃣"ann@contoso.example;"
              - 9️⃣"an<n@contoso.example"
            """,
            [
                "'*@contoso.example' \(notOne) '*' (\(oneAddress))",
                "'an?@contoso.example' \(notOne) '?' (\(oneAddress))",
                "'!rana@contoso.example' \(notOne) '!' (\(oneAddress))",
                "'ann@contoso.example,bob' \(notOne) ',' (\(oneAddress))",
                "'ann@contoso.example\tx' is no e-mail address",
                "'#ann@contoso.example' \(notOne) '#' (\(oneAddress))",
                "'<ann@contoso.example>' \(notGit)", "'ann@contoso.example;' \(notGit)",
                "'an<n@contoso.example' \(notGit)",
            ], file: "environments/roles.yaml"),
    ]

    private static let notOne = "is not the e-mail address of one person: it has"
    private static let notGit =
        "is no address that a person of git can have (git takes '<' and '>' out of an address, and punctuation away at its "
        + "ends; write the address alone)"
    private static let oneAddress =
        "where signatures are checked that would stand for other people too; write the address that git has (user.email)"
}
