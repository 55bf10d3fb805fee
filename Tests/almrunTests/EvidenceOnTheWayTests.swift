import Foundation
import Testing

/// A new run that has not shown what a gate on the way asks for is named no more, wherever the gate stands and why ever that is so.
@Suite(.waits) struct EvidenceOnTheWayTests {
    private static let roles = "manager: [mads@contoso.example]\noncall: [otto@contoso.example]\n"
    private static let stage =
        "  ct: { uses: shell.run, with: { command: [sh, -c, \"echo x >> told\"], effect: once } }\n"
    private static let asked = "gates: { evidence: [ct], bypass: { role: oncall } }"

    private static func ways(_ run: String, _ gate: String) -> [String] {
        ["almrun bypass \(run) \(gate) --reason \"...\"", "almrun resume \(run)"]
    }

    @Test(arguments: [false, true]) func anEnvironmentBeforeAsksForIt(_ waitsElsewhere: Bool) throws {
        let ask = "  ask: { uses: approval.wait, with: { role: oncall } }\n"
        let repository = try ReleaseRepository(
            ["test": Self.asked, "prod": "after: test"], roles: Self.roles,
            stages: Self.stage + (waitsElsewhere ? ask : ""))
        defer { repository.remove() }
        let made = try repository.run()
        try #require(made.status == (waitsElsewhere ? 75 : 1), "\(made.output)\(made.error)")
        let run = try repository.newest()
        let why = try repository.why("ContosoSales")
        #expect(why.status == 75 && why.next == Self.ways(run, "test.evidence"), "\(why.output)")
        let said = "[gate/no-evidence]; a new run of pipeline 'release' would not show it either"
        #expect(why.output.contains(said), "\(why.output)")
        try #require(try repository.almrun("bypass", run, "test.evidence", "--reason", "x", as: "otto").status == 0)
        let end = try repository.almrun("resume", run)
        #expect(end.status == (waitsElsewhere ? 75 : 0), "\(end.output)")
        #expect(try repository.why("ContosoSales").output.contains("it is there already"))
    }

    @Test func aStageThatIsLeftOutIsLeftOutAgain() throws {
        let stage = Self.stage.replacing("shell.run,", with: "shell.run, when: { stages.lint.errors: 99 },")
        let repository = try ReleaseRepository(
            ["prod": Self.asked], roles: Self.roles, stages: ReleaseRepository.lint + stage)
        defer { repository.remove() }
        try repository.rewrite { $0.connected }
        let made = try repository.run()
        try #require(made.status == 1 && made.output.contains("gate/no-evidence"), "\(made.output)\(made.error)")
        let run = try repository.newest()
        let why = try repository.why("ContosoSales")
        #expect(why.next == Self.ways(run, "prod.evidence"), "\(why.output)")
        let said = "would not show it either: run \(run), with the same files and inputs, has not; or `almrun bypass"
        #expect(why.output.contains(said), "\(why.output)")
        // With other files it may.
        try repository.rewrite { $0.replacing(" when: { stages.lint.errors: 99 },", with: "") }
        #expect(try repository.why("ContosoSales").next == ["almrun run release --input version=1.0.0"])
    }

    /// What a command says may be another thing the next time.
    @Test func aStageThatACommandLeftOutMayRunNextTime() throws {
        let probe = "  probe: { uses: shell.run, with: { command: [printf, \"no\"] } }\n"
        let stage = Self.stage.replacing("shell.run,", with: "shell.run, when: { stages.probe.output: \"yes\" },")
        let repository = try ReleaseRepository(["prod": Self.asked], roles: Self.roles, stages: probe + stage)
        defer { repository.remove() }
        try repository.rewrite { $0.connected }
        let made = try repository.run()
        try #require(made.status == 1 && made.output.contains("gate/no-evidence"), "\(made.output)\(made.error)")
        let why = try repository.why("ContosoSales")
        #expect(why.next == ["almrun run release --input version=1.0.0"], "\(why.output)")
    }

