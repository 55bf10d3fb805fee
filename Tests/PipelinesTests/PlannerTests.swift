import Documents
import OrderedCollections
import Pipelines
import Testing

@Suite struct PlannerTests {
    static let release = """
        description: Build and promote.
        concurrency: { group: "g-${{ inputs.version }}", pending: supersede }
        inputs:
          folder: { type: path, default: connectors/a }
          version: { type: string }
        stages:
          prod:
            template: promote
            needs: [dev, ask]
            with: { environment: prod, package: "${{ stages.pack.package }}" }
          lint:
            uses: openapi.lint
            with: { document: "${{ inputs.folder }}/api.json" }
          diff:
            uses: openapi.diff
            with: { document: "${{ inputs.folder }}/api.json", version: "${{ inputs.version }}" }
          ask:
            uses: approval.wait
            when: { stages.diff.level: [major, minor] }
            with: { role: release-manager, count: 2, expires: 1h, package: "${{ stages.pack.package }}" }
          pack:
            uses: solution.pack
            needs: [lint, diff]
            timeout: 10m
            retry: { attempts: 3, delay: 5s, factor: 3, longest: 1m, on: any }
            with: { source: src, version: "v${{ inputs.version }}-${{ run.id }}" }
          dev:
            template: promote
            with: { environment: dev, package: "${{ stages.pack.package }}" }
        finally:
          notes:
            uses: shell.run
            with: { command: [echo, "${{ run.status }}", "$${{ literal }}"] }
        """

    @Test func differentPendingOfOneGroupIsAWarning() {
        let pipeline = "concurrency: { group: g, pending: supersede }\nstages: { a: { uses: noop } }"
        let others = [("pipelines/a.yaml", "g"), ("pipelines/z.yaml", "h")].map { file, group in
            (file, "concurrency: { group: \(group) }\nstages: { a: { uses: noop } }")
        }
        let found = Repository(pipeline, Dictionary(uniqueKeysWithValues: others)).check()
        let message = "pipeline 'p' has 'pending: supersede' in the group 'g', and 'a' has 'queue'"
        #expect(found.map(\.message) == [message] && found.first?.severity == .warning, "\(found)")
        #expect(found.first?.notes.first?.location?.source.name == "pipelines/a.yaml")
    }

