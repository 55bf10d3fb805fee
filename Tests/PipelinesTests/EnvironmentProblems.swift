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
                "'key' of 'a@b' is no SSH public key (it is one line, such as 'ssh-ed25519 AAAA...')",
                "role 'release-manager' has 'MADS@contoso.example' twice", "role 'x' must be a list, not text",
            ], file: "environments/roles.yaml"),
    ]
}