    @Test func aPackageThatIsGivenIsNotConnectedEither() throws {
        let repository = try ReleaseRepository(["dev": ""], roles: Self.roles)
        defer { repository.remove() }
        try repository.write("prod", Self.asked)
        try repository.work.write(
            """
            inputs: { package: { type: package } }
            stages:
            \(Self.stage)  prod: { uses: solution.promote, environment: prod, with: { package: "${{ inputs.package }}" } }

            """, "pipelines/promote.yaml")
        try repository.commit("promote", as: "rana")
        try repository.promote("1.0.0")
        let before = try repository.why("ContosoSales")
        let first = before.next
        #expect(first.count == 1 && first[0].hasPrefix("almrun run promote --input package="), "\(first)")
        let remark =
            "\n      as the pipeline is, it fails at the gate before 'prod', which lacks 'ct': mend the pipeline first, "
        #expect(before.output.contains(remark), "\(before.output)")
        let package = try #require(first.first?.split(separator: " ").last)
        try #require(try repository.almrun("run", "promote", "--input", String(package)).status == 1)
        let why = try repository.why("ContosoSales")
        #expect(why.next == Self.ways(try repository.newest(), "prod.evidence"), "\(why.output)")
    }

    @Test func onePipelineMustShowAll() throws {
        let repository = try ReleaseRepository(
            ["prod": Self.asked.replacing("[ct]", with: "[ct, other]")], roles: Self.roles, stages: Self.stage)
        defer { repository.remove() }
        let text = try repository.rewrite { $0.connected }
        try repository.work.write(
            text.connected.replacing("needs: [ct]", with: "needs: [other]").replacing("  ct:", with: "  other:"),
            "pipelines/other.yaml")
        try repository.commit("two", as: "rana")
        try #require(try repository.run().status == 1)
        let why = try repository.why("ContosoSales")
        #expect(why.next == Self.ways(try repository.newest(), "prod.evidence"), "\(why.output)")
        #expect(!why.output.contains("almrun run "), "\(why.output)")
    }

    @Test func aPipelineOfAnotherSolutionIsNoWay() throws {
        let repository = try ReleaseRepository(["prod": Self.asked], roles: Self.roles, stages: Self.stage)
        defer { repository.remove() }
        try repository.addCore()
        let text = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        let core = text.connected.replacing("source: solution", with: "source: core")
        try repository.work.write(core, "pipelines/core.yaml")
        try repository.commit("core", as: "rana")
        try #require(try repository.run().status == 1)
        let why = try repository.why("ContosoSales")
        #expect(why.next == Self.ways(try repository.newest(), "prod.evidence"), "\(why.output)")
        #expect(!why.output.contains("almrun run "), "\(why.output)")
        // One that packs the same folder is.
        try repository.work.write(text.connected, "pipelines/hotfix.yaml")
        try repository.commit("hotfix", as: "rana")
        let then = try repository.why("ContosoSales")
        #expect(then.next == ["almrun run hotfix --input version=1.0.0.0"], "\(then.output)")
    }

    /// The inputs with which a run would be started decide, and not their defaults.
    @Test(arguments: ["core", "solution"]) func theInputsThatAreNamedDecide(_ source: String) throws {
        let evidence = "gates: { evidence: [lint], bypass: { role: oncall } }"
        let repository = try ReleaseRepository(
            ["prod": evidence], roles: Self.roles, stages: ReleaseRepository.lint)
        defer { repository.remove() }
        try repository.addCore()
        let other = source == "core" ? "solution" : "core"
        try repository.rewrite { text in
            text.replacing("source: solution", with: "source: \"${{ inputs.source }}\"")
                .replacing("stages:\n  pack", with: "  source: { type: string, default: \(other) }\nstages:\n  pack")
        }
        let made = try repository.almrun("run", "release", "--input", "version=1.0.0", "--input", "source=\(source)")
        if source == "core" {
            try #require(made.status == 1, "\(made.output)\(made.error)")
            // Other settings, so that the files are not those of the run.
            try repository.shell("echo '# other' >> environments/prod.yaml && git commit -qam other")
            let why = try repository.why("ContosoCore")
            #expect(why.next == Self.ways(try repository.newest(), "prod.evidence"), "\(why.output)")
        } else {
            try #require(made.status == 0, "\(made.output)\(made.error)")
            try repository.write("next", evidence)
            try repository.rewrite { text in
                text + "  next: { uses: solution.promote, environment: next, needs: [prod], "
                    + "with: { package: \"${{ stages.pack.package }}\" } }\n"
            }
            let why = try repository.almrun("why", "ContosoSales@1.0.0", "next")
            #expect(why.next == ["almrun run release --input version=1.0.0 --input source=solution"], "\(why.output)")
            #expect(!why.output.contains("would not show it"), "\(why.output)")
        }
    }

