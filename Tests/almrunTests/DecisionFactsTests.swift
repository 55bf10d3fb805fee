import Foundation
import Testing

/// What `inbox`, `show --gate`, `why` and `runs` say to a person who decides: what went wrong, what stands behind an approval.
@Suite(.waits) struct DecisionFactsTests {
    private static let document = "solution/Connectors/contoso_contoso-20sales_openapidefinition.json"
    private static let roles = """
        manager: [mads@contoso.example, mona@contoso.example]
        bypass: [otto@contoso.example]

        """
    private static let lint = "  lint:\n    uses: openapi.lint\n    with: { document: \(document), failOn: never }\n"
    /// Fails, as it takes a hint for an error.
    private static let strictLint =
        "  lint2:\n    uses: openapi.lint\n    with: { document: \(document), failOn: hint }\n"

    private struct Facts: Decodable {
        struct Result: Decodable, Equatable {
            var run: String
            var step: String
            var kind: String
            var status: String
            var text: String
        }
        struct Risk: Decodable, Equatable { var code: String, text: String }
        struct Condition: Decodable, Equatable { var gate: String, met: Bool, text: String }
        var commit: String?
        var inputs: [String: String]
        var results: [Result]
        var risks: [Risk]
        var conditions: [Condition]
    }

    private struct Box: Decodable { var items: [Facts] }

    /// What the inbox and `show --gate` say of the only gate that waits; both say the same.
    private func facts(_ repository: ReleaseRepository, _ gate: String = "prod.approval") throws -> Facts {
        let inbox = try repository.almrun("inbox", "--format", "json", as: "mads").output
        let brief = try #require(try JSONDecoder().decode(Box.self, from: Data(inbox.utf8)).items.first)
        let shown = try repository.almrun("show", "latest", "--gate", gate, "--format", "json").output
        let report = try JSONDecoder().decode(Facts.self, from: Data(shown.utf8))
        #expect(report.results == brief.results)
        #expect(report.risks == brief.risks)
        #expect(report.conditions == brief.conditions)
        #expect(report.inputs == brief.inputs)
        #expect(report.commit == brief.commit && report.commit != nil)
        return brief
    }

