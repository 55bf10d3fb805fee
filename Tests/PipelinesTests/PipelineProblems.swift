import TestSupport

/// Pipelines that are wrong in their keys, types and names.
enum PipelineProblems {
    static let all: [WrongManifest] = [
        WrongManifest(
            "unknown kind",
            """
            stages:
              lint:
                uses: 1️⃣openapi.lnt
                with: { document: a.json }
            """,
            ["unknown stage kind 'openapi.lnt' (did you mean 'openapi.lint'?)"],
            fixed: """
                stages:
                  lint:
                    uses: openapi.lint
                    with: { document: a.json }
                """),
        WrongManifest(
            "unknown keys",
            """
            description: x
            stages:
              a:
                uses: noop
                1️⃣dependsOn: [b]
                2️⃣timout: 10m
                3️⃣zzz: 1
              b: { uses: noop }
            """,
            [
                "unknown key 'dependsOn' in stage 'a' (did you mean 'needs'?)",
                "unknown key 'timout' in stage 'a' (did you mean 'timeout'?)",
                "unknown key 'zzz' in stage 'a' (known are 'template', 'description', 'with', 'needs', 'when', 'environment', 'retry', 'timeout', 'forEach', 'maxParallel')",
            ]),
        WrongManifest(
            "wrong types",
            """
            inputs:
              n: { type: 1️⃣integr }
              2️⃣1x: { type: string }
            stages:
              a:
                uses: shell.run
                needs: 3️⃣b
                timeout: 4️⃣10
                retry: { attempts: 5️⃣x, delay: 6️⃣5 }
                with:
                  command: 7️⃣echo
                  count: 8️⃣"3"
                  strict: 9️⃣yes
              b: { uses: noop }
            """,
            [
                "there is no type 'integr' (did you mean 'integer'?)",
                "'1x' cannot be the name of an input (names begin with a letter and have letters, digits, '-' and '_' after it)",
                "'needs' of stage 'a' must be a list, not text",
                "'timeout' of stage 'a' must be a duration, not '10' (a duration is a number with its unit: 500ms, 90s, 10m, 24h or 7d)",
                "'attempts' of 'retry' of stage 'a' must be a whole number, not text",
                "'delay' of 'retry' of stage 'a' must be a duration, not '5' (a duration is a number with its unit: 500ms, 90s, 10m, 24h or 7d)",
                "input 'command' of 'shell.run' must be a list, not text",
                "input 'count' of 'shell.run' must be a whole number, not text",
                "input 'strict' of 'shell.run' must be true or false, not text",
            ]),
        WrongManifest(
            "unquoted version",
            """
            inputs:
              v: { type: string, default: 1️⃣1.10 }
            stages:
              pack: { uses: solution.pack, with: { source: src, version: 2️⃣1.10, type: 3️⃣manged } }
            """,
            [
                "the default of input 'v' must be text, and without quotes '1.10' is a number (write \"1.10\")",
                "input 'version' of 'solution.pack' must be text, and without quotes '1.10' is a number (write \"1.10\")",
                "input 'type' of 'solution.pack' cannot be 'manged' (did you mean 'managed'?)",
            ],
            fixed: """
                inputs:
                  v: { type: string, default: "1.10" }
                stages:
                  pack: { uses: solution.pack, with: { source: src, version: "1.10", type: managed } }
                """),
        WrongManifest(
            "inputs of kinds and templates",
            """
            stages:
              lint: { uses: 1️⃣openapi.lint, with: { 2️⃣documnt: a.json } }
              up: { template: 3️⃣promote, with: { 4️⃣enviroment: dev, package: "${{ stages.pack.package }}" } }
              pack: { uses: solution.pack, with: { source: src, version: "1" } }
              down: { template: 5️⃣promot }
            """,
            [
                "input 'document' of 'openapi.lint' is missing (it is the document)",
                "stage kind 'openapi.lint' has no input 'documnt' (did you mean 'document'?)",
                "input 'environment' of template 'promote' is missing",
                "template 'promote' has no input 'enviroment' (did you mean 'environment'?)",
                "there is no template 'promot' (did you mean 'promote'?)",
            ]),
        WrongManifest(
            "environments",
            """
            stages:
              pack: { uses: solution.pack, 1️⃣environment: dev, with: { source: src, version: "1" } }
              a: { uses: 2️⃣solution.promote, with: { package: "${{ stages.pack.package }}" } }
              b: { uses: shell.run, environment: 3️⃣prd, with: { command: [x] } }
              c: { uses: shell.run, environment: "${{ 4️⃣stages.b.output }}", with: { command: [x] } }
              d: { template: promote, 5️⃣environment: dev, with: { environment: dev, package: "${{ stages.pack.package }}" } }
            """,
            [
                "stage kind 'solution.pack' uses no environment (take 'environment' away)",
                "stage 'a' needs an environment: 'solution.promote' changes one (add 'environment: NAME', a file of 'environments/')",
                "there is no environment 'prd' (did you mean 'prod'?)",
                "the environment of stage 'c' cannot use 'stages.b.output', which is known only during the run (it must be known when the plan is made: from inputs, items or the environment's file)",
                "'environment' cannot stand beside 'template' (give the template an input of type environment)",
            ]),
        WrongManifest(
            "needs and names",
            """
            stages:
              a: { uses: noop, needs: [1️⃣a, 2️⃣bb, b] }
              b: { uses: noop, needs: [3️⃣end] }
              4️⃣c d: { uses: noop }
            finally:
              end: { uses: noop, needs: [5️⃣a] }
              6️⃣b: { uses: noop }
            """,
            [
                "stage 'a' waits for itself", "pipeline 'p' has no stage 'bb' (did you mean 'b'?)",
                "'end' runs after every stage (stages under 'finally' can be needed only there)",
                "'c d' cannot be the name of a stage (names begin with a letter and have letters, digits, '-' and '_' after it)",
                "'end' runs after every stage anyway (take it away)", "there are two stages 'b'",
            ]),
        WrongManifest(
            "forEach",
            """
            stages:
              a: { uses: noop, 1️⃣maxParallel: 2 }
              b: { uses: noop, forEach: { in: 2️⃣nothing/* } }
              c: { uses: noop, forEach: { in: [x], as: 3️⃣run } }
              d: { uses: noop, maxParallel: 4️⃣0, forEach: { in: [x] } }
              e: { uses: noop, forEach: { in: "${{ 5️⃣stages.a.value }}" } }
              f: { uses: noop, forEach: { in: 6️⃣../other/* } }
            """,
            [
                "'maxParallel' of stage 'a' needs 'forEach'", "nothing in the repository matches 'nothing/*'",
                "'run' cannot be the name of an item", "'maxParallel' of stage 'd' must be at least 1, not 0",
                "'forEach' of stage 'e' cannot use 'stages.a.value', which is known only during the run (it must be known when the plan is made: from inputs, items or the environment's file)",
                "'../other/*' leads out of the repository",
            ]),
        WrongManifest(
            "keys in the wrong place",
            """
            stages:
              a: { uses: shell.run, with: { command: 1️⃣echo, 2️⃣timeout: 3m } }
            """,
            [
                "input 'command' of 'shell.run' must be a list, not text",
                "stage kind 'shell.run' has no input 'timeout' ('timeout' stands beside 'with', not in it)",
            ],
            fixed: """
                stages:
                  a: { uses: shell.run, with: { command: [echo], timeout: 3m } }
                """),
        WrongManifest(
            "uses and template",
            """
            stages:
              1️⃣a: { description: nothing }
              b: { uses: noop, 2️⃣template: promote }
              c: { 3️⃣use: noop }
            concurrency: { 4️⃣pending: queue }
            """,
            [
                "stage 'a' has neither 'uses' nor 'template'", "stage 'b' has both 'uses' and 'template'",
                "unknown key 'use' in stage 'c' (did you mean 'uses'?)", "'concurrency' has no 'group'",
            ]),
    ]
}