    @Test func ordersStepsNeedsFirst() throws {
        let plan = try Repository(Self.release).plan(["version": "1.2.0"])
        #expect(
            plan.ids == [
                "lint", "diff", "pack", "ask", "dev/rebind", "dev/promote.preview", "dev/promote", "prod/rebind",
                "prod/promote.preview", "prod/promote.eligible", "prod/promote.approval", "prod/promote.approval-2",
                "prod/promote.window", "prod/promote", "notes",
            ])
        #expect(plan.summary == "Build and promote.")
        #expect(plan.concurrency == Plan.Concurrency(group: "g-1.2.0", pending: .supersede))
        #expect(plan.inputs == ["folder": "connectors/a", "version": "1.2.0"])
        #expect(Array(plan.environments.keys) == ["dev", "prod"])
        #expect(plan.roles.members["release-manager"]?.count == 2)
        #expect(
            Set(plan.sources.map(\.file)) == [
                "pipelines/p.yaml", "templates/promote.yaml", "environments/dev.yaml", "environments/prod.yaml",
                "environments/roles.yaml",
            ])
        #expect(plan.secretNames == ["PROD_SALES"])
    }

    @Test func referencesAreDependencies() throws {
        let plan = try Repository(Self.release).plan(["version": "1.2.0"])
        #expect(plan["lint"]?.edges == [])
        #expect(plan["pack"]?.edges == ["lint", "diff"])
        #expect(plan["ask"]?.edges == ["pack.package", "diff?level"])
        #expect(plan["dev/rebind"]?.edges == ["pack.package"])
        #expect(plan["dev/promote"]?.edges == ["pack.package", "dev/rebind.settings", "dev/promote.preview!"])
        #expect(plan["prod/rebind"]?.edges == ["dev/promote", "ask", "pack.package"])
        #expect(plan["notes"]?.edges == [])
        #expect(plan["notes"]?.isFinally == true)
    }

    @Test func valuesArePutIn() throws {
        let plan = try Repository(Self.release).plan(["version": "1.2.0"])
        #expect(
            plan["lint"]?.input
                == .map(["document": .literal("connectors/a/api.json"), "failSeverity": .literal("error")]))
        #expect(plan["pack"]?.argument("version") == .text([.literal("v1.2.0-"), .reference(.run(.id))]))
        #expect(plan["dev/rebind"]?.argument("package") == .reference(.output("pack", name: "package", path: [])))
        #expect(
            plan["notes"]?.argument("command")
                == .list([.literal("echo"), .reference(.run(.status)), .literal("${{ literal }}")]))
        #expect(plan["pack"]?.retry == RetryPolicy(attempts: 3, delay: 5, factor: 3, longest: 60, on: .any))
        #expect(plan["pack"]?.timeout == 600)
    }

    @Test func approvalWaitIsAGate() throws {
        let plan = try Repository(Self.release).plan(["version": "1.2.0"])
        let ask = try #require(plan["ask"])
        #expect(ask.work == .gate(.approval(ApprovalPolicy(role: "release-manager", count: 2, expires: 3600))))
        #expect(ask.guarding == nil)
        #expect(ask.input == .map(["package": .reference(.output("pack", name: "package", path: []))]))
        #expect(ask.condition?.description == "stages.diff.level is major or minor")
    }

    @Test func gatesStandInTheirOrder() throws {
        let plan = try Repository(Self.release).plan(["version": "1.2.0"])
        let gates = plan.steps.filter { $0.guarding == "prod/promote" }
        let works = gates.map(\.work)
        #expect(works[0] == .gate(.preview))
        #expect(works[1] == .gate(.eligible(after: "dev", soak: 86_400)))
        #expect(
            works[2]
                == .gate(
                    .approval(
                        ApprovalPolicy(role: "release-manager", count: 2, distinctFrom: [.requester], expires: 259_200))
                ))
        #expect(works[3] == .gate(.approval(ApprovalPolicy(role: "release-manager"))))
        #expect(
            works[4]
                == .gate(
                    .window(
                        [ChangeWindow(days: [1, 2, 3, 4], from: 480, to: 960, timeZone: "Europe/Oslo")], freezes: [])))
        let stage = try #require(plan["prod/promote"])
        #expect(stage.locksEnvironment)
        #expect(stage.needs.last == Need("prod/promote.window", .gate))
        #expect(gates[0].input == stage.input)
        #expect(zip(gates, gates.dropFirst()).allSatisfy { $1.needs.last == Need($0.id, .gate) })
        #expect(gates.allSatisfy { $0.effect == .none && $0.environment == "prod" && !$0.locksEnvironment })
        #expect(plan["prod/rebind"]?.locksEnvironment == false)
    }

    @Test func aTurnedOffStageAsksNobody() throws {
        let plan = try Repository(
            """
            stages:
              diff: { uses: openapi.diff, with: { document: a.json } }
              pack: { uses: solution.pack, with: { source: src, version: "1.0" } }
              up:
                template: promote
                when: { stages.diff.level: major }
                with: { environment: prod, package: "${{ stages.pack.package }}" }
            """
        ).plan()
        for step in plan.steps where step.id.rawValue.hasPrefix("up/") {
            #expect(step.condition?.description == "stages.diff.level is major")
            #expect(step.edges.contains("diff?level"))
        }
    }

    @Test func conditionsOfTemplatesAreAdded() throws {
        let plan = try Repository(
            """
            inputs: { hotfix: { type: boolean, default: false } }
            stages:
              diff: { uses: openapi.diff, with: { document: a.json } }
              t: { template: inner, when: [{ inputs.hotfix: true }, { stages.diff.level: major }] }
            """,
            [
                "templates/inner.yaml": """
                stages:
                  x: { uses: noop, when: { run.requester: rana } }
                """
            ]
        ).plan()
        let condition = try #require(plan["t/x"]?.condition)
        #expect(condition.alternatives.count == 2)
        #expect(
            condition.description
                == "inputs.hotfix is true and run.requester is rana, or stages.diff.level is major and run.requester is rana"
        )
        #expect(condition.alternatives[0][0].argument == .literal(false))
    }

    @Test func templatesInTemplates() throws {
        let plan = try Repository(
            """
            stages:
              a: { uses: noop }
              all: { template: outer, needs: [a], with: { word: hello } }
              z: { uses: noop, needs: [all], with: { value: "${{ stages.all.last }}-${{ stages.all.inner.two.value }}" } }
              y: { uses: noop, needs: [all/inner/one] }
            """,
            [
                "templates/outer.yaml": """
                inputs: { word: { type: string }, other: { type: integer, default: 3 } }
                stages:
                  first: { uses: noop }
                  inner: { template: inner, needs: [first], with: { word: "${{ inputs.word }} ${{ inputs.other }}" } }
                  side: { uses: noop }
                outputs: { last: "${{ stages.inner.two.value }}" }
                """,
                "templates/inner.yaml": """
                inputs: { word: { type: string } }
                stages:
                  one: { uses: noop, with: { value: "${{ inputs.word }}" } }
                  two: { uses: noop, needs: [one] }
                """,
            ]
        ).plan()
        #expect(plan["all/first"]?.edges == ["a"])
        #expect(plan["all/side"]?.edges == ["a"])
        #expect(plan["all/inner/one"]?.edges == ["all/first"])
        #expect(plan["all/inner/one"]?.argument("value") == .literal("hello 3"))
        #expect(plan["all/inner/two"]?.edges == ["all/inner/one"])
        #expect(Set(plan["z"]?.edges ?? []) == ["all/inner/two", "all/side", "all/inner/two.value"])
        #expect(plan["y"]?.edges == ["all/inner/one"])
    }

    @Test func forEachOverPaths() throws {
        let plan = try Repository(
            """
            stages:
              lint:
                uses: openapi.lint
                forEach: { in: connectors/*, as: connector }
                maxParallel: 2
                with: { document: "${{ connector }}/api.json" }
              sum: { uses: noop, needs: [lint], with: { value: "${{ stages.lint.findings }}" } }
            """
        ).plan()
        #expect(plan.ids == ["lint:a", "lint:b", "sum"])
        #expect(plan["lint:b"]?.argument("document") == .literal("connectors/b/api.json"))
        #expect(plan["lint:b"]?.pool == Pool(name: "lint", width: 2))
        #expect(plan["sum"]?.edges == ["lint:a", "lint:b", "lint:a.findings", "lint:b.findings"])
        #expect(
            plan["sum"]?.argument("value")
                == .list([
                    .reference(.output("lint:a", name: "findings", path: [])),
                    .reference(.output("lint:b", name: "findings", path: [])),
                ]))
    }

    @Test(arguments: [
        ("dev, prod", ["dev", "prod"]), (#"["prod","dev"]"#, ["prod", "dev"]), ("[]", []), ("", []),
    ])
    func aListIsGivenWithCommasOrAsJSON(_ text: String, _ places: [String]) throws {
        let plan = try Repository(
            """
            inputs: { places: { type: list, items: environment } }
            stages:
              up: { uses: noop, forEach: { in: "${{ inputs.places }}" }, with: { value: "${{ item }}" } }
            """
        ).plan(["places": .string(text)])
        #expect(plan.inputs["places"] == .list(places.map(Value.string)))
    }

    @Test func forEachOverListsAndTemplates() throws {
        let plan = try Repository(
            """
            inputs: { places: { type: list, items: environment, default: [dev, prod] } }
            stages:
              pack: { uses: solution.pack, with: { source: src, version: "1.0" } }
              up:
                template: promote
                forEach: { in: "${{ inputs.places }}" }
                with: { environment: "${{ item }}", package: "${{ stages.pack.package }}" }
              say:
                uses: noop
                forEach: { in: [{ name: x, size: 1 }, { name: y, size: 2 }] }
                with: { value: "${{ item.name }} ${{ item.size }}" }
            """
        ).plan()
        #expect(plan["up:prod/promote"]?.environment == "prod")
        #expect(plan["up:dev/promote"]?.environment == "dev")
        #expect(plan["say:y"]?.argument("value") == .literal("y 2"))
        #expect(plan["up:prod/promote"]?.edges.contains("up:prod/rebind.settings") == true)
        let given = try Repository(
            """
            inputs: { places: { type: list } }
            stages:
              say: { uses: noop, forEach: { in: "${{ inputs.places }}" }, with: { value: "${{ item }}" } }
            """
        ).plan(["places": "one, two words,1.2"])
        #expect(given.ids == ["say:one", "say:two-words", "say:1-2"])
    }

    @Test func environmentReferences() throws {
        let plan = try Repository(
            """
            stages:
              call:
                uses: shell.run
                environment: prod
                with:
                  command: ["${{ environment.name }}", "${{ environment.variables.Url }}/x", "${{ environment.backend }}"]
                  token: ${{ environment.connections.sales.connection }}
            """
        ).plan()
        #expect(
            plan["call"]?.argument("command")
                == .list([.literal("prod"), .literal("https://api.contoso.com/x"), .literal("https://api.contoso.com")])
        )
        #expect(plan["call"]?.argument("token") == .reference(.secret("PROD_SALES")))
        // It reads the environment, so nothing stands before it.
        #expect(plan.ids == ["call"])
    }

    @Test func partsOfValues() throws {
        let plan = try Repository(
            """
            stages:
              pack: { uses: solution.pack, with: { source: src, version: "1.0" } }
              say: { uses: noop, with: { value: "${{ stages.pack.package.digest }}" } }
            """
        ).plan()
        #expect(plan["say"]?.argument("value") == .reference(.output("pack", name: "package", path: ["digest"])))
    }

    @Test func optionalInputsAreLeftOut() throws {
        let repository = Repository(
            """
            inputs: { version: { type: string, required: false } }
            stages:
              diff: { uses: openapi.diff, with: { document: a.json, version: "${{ inputs.version }}" } }
            """)
        #expect(try repository.plan()["diff"]?.argument("version") == nil)
        #expect(try repository.plan(["version": "2"])["diff"]?.argument("version") == .literal("2"))
    }

    @Test func finallyMaySeeOutputs() throws {
        let plan = try Repository(
            """
            stages:
              diff: { uses: openapi.diff, with: { document: a.json } }
            finally:
              send: { uses: noop, with: { value: "${{ stages.diff.releaseNotes }}" } }
              after: { uses: noop, needs: [send] }
            """
        ).plan()
        #expect(plan.ids == ["diff", "send", "after"])
        #expect(plan["send"]?.edges == ["diff.releaseNotes"])
    }

    @Test(
        arguments: [
            ("3", Value.integer(3)), ("true", nil), ("x", nil),
        ] as [(String, Value?)])
    func integersFromText(_ text: String, _ wanted: Value?) throws {
        let repository = Repository(
            """
            inputs: { count: { type: integer } }
            stages: { a: { uses: shell.run, with: { command: [x], count: "${{ inputs.count }}" } } }
            """)
        guard let wanted else {
            let refused = #expect(throws: Rejected.self) { try repository.plan(["count": .string(text)]) }
            #expect(refused?.diagnostics.map(\.code) == ["manifest/input"])
            return
        }
        #expect(try repository.plan(["count": .string(text)])["a"]?.argument("count") == .literal(wanted))
    }

    @Test func wrongInputsAreAllNamed() throws {
        let repository = Repository(
            """
            inputs:
              place: { type: environment }
              kind: { type: choice, values: [fast, slow] }
              file: { type: path }
              time: { type: duration }
              key: { type: secret }
              more: { type: string }
            stages: { a: { uses: noop } }
            """)
        let refused = #expect(throws: Rejected.self) {
            try repository.plan([
                "place": "prd", "kind": "fats", "file": "../x", "time": "10", "key": "hunter2", "mroe": "x",
            ])
        }
        let messages = (refused?.diagnostics ?? []).map { "\($0.message) \($0.help ?? "")" }
        #expect(
            Set(messages) == [
                "pipeline 'p' has no input 'mroe' did you mean 'more'?",
                "input 'place' names no environment: 'prd' did you mean 'prod'?",
                "input 'kind' cannot be 'fats' did you mean 'fast'?",
                "input 'file' leads out of the repository: '../x' ",
                "input 'time' must be a duration, not '10' such as 90s, 10m, 24h or 7d",
                "input 'key' is a secret and cannot be given as it is give it as '${{ secrets.NAME }}'",
                "pipeline 'p' needs input 'more' give it as '--input more=...'",
            ])
    }

    @Test func unknownPipeline() {
        let refused = #expect(throws: Rejected.self) {
            try Repository(Self.release).planner.plan(pipeline: "q")
        }
        #expect(refused?.diagnostics.first?.message == "there is no pipeline 'q'")
    }
}