    @Test func whatFailedInTheRunComesFirst() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"], roles: Self.roles,
            stages: Self.lint + Self.strictLint
                + "  check: { uses: shell.run, with: { command: [\"false\"], effect: repeatable } }\n")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let facts = try facts(repository)
        #expect(facts.results.map(\.step) == ["lint2", "check", "lint"])
        #expect(facts.results.map(\.status) == ["failed", "failed", "succeeded"])
        #expect(facts.risks.filter { $0.code == "failed-step" }.count == 2)
        for text in [
            try repository.almrun("inbox", as: "mads").output,
            try repository.almrun("show", run, "--gate", "prod").output,
        ] {
            let failed = try #require(text.range(of: "FAILED "), "\(text)")
            let plan = try #require(text.range(of: "  install ContosoSales") ?? text.range(of: "install ContosoSales"))
            #expect(failed.lowerBound < plan.lowerBound, "\(text)")
            #expect(text.contains(" lint2: ") && text.contains(" check: "), "\(text)")
        }
    }

    /// The gate's own rule judges evidence wherever it is shown.
    @Test func evidenceThatTheGateRefusedIsNotMet() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [openapi.lint] }"], roles: Self.roles,
            stages: Self.lint + Self.strictLint)
        defer { repository.remove() }
        let refused = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(refused.status == 1 && refused.output.contains("gate/bad-evidence"), "\(refused.output)")
        let run = try repository.almrun("runs", "--ids").output.trimmingCharacters(in: .newlines)
        let bad = "stage 'lint2' should show 'openapi.lint', and it is failed"
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 75)
        #expect(why.output.contains("unmet  evidence  \(bad) (run \(run))"), "\(why.output)")
        #expect(why.output.hasSuffix("next: almrun resume \(run)\n"), "\(why.output)")

        let bypass = try repository.almrun("bypass", run, "prod.evidence", "--reason", "urgent", as: "otto")
        try #require(bypass.status == 0, "\(bypass.error)")
        let after = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(after.status == 0, "\(after.output)")
        #expect(after.output.contains("bypassed by otto@contoso.example in run \(run)"), "\(after.output)")
        #expect(after.output.hasSuffix("next: almrun resume \(run)\n"), "\(after.output)")
        let runs = try repository.almrun("runs")
        #expect(runs.output.contains("BYPASSED: prod.evidence by otto@contoso.example: urgent"), "\(runs.output)")
        _ = try repository.almrun("resume", run)
        #expect(try repository.almrun("verify", run).output.contains("1 opened by people"))
    }

    /// A run without such a gate is judged by the same rule: one stage that ended well does not stand for one that did not.
    @Test func aRunWithoutTheGateIsJudgedAlike() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles, stages: Self.lint + Self.strictLint)
        defer { repository.remove() }
        #expect(try repository.almrun("run", "release", "--input", "version=1.0.0").status == 1)
        try repository.write("test", "gates: { evidence: { stages: [openapi.lint] } }")
        let bad = try repository.almrun("why", "ContosoSales@1.0.0", "test").output
        #expect(bad.contains("unmet  evidence  stage 'lint2' should show 'openapi.lint', and it is failed"), "\(bad)")
        try repository.write("test", "gates: { evidence: { stages: [lint], notOlderThan: 1s } }")
        try repository.shell("sleep 1.5")
        let old = try repository.almrun("why", "ContosoSales@1.0.0", "test").output
        #expect(old.contains("unmet  evidence  what shows 'lint' is too old: it was shown by 'lint' of run "), "\(old)")
    }

    @Test func whatStandsBehindAnApprovalIsSaid() throws {
        let freeze = "freezes: [{ from: 2020-01-01, to: 2999-01-01, reason: Year end, timeZone: UTC }]"
        let repository = try ReleaseRepository(
            [
                "prod": """
                gates:
                  approvals: [{ role: manager }]
                  evidence: { stages: [lint], notOlderThan: 1s }
                  \(freeze)
                """
            ], roles: Self.roles, stages: Self.lint)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try repository.shell("sleep 1.5")
        let facts = try facts(repository)
        #expect(facts.conditions.map(\.gate) == ["prod.evidence", "prod.window"])
        #expect(facts.conditions.map(\.met) == [false, false])
        for text in [
            try repository.almrun("inbox", as: "mads").output,
            try repository.almrun("show", run, "--gate", "prod").output,
        ] {
            #expect(text.contains("what shows 'lint' is too old"), "\(text)")
            #expect(text.contains("as it stands, an approval comes to nothing; a new run shows it anew"), "\(text)")
            #expect(text.contains("(prod.evidence)"), "\(text)")
            #expect(
                text.contains(
                    "frozen until 2999-01-01 UTC: Year end; not before 2999-01-02T00:00:00.000Z (prod.window)"),
                "\(text)")
        }
        // Who names the stage opens one of its gates.
        let one = try repository.almrun("bypass", run, "prod", "--reason", "INC-1", as: "otto").output
        #expect(one.contains("  that opens this gate alone, and not 'prod.window'\n"), "\(one)")
    }

    @Test func aRollbackIsAskedWithWhatIsKnownOfThePackage() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }], evidence: [lint] }"], roles: Self.roles,
            stages: Self.lint)
        defer { repository.remove() }
        let first = try repository.release("1.0.0")
        try repository.approve(first, "prod", as: "mads")
        try repository.approve(try repository.release("1.1.0"), "prod", as: "mads")
        for _ in 0..<2 {
            #expect(try repository.almrun("rollback", "prod", "--comment", "INC-10", as: "mona").status == 75)
        }
        let runs = try repository.almrun("runs").output
        #expect(runs.split(separator: "\n").filter { $0 == "    because: INC-10" }.count == 2, "\(runs)")
        let shown = try repository.almrun("show", "latest").output
        #expect(shown.contains("requested by mona@contoso.example: INC-10"), "\(shown)")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains(": INC-10\n"), "\(inbox)")
        #expect(inbox.contains("(lint of run \(first), "), "\(inbox)")
        let facts = try facts(repository, "prod/promote")
        #expect(facts.results.map(\.run) == [first])
        #expect(facts.inputs["reason"] == "INC-10")
        #expect(facts.risks.contains { $0.code == "others-wait" })
        let gate = try repository.almrun("show", "latest", "--gate", "prod/promote").output
        #expect(gate.contains("waiting for prod too: rollback-"), "\(gate)")
    }

    @Test func nobodyIsSentToAGateWhoseTimeIsOver() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, expires: 1s }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try repository.shell("sleep 1.5")
        #expect(try repository.almrun("runs").output.contains("prod.approval: EXPIRED "))
        for inbox in [
            try repository.almrun("inbox", as: "mads").output, try repository.almrun("inbox", "--all").output,
        ] {
            #expect(inbox.contains("\(run)  prod.approval  EXPIRED "), "\(inbox)")
        }
        let stage = try repository.almrun("why", run, "prod").output
        #expect(stage.contains("'prod.approval' is waiting: nobody decided in time: expired "), "\(stage)")
        #expect(try repository.almrun("resume", run).status == 1)
        let over = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(over.contains("nobody decided in time (run \(run)); `almrun resume \(run)` asks again"), "\(over)")
        #expect(try repository.almrun("resume", run).status == 75)
        let gate = try repository.almrun("why", run, "prod.approval").output
        #expect(gate.contains("it was asked 2 times, because nobody had decided in time"), "\(gate)")
    }

    @Test func theNextCommandIsOneThatHelps() throws {
        let repository = try ReleaseRepository(
            [
                "dev": "gates: { approvals: [{ role: manager }] }",
                "prod": "after: dev\ngates: { approvals: [{ role: manager }] }",
            ], roles: Self.roles)
        defer { repository.remove() }
        func next(_ place: String) throws -> [String] {
            try repository.almrun("why", "ContosoSales@1.0.0", place).next
        }
        let run = try repository.release("1.0.0")
        #expect(try next("prod") == ["almrun approve \(run) dev.approval", "almrun resume \(run)"])
        let cause = try repository.almrun("why", run, "prod").output
        #expect(cause.contains("before that, 'dev.approval' is waiting: waits for the approval of 'dev'"), "\(cause)")
        let no = try repository.almrun("reject", run, "dev", "--comment", "too late", as: "mads")
        #expect(no.status == 0)
        #expect(try repository.almrun("resume", run).status == 1)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "dev").output
        #expect(why.contains("rejected by mads@contoso.example on "), "\(why)")
        #expect(why.contains(": too late (run \(run))"), "\(why)")
        #expect(!why.contains("no run asks"), "\(why)")
        #expect(try next("dev") == ["almrun resume \(run)"])
        // Another place, which the pipeline can be asked to go to, and this run never went.
        try repository.write("stage", "")
        try repository.work.write(
            """
            inputs: { to: { type: environment, default: dev }, version: { type: string }, note: { type: string } }
            stages:
              pack: { uses: solution.pack, with: { source: solution, version: "${{ inputs.version }}", type: managed } }
              up: { uses: solution.promote, environment: "${{ inputs.to }}", with: { package: "${{ stages.pack.package }}", settings: {} } }
            """, "pipelines/carry.yaml")
        #expect(try next("stage") == ["almrun run carry --input to=stage --input version=1.0.0.0 --input note=NOTE"])
    }

    /// What is too old cannot be shown anew by the same run: it is started once more as it was.
    @Test func whatIsTooOldIsStartedAnewWithItsInputs() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }], evidence: { stages: [lint], notOlderThan: 1s } }"],
            roles: Self.roles, stages: Self.lint)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try repository.shell("sleep 1.5")
        #expect(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        #expect(try repository.almrun("resume", run).status == 1)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(why.contains("unmet  evidence  what shows 'lint' is too old"), "\(why)")
        #expect(why.hasSuffix("next: almrun run release --input version=1.0.0\n"), "\(why)")
    }

    /// What the inbox offers is not refused: where only what is signed counts, a bypass is signed too.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen"), "there is no ssh-keygen"))
    func theSecondBypassIsOfferedSigned() throws {
        let repository = try ReleaseRepository(
            [
                "prod": """
                gates:
                  approvals: [{ role: manager, signed: required }]
                  bypass: { role: bypass, secondPerson: true }
                """
            ], roles: Self.roles)
        defer { repository.remove() }
        try repository.shell(
            """
            for name in one two; do ssh-keygen -q -t ed25519 -N "" -C x -f .git/$name; done
            cat > environments/roles.yaml <<END
            manager: [{ email: mads@contoso.example, key: "$(cat .git/one.pub)" }]
            bypass:
              - { email: mads@contoso.example, key: "$(cat .git/one.pub)" }
              - { email: otto@contoso.example, key: "$(cat .git/two.pub)" }
            END
            git commit -qam keys
            """)
        let run = try repository.release("1.0.0")
        let first = try repository.almrun(
            "bypass", run, "prod.approval", "--reason", "urgent", "--sign", ".git/one", as: "mads")
        try #require(first.status == 0, "\(first.error)")
        let inbox = try repository.almrun("inbox", as: "otto").output
        #expect(
            inbox.contains("bypass     almrun bypass \(run) prod.approval --reason \"...\" --sign ~/.ssh/id_ed25519"),
            "\(inbox)")
    }

    /// An approval that was enough runs out all the same, and nothing says that the package can go.
    @Test func anApprovalThatHasRunOutIsNotMet() throws {
        let repository = try ReleaseRepository(
            [
                "prod": """
                gates:
                  approvals: [{ role: manager, expires: 2s }]
                  freezes: [{ from: 2020-01-01, to: 2999-01-01, reason: Year end, timeZone: UTC }]
                """
            ], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("Year end; an approval that is given now has run out by then"), "\(inbox)")
        try repository.approve(run, "prod", as: "mads")
        #expect(try repository.almrun("why", "ContosoSales@1.0.0", "prod").output.contains(", good until "))
        try repository.shell("sleep 2.5")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(
            why.contains("unmet  approval  given by mads@contoso.example in run \(run), and has run out "), "\(why)")
    }

    /// What failed before the gate keeps the deployment back whatever people say, and that is said to them.
    @Test func whatCannotBeCarriedOutIsSaid() throws {
        let repository = try ReleaseRepository(
            ["prod": ""], roles: Self.roles,
            stages: "  ask: { uses: approval.wait, with: { role: manager } }\n"
                + "  check: { uses: shell.run, with: { command: [\"false\"], effect: repeatable } }\n"
                + "  first: { uses: shell.run, needs: [check], with: { command: [\"true\"], effect: repeatable } }\n"
                + "  then: { uses: shell.run, needs: [first, ask], with: { command: [\"true\"], effect: repeatable } }\n"
                + "  last: { uses: shell.run, needs: [then], with: { command: [\"true\"], effect: repeatable } }\n")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("FAILED     check: "), "\(inbox)")
        #expect(inbox.contains("blocked by what did not end well: 'first'"), "\(inbox)")
        let why = try repository.almrun("why", run, "last").output
        #expect(why.contains("'check' failed: "), "\(why)")
    }

    /// No rollback can show anew what is too old, and none is told to.
    @Test func aRollbackOnOldEvidenceIsToldWhatHelps() throws {
        let repository = try ReleaseRepository(
            ["prod": ""], roles: Self.roles, stages: Self.lint)
        defer { repository.remove() }
        for version in ["1.0.0", "1.1.0"] {
            #expect(try repository.almrun("run", "release", "--input", "version=\(version)").status == 0)
        }
        try repository.write("prod", "gates: { evidence: { stages: [lint], notOlderThan: 1s } }")
        try repository.shell("sleep 1.5")
        let back = try repository.almrun("rollback", "prod")
        #expect(back.status == 1, "\(back.output)")
        #expect(back.output.contains("no rollback can show it anew: only a bypass opens the gate"), "\(back.output)")
        #expect(
            back.output.contains("next: only a bypass opens 'prod/promote.evidence': `almrun bypass rollback-"),
            "\(back.output)")
        #expect(!back.output.contains("start a new run"), "\(back.output)")
    }
}