    /// The end of a run names the bypass beside the new run, which shows nothing where the pipeline has lost the connection.
    @Test func theEndOfARunNamesTheBypassToo() throws {
        let evidence = "evidence: { stages: [ct], notOlderThan: 1s }"
        let repository = try ReleaseRepository(
            ["prod": "gates: { \(evidence), approvals: [{ role: manager }], bypass: { role: oncall } }"],
            roles: Self.roles, stages: Self.stage)
        defer { repository.remove() }
        let text = try repository.rewrite { $0.connected }
        let run = try repository.release("1.0.0")
        try repository.work.write(text.connected, "pipelines/hotfix.yaml")
        try repository.rewrite { _ in text }
        try repository.shell("sleep 1.2")
        // What was run with is no way any more, and another pipeline is.
        let hotfix = ["almrun run hotfix --input version=1.0.0.0"]
        let open = try repository.why("ContosoSales")
        #expect(open.next == hotfix && !open.output.contains("almrun run release"), "\(open.output)")
        try #require(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        let end = try repository.almrun("resume", run)
        let bypass =
            "  or `almrun bypass \(run) prod.evidence --reason \"...\"`, by one of 'oncall': otto@contoso.example"
        #expect(end.status == 1 && end.output.contains(bypass), "\(end.output)")
        #expect(try repository.almrun("show", run).output.contains(bypass))
        #expect(try repository.why("ContosoSales").next == hotfix)
    }

    /// A run whose pipeline is no more keeps it, and is as near as any.
    @Test func theRunGoesOnWhereThePipelineIsNoMore() throws {
        let repository = try ReleaseRepository(["prod": Self.asked], roles: Self.roles, stages: Self.stage)
        defer { repository.remove() }
        try #require(try repository.run().status == 1)
        let run = try repository.newest()
        try repository.shell("git rm -q pipelines/release.yaml && git commit -qm gone")
        let why = try repository.why("ContosoSales")
        #expect(why.next == Self.ways(run, "prod.evidence"), "\(why.output)")
        #expect(why.output.contains("no pipeline that can be read brings it to 'prod'"), "\(why.output)")
        try #require(try repository.almrun("bypass", run, "prod.evidence", "--reason", "x", as: "otto").status == 0)
        #expect(try repository.almrun("resume", run).status == 0)
    }
}

extension ReleaseRepository {
    func run() throws -> BuiltCommand.Result { try almrun("run", "release", "--input", "version=1.0.0") }

    func why(_ solution: String) throws -> BuiltCommand.Result { try almrun("why", "\(solution)@1.0.0", "prod") }

    /// Writes the pipeline anew, and gives it as it was before.
    @discardableResult func rewrite(_ change: (String) -> String) throws -> String {
        let text = try String(contentsOfFile: "\(path)/pipelines/release.yaml", encoding: .utf8)
        try work.write(change(text), "pipelines/release.yaml")
        try shell("git add . && git commit -qm changed")
        return text
    }

    /// A second solution, in the folder `core`.
    func addCore() throws {
        try shell(
            "cp -r solution core && grep -rl ContosoSales core | while read f; do "
                + "sed 's/ContosoSales/ContosoCore/g' \"$f\" > .std && cat .std > \"$f\"; done")
    }
}

extension String {
    /// The pipeline in which the package waits for the stage.
    fileprivate var connected: String {
        replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [ct]\n")
    }
}
