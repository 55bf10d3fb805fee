import TestSupport

/// Pipelines whose references lead nowhere, or where they may not.
enum ReferenceProblems {
    static let all: [WrongManifest] = [
        WrongManifest(
            "unknown things",
            """
            inputs: { version: { type: string } }
            stages:
              a: { uses: noop, with: { value: "${{ inputs.1️⃣verson }}" } }
              b: { uses: noop, with: { value: "${{ stages.2️⃣pak.package }}" } }
              c: { uses: noop, with: { value: "x ${{ stages.pack.3️⃣pakage }} ${{ 4️⃣input.version }}" } }
              d: { uses: noop, with: { value: "${{ stages.pack.package.5️⃣digst }}" } }
              e: { uses: noop, with: { value: "${{ run.6️⃣idd }}" } }
              f: { uses: noop, with: { value: '${{ 7️⃣a b }} 8️⃣${{ inputs.version' } }
              pack: { uses: solution.pack, with: { source: src, version: "1" } }
            """,
            [
                "pipeline 'p' has no input 'verson' (did you mean 'version'?)",
                "pipeline 'p' has no stage 'pak' (did you mean 'pack'?)",
                "stage kind 'solution.pack' has no output 'pakage' (did you mean 'package'?)",
                "there is no 'input' (did you mean 'inputs'?)", "a package has no 'digst' (did you mean 'digest'?)",
                "a run has no 'idd' (did you mean 'id'?)",
                "'a b' is no path (a reference is a path such as '${{ inputs.version }}'; '$${{' is taken literally)",
                "'${{' without '}}' (a reference is a path such as '${{ inputs.version }}'; '$${{' is taken literally)",
            ]),
        WrongManifest(
            "wrong types",
            """
            stages:
              pack: { uses: solution.pack, with: { source: src, version: 1️⃣"${{ stages.pack2.package }}" } }
              pack2: { uses: solution.pack, with: { source: src, version: "v${{ 2️⃣stages.x.lines }}" } }
              x: { uses: shell.run, with: { command: [x], count: 3️⃣"${{ stages.x2.output }}", wait: 4️⃣soon, share: 5️⃣120% } }
              x2: { uses: shell.run, with: { command: [6️⃣"${{ stages.diff.breaking }}"] } }
              diff: { uses: openapi.diff, with: { document: 7️⃣/etc/passwd, base: 8️⃣[x] } }
            """,
            [
                "input 'version' of 'solution.pack' must be text, and 'stages.pack2.package' is a package",
                "'stages.x.lines' is a list and cannot stand inside a text",
                "input 'count' of 'shell.run' must be a whole number, and 'stages.x2.output' is text",
                "input 'wait' of 'shell.run' must be a duration, not 'soon' (a duration is a number with its unit: 500ms, 90s, 10m, 24h or 7d)",
                "input 'share' of 'shell.run' must be a percentage, not '120%' (write it as 99%)",
                "an entry of input 'command' of 'shell.run' must be text, and 'stages.diff.breaking' is true or false",
                "'/etc/passwd' is absolute (paths are relative to the repository's root)",
                "input 'base' of 'openapi.diff' must be text, not a list",
            ]),
        WrongManifest(
            "secrets",
            """
            inputs: { key: { type: secret, default: 1️⃣hunter2 } }
            concurrency: { group: "x-${{ 2️⃣secrets.GROUP }}" }
            stages:
              a: { uses: shell.run, with: { command: [x], token: 3️⃣hunter2, env: { T: "${{ secrets.T }}" } } }
              b: { uses: noop, when: { 4️⃣secrets.T: x } }
              c: { uses: noop, with: { value: "${{ 5️⃣secrets.a-b }}" } }
            """,
            [
                "the default of input 'key' is a secret and cannot be written in a manifest (write '${{ secrets.NAME }}' and set NAME in the environment of the process)",
                "'group' of 'concurrency' cannot use the secret 'secrets.GROUP' (secrets are known only inside stages, through their inputs)",
                "input 'token' of 'shell.run' is a secret and cannot be written in a manifest (write '${{ secrets.NAME }}' and set NAME in the environment of the process)",
                "'when' cannot use the secret 'secrets.T' (secrets are known only inside stages, through their inputs)",
                "'secrets.a-b' is no secret (a secret is '${{ secrets.NAME }}')",
            ]),
        WrongManifest(
            "a group without a name",
            """
            inputs: { region: { type: string, default: "" } }
            concurrency: { group: 1️⃣"${{ inputs.region }}" }
            stages: { a: { uses: noop } }
            """,
            [
                "the group of 'concurrency' has no name (name what only one run may do at a time; without 'concurrency' runs do not wait for each other)"
            ]),
        WrongManifest(
            "when",
            """
            stages:
              diff: { uses: openapi.diff, with: { document: a.json } }
              a: { uses: noop, when: { stages.diff.level: 1️⃣majr } }
              b: { uses: noop, when: 2️⃣major }
              c: { uses: noop, when: { stages.diff.breaking: 3️⃣x, 4️⃣run.status: failed } }
              d: { uses: noop, when: { 5️⃣a == b: x } }
              e: { uses: noop, when: { 6️⃣stages.e.value: x } }
              f: { uses: noop, when: 7️⃣{} }
            """,
            [
                "what 'stages.diff.level' is compared with cannot be 'majr' (did you mean 'major'?)",
                "'when' must be a map or a list of maps, not text (such as 'when: { stages.diff.level: major }': what is looked at, and what it must be)",
                "what 'stages.diff.breaking' is compared with must be true or false, not text",
                "'run.status' is known only in 'finally'",
                "'a == b' is no path ('when' looks at paths such as 'stages.diff.level' or 'inputs.hotfix')",
                "stage 'e' waits for itself", "'when' looks at nothing",
            ]),
        WrongManifest(
            "how the run ends",
            """
            stages: { a: { uses: noop } }
            finally:
              b: { uses: noop, when: { run.status: 1️⃣failde } }
              c: { uses: noop, when: { run.status: [failed, 2️⃣waiting] } }
              d: { uses: noop, with: { value: "it ${{ run.status }}" }, when: { run.status: succeeded } }
            """,
            [
                "what 'run.status' is compared with cannot be 'failde' (did you mean 'failed'?)",
                "what 'run.status' is compared with cannot be 'waiting' (known are 'succeeded', 'failed', 'rejected', 'cancelled')",
            ]),
        WrongManifest(
            "approvals",
            """
            stages:
              x: { uses: shell.run, with: { command: [x] } }
              a: { uses: approval.wait, with: { role: 1️⃣release-manger } }
              b: { uses: approval.wait, with: { role: release-manager, count: 2️⃣3, distinctFrom: [3️⃣requestor] } }
              c: { uses: approval.wait, with: { role: release-manager, instructions: 4️⃣"${{ stages.x.output }}" } }
            """,
            [
                "there is no role 'release-manger' (did you mean 'release-manager'?)",
                "3 people of role 'release-manager' must approve, and it has 2 people",
                "an entry of input 'distinctFrom' of 'approval.wait' cannot be 'requestor' (did you mean 'requester'?)",
                "'instructions' of an approval must be known when the plan is made",
            ]),
        WrongManifest(
            "environment values",
            """
            stages:
              a: { uses: noop, with: { value: "${{ 1️⃣environment.name }}" } }
              b: { uses: shell.run, environment: prod, with: { command: ["${{ environment.2️⃣nam }}", "${{ environment.variables.3️⃣Uri }}"] } }
              c: { uses: shell.run, environment: dev, with: { command: ["${{ 4️⃣environment.backend }}"] } }
              d: { uses: noop, with: { value: "${{ 5️⃣stages.end.value }}" } }
            finally:
              end: { uses: noop }
            """,
            [
                "'environment.name' needs a stage with an environment (add 'environment' to the stage)",
                "an environment has no 'nam' (did you mean 'name'?)",
                "environment 'prod' has no variable 'Uri' (did you mean 'Url'?)",
                "'environment.backend' has no value in environment 'dev'",
                "'stages.end.value' is known only after every other stage: 'end' stands under 'finally'",
            ]),
    ]
}
