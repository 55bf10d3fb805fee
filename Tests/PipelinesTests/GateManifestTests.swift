import Documents
import OrderedCollections
import Pipelines
import Testing

/// What environments say of their gates, from the manifest to the plan.
@Suite struct GateManifestTests {
    private static let place = "target: { kind: directory, path: here }\n"
    private static let pipeline = """
        stages:
          diff: { uses: openapi.diff, with: { document: connectors/a/api.json } }
          test: { uses: noop }
          pack: { uses: solution.pack, needs: [test], with: { source: src, version: "1" } }
          up: { uses: solution.promote, environment: here, with: { package: "${{ stages.pack.package }}" } }
          after: { uses: noop, needs: [up] }
        """

    private func plan(_ gates: String, pipeline: String = Self.pipeline, roles: String? = nil) throws -> Plan {
        try repository(gates, pipeline, roles).plan()
    }

    private func repository(_ gates: String, _ pipeline: String = Self.pipeline, _ roles: String? = nil) -> Repository {
        var files = ["environments/here.yaml": Self.place + gates]
        if let roles { files["environments/roles.yaml"] = roles }
        return Repository(pipeline, files)
    }

    @Test func approvalsSayEverything() throws {
        let plan = try plan(
            """
            gates:
              approvals:
                - role: release-manager
                  distinctFrom: [requester, { approvers-of: dev }, "approvers-of: prod"]
                  voidOn: [target, package]
                - { role: release-manager, distinctFrom: ["approvers-of:here"], voidOn: [target, plan, package] }
            """)
        guard case .gate(.approval(let first))? = plan["up.approval"]?.work,
            case .gate(.approval(let second))? = plan["up.approval-2"]?.work
        else {
            Issue.record("no approvals")
            return
        }
        #expect(first.distinctFrom == [.requester, .approvers(of: "dev"), .approvers(of: "prod")])
        #expect(first.voidOn == [.package, .target])
        #expect(second.distinctFrom == [.approvers(of: "here")])
        #expect(second.voidOn == ApprovalPolicy.Part.allCases)
        #expect(try Plan(plan.value()) == plan)
        #expect(
            PlanRenderer().text(plan).contains(
                "one 'release-manager' approves, not the requester or the approvers of 'dev' or the approvers of 'prod', "
                    + "void when the package or the target changes"))
    }

    @Test func signedApprovalsNeedKeys() throws {
        let keys = """
            release-manager:
              - { email: mads@contoso.example, key: "ssh-ed25519 \(Self.key) mads" }
              - rana@contoso.example
            """
        func found(_ count: Int) -> [Diagnostic] {
            repository(
                "gates: { approvals: [{ role: release-manager, count: \(count), signed: required }] }", Self.pipeline,
                keys
            )
            .check()
        }
        #expect(found(1).map(\.severity) == [.warning])
        #expect(
            found(1).map(\.message) == [
                "approvals by 'release-manager' must be signed, and these have no key: 'rana@contoso.example'"
            ])
        #expect(found(2).map(\.severity) == [.error])
        #expect(found(2).first?.code == "manifest/no-key")
        let plan = try plan(
            "gates: { approvals: [{ role: release-manager, signed: required }] }", roles: keys)
        #expect(
            plan["up.approval"]?.work == .gate(.approval(ApprovalPolicy(role: "release-manager", signed: .required))))
        #expect(PlanRenderer().text(plan).contains("one 'release-manager' approves, signed before 'up'"))
    }

    private static let key = "AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV"

    /// As in manifests, and as it is read.
    @Test(arguments: [
        ("[test, diff]", EvidencePolicy(stages: ["test", "diff"])),
        ("{ stages: [openapi.diff] }", EvidencePolicy(stages: ["openapi.diff"])),
        ("{ stages: [test], notOlderThan: 7d }", EvidencePolicy(stages: ["test"], notOlderThan: 604_800)),
    ])
    func evidenceIsAGateOfItsOwn(_ text: String, _ policy: EvidencePolicy) throws {
        let gates = "{ soak: 1h, evidence: \(text), approvals: [{ role: release-manager }] }"
        let plan = try plan("after: prod\ngates: \(gates)")
        #expect(
            plan.ids.filter { $0.hasPrefix("up") } == ["up.preview", "up.eligible", "up.evidence", "up.approval", "up"])
        #expect(plan["up.evidence"]?.work == .gate(.evidence(policy)))
        #expect(try Plan(plan.value()) == plan)
        #expect(plan.environments["here"]?.gates.evidence == policy)
    }

    @Test func theGateWaitsForWhatMayShowSomething() throws {
        let plan = try plan("gates: { evidence: [test, openapi.diff, after] }")
        #expect(plan["up.evidence"]?.edges == ["pack.package", "test^", "diff^", "up.preview!"])
        #expect(plan["up.preview"]?.edges == ["pack.package"])
        #expect(plan["up"]?.edges == ["pack.package", "up.evidence!"])
        #expect(plan.ids == ["diff", "test", "pack", "up.preview", "up.evidence", "up", "after"])
        #expect(
            PlanRenderer().text(plan).contains("the package has passed 'test', 'openapi.diff', 'after' before 'up'")
        )
    }

    /// Stages are found wherever they stand in the manifest, and evidence that nothing gives is told.
    @Test func evidenceThatNothingGivesIsAWarning() throws {
        let found = repository("gates: { evidence: [test, after, tset] }").check()
        #expect(found.map(\.severity) == [.warning, .warning])
        #expect(
            found.map(\.message) == [
                "environment 'here' asks for evidence by 'after', and no such stage runs before 'up' (pipeline 'p')",
                "environment 'here' asks for evidence by 'tset', and no such stage runs before 'up' (pipeline 'p')",
            ])
        #expect(try plan("gates: { evidence: [tset] }").ids.contains("up.evidence"))
        let late = Self.pipeline + "\n  late: { uses: noop }\n"
        #expect(try plan("gates: { evidence: [late] }", pipeline: late).ids.last == "after")
    }

    /// What the gate would say once all has been done for nothing, the check says.
    @Test(arguments: [
        ("", "noop", false), ("needs: [pack]", "noop", true),
        ("", "openapi.diff, with: { document: src/api.json }", true),
        ("", "openapi.diff, with: { document: connectors/a/api.json }", false),
        ("", "openapi.diff, with: { document: \"${{ inputs.api }}\" }", true),
        ("", "openapi.diff, with: { document: \"${{ stages.named.output }}\" }", true),
        ("", "noop, with: { value: \"${{ stages.pack.package }}\" }", true),
    ])
    func evidenceThatIsNotAboutThePackageIsAWarning(_ needs: String, _ uses: String, _ isFine: Bool) throws {
        let pipeline = """
            inputs:
              api: { type: path }
            stages:
              named: { uses: shell.run, with: { command: [name] } }
              look: { \(needs.isEmpty ? "" : needs + ",") uses: \(uses) }
              pack: { uses: solution.pack, needs: [named], with: { source: src, version: "1" } }
              up: { uses: solution.promote, environment: here, with: { package: "${{ stages.pack.package }}" } }
            """
        let repository = repository("gates: { evidence: [look] }", pipeline)
        let found = repository.check()
        #expect(found.map(\.code) == (isFine ? [] : ["manifest/no-evidence"]), "\(found)")
        // The plan says the same, also where its inputs are not known.
        for isGiven in [false, true] {
            let plan =
                isGiven
                ? try repository.plan(["api": "connectors/a/api.json"]) : try repository.planner.outline(of: "p")
            // Given, the input is another file than what is packed.
            let isShown = isFine && !(isGiven && uses.contains("inputs.api"))
            let planned = plan.plannedEvidence(for: "here", packers: ["solution.pack"])
            #expect(planned.shown == (isShown ? ["look"] : []), "\(planned)")
            let unconnected = PlannedEvidence.Unconnected(stage: "look", maker: "pack")
            #expect(planned.unconnected == (isShown ? [:] : ["look": unconnected]), "\(planned)")
        }
        guard let told = found.first else { return }
        #expect(told.severity == .warning && told.location?.source.name == "pipelines/p.yaml")
        #expect(
            told.message == "environment 'here' asks for evidence by 'look', and 'look' is neither given the "
                + "package nor waited for by 'pack', which makes it, and works on other files (pipeline 'p')")
        #expect(told.help?.contains("(needs: [look])") == true)
    }

    /// Of a package that is given, only what comes after a stage that is given it shows something; nothing is sure where another
    /// stage may make the same one.
    @Test(arguments: [
        ("", "", "such as one of kind 'connections.rebind'"),
        (
            "", "bind: { uses: connections.rebind, environment: here, with: { package: \"${{ inputs.package }}\" } }",
            "such as 'bind' (needs: [bind])"
        ),
        // What waits for the stage itself cannot come before it.
        (
            "",
            "bind: { uses: connections.rebind, environment: here, needs: [look], with: { package: \"${{ inputs.package }}\" } }",
            "such as one of kind 'connections.rebind'"
        ),
        (
            "needs: [bind],",
            "bind: { uses: connections.rebind, environment: here, with: { package: \"${{ inputs.package }}\" } }", nil
        ),
        ("needs: [up],", "", "missing"),
        ("needs: [same],", "same: { uses: solution.pack, with: { source: src, version: \"1\" } }", nil),
    ])
    func evidenceOfAPackageThatIsGiven(_ needs: String, _ more: String, _ advice: String?) throws {
        let given = """
            inputs: { package: { type: package } }
            stages:
              look: { \(needs) uses: noop }
              up: { uses: solution.promote, environment: here, with: { package: "${{ inputs.package }}" } }
              \(more)
            """
        let repository = repository("gates: { evidence: [look] }", given)
        let found = repository.check()
        let planned = try repository.planner.outline(of: "p")
            .plannedEvidence(for: "here", packers: ["solution.pack"])
        guard let advice else {
            #expect(found.isEmpty && planned == PlannedEvidence(shown: ["look"]), "\(found) \(planned)")
            return
        }
        #expect(found.map(\.code) == ["manifest/no-evidence"] && planned.shown.isEmpty, "\(found) \(planned)")
        guard advice != "missing" else { return }
        #expect(
            found.first?.message
                == "environment 'here' asks for evidence by 'look', and 'look' is not given the package, and "
                + "comes after no stage that is (pipeline 'p')")
        let help = "let 'look' come after a stage that is given the package, \(advice)"
        #expect(found.first?.help == help && planned.unconnected["look"]?.advice == help, "\(found) \(planned)")
    }

    /// What one of several stages that may make the same package waits for shows something of it.
    @Test(arguments: [("src", true), ("other", false)])
    func severalStagesMayMakeThePackage(_ source: String, _ isFine: Bool) throws {
        let pipeline = """
            stages:
              look: { uses: noop }
              first: { uses: solution.pack, needs: [look], with: { source: \(source), version: "1" } }
              pack: { uses: solution.pack, with: { source: ./src, version: "1" } }
              up: { uses: solution.promote, environment: here, with: { package: "${{ stages.pack.package }}" } }
            """
        let repository = repository("gates: { evidence: [look] }", pipeline)
        #expect(repository.check().map(\.code) == (isFine ? [] : ["manifest/no-evidence"]))
        let planned = try repository.plan([:]).plannedEvidence(for: "here", packers: ["solution.pack"])
        #expect(planned.shown == (isFine ? ["look"] : []), "\(planned)")
    }

    /// Nothing is sure where nobody says what stages work on, or one stage of several is connected.
    @Test func onlyWhatIsSureIsUnconnected() throws {
        let several = Self.pipeline + "\n  stray: { uses: noop }\n"
        var plan = try plan("gates: { evidence: [noop, stray, tset] }", pipeline: several)
        let stray = PlannedEvidence.Unconnected(stage: "stray", maker: "pack")
        #expect(
            plan.plannedEvidence(for: "here", packers: ["solution.pack"])
                == PlannedEvidence(shown: ["noop"], unconnected: ["stray": stray]))
        #expect(plan.plannedEvidence(for: "there", packers: ["solution.pack"]) == PlannedEvidence())
        plan.subjects = nil
        #expect(
            plan.plannedEvidence(for: "here", packers: ["solution.pack"]) == PlannedEvidence(shown: ["noop", "stray"]))
    }

    @Test func twoDeploymentsThatAskForOneAnotherMakeNoCircle() throws {
        let pipeline =
            Self.pipeline
            + "\n  up2: { uses: solution.promote, environment: here, with: { package: \"${{ stages.pack.package }}\" } }\n"
        let plan = try plan("gates: { evidence: [solution.promote] }", pipeline: pipeline)
        #expect(plan["up.evidence"]?.edges.contains("up2^") == true)
        #expect(plan["up2.evidence"]?.edges.contains("up^") == false)
    }

    @Test func evidenceMayBeOfSomeAge() {
        let found = repository("gates: { evidence: { stages: [test], notOlderThan: 0s } }").check()
        #expect(found.map(\.code) == ["manifest/evidence-age"])
    }

    @Test func bypassAndPending() throws {
        let plan = try plan("pending: supersede\ngates: { bypass: { role: release-manager, secondPerson: true } }")
        #expect(plan.environments["here"]?.pending == .supersede)
        #expect(plan.environments["here"]?.gates.bypass == BypassPolicy(role: "release-manager", secondPerson: true))
        #expect(try Plan(plan.value()) == plan)
        let alone = repository(
            "gates: { bypass: { role: boss, secondPerson: true } }", Self.pipeline,
            "release-manager: [a@b, e@f]\nboss: [c@d]"
        ).check()
        #expect(alone.map(\.message) == ["2 people of role 'boss' must bypass, and it has one person"])
    }

    @Test func approvalsOfAPipelineSayTheSame() throws {
        let plan = try plan(
            "",
            pipeline: """
                stages:
                  ask:
                    uses: approval.wait
                    with: { role: release-manager, distinctFrom: [committers, { approvers-of: prod }, "approvers-of: dev"], signed: optional }
                """)
        let policy = ApprovalPolicy(
            role: "release-manager", distinctFrom: [.committers, .approvers(of: "prod"), .approvers(of: "dev")])
        #expect(plan["ask"]?.work == .gate(.approval(policy)))
        let wrong = Repository(
            """
            stages:
              a: { uses: approval.wait, with: { role: release-manager, distinctFrom: ["approvers-of: prd"], signed: required } }
              b: { uses: approval.wait, with: { role: release-manager, distinctFrom: [{ approver-of: prod }], signed: no } }
            """
        ).check()
        #expect(
            wrong.map(\.code) == [
                "manifest/no-key", "manifest/unknown-environment", "manifest/value", "manifest/value",
            ])
    }

    /// Nothing new is written where nothing new is said, so that plans keep their digests.
    @Test func plansWithoutAnyOfThisAreAsTheyWere() throws {
        let text = try Repository("stages: { a: { uses: noop } }").plan().value().json()
        let gated = try plan("gates: { approvals: [{ role: release-manager }] }").value().json()
        for word in ["voidOn", "signed", "evidence", "bypass", "pending"] {
            #expect(!text.contains("\"\(word)\""))
            #expect(!gated.contains("\"\(word)\""))
        }
    }

    @Test(arguments: [
        ("pending: queue\ngates: { evidence: [a], bypass: { role: x, secondPerson: true } }", true),
        (
            "gates: { evidence: { stages: [a], notOlderThan: 7d }, approvals: [{ role: x, signed: required, voidOn: [plan] }] }",
            true
        ),
        (
            "gates: { approvals: [{ role: x, distinctFrom: [requester, \"approvers-of: dev\", { approvers-of: dev }] }] }",
            true
        ),
        ("pending: wait", false), ("gates: { evidence: a }", false),
        ("gates: { approvals: [{ role: x, signed: yes }] }", false),
        ("gates: { approvals: [{ role: x, distinctFrom: [everybody] }] }", false), ("gates: { bypass: boss }", false),
    ])
    func schemasKnowIt(_ text: String, _ isGood: Bool) throws {
        let schema = try #require(JSONSchemas.schema("environment", stages: FakeStages.all))
        let value = try Document(text: Self.place + text, file: "x.yaml").root.value
        #expect(SchemaTests.problems(value, schema, schema).isEmpty == isGood)
    }
}
