import Foundation
import Testing

/// What a command makes for later stages is taken as the command made it.
@Suite(.waits) struct GeneratedFilesTests {
    private static let roles = "manager: [mads@contoso.example, tess@contoso.example]\n"
    private static let definition = "gen/connector/apiDefinition.swagger.json"

    /// A release whose package and definition are copies that a command makes.
    private func repository(
        _ make: String = "rm -rf gen; mkdir gen; cp -r solution connector gen", generates: String = "gen",
        when: String = "", needs: String = "gen", role: String = "manager", between: String = "true"
    ) throws -> ReleaseRepository {
        let repository = try ReleaseRepository(
            [:], roles: Self.roles,
            stages: """
                  gen:
                    uses: shell.run
                    \(when)
                    with: { command: [sh, -c, "\(make)"], effect: repeatable, generates: [\(generates)] }
                  between:
                    uses: shell.run
                    needs: [gen]
                    with: { command: [sh, -c, "\(between)"], effect: repeatable }
                  ask:
                    uses: approval.wait
                    needs: [between]
                    with: { role: \(role) }
                  judge:
                    uses: openapi.lint
                    needs: [ask, \(needs)]
                    with: { document: \(Self.definition), failOn: never }

                """)
        let example = "\(DocumentationTests.root)/examples/contoso-sales"
        try FileManager.default.copyItem(atPath: "\(example)/connector", toPath: "\(repository.path)/connector")
        let text = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        try repository.work.write(
            text.replacing("source: solution,", with: "source: gen/solution,")
                .replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [judge]\n"),
            "pipelines/release.yaml")
        try repository.work.write(".almrun/\n.std*\ngen/\n", ".gitignore")
        try repository.commit("generated", as: "rana")
        return repository
    }

    /// In a clone nothing of what the command makes is there before it has run.
    @Test func aCloneHasNothingOfItYet() throws {
        let repository = try repository()
        defer { repository.remove() }
        let check = try repository.almrun("check")
        #expect(check.status == 0, "\(check.output)\(check.error)")
        let plan = try repository.almrun("plan", "release", "--input", "version=1.0.0")
        #expect(plan.status == 0, "\(plan.output)\(plan.error)")
        let run = try repository.release("1.0.0")
        try repository.approve(run, "ask", as: "tess")
        let shown = try repository.almrun("show", run)
        #expect(shown.output.contains("succeeded"), "\(shown.output)")
        let verified = try repository.almrun("verify", run)
        #expect(verified.status == 0, "\(verified.output)\(verified.error)")
    }

    /// Who does not wait for the command finds nothing, and what no command makes is missed as before.
    @Test func whatNobodyMakesBeforeIsMissing() throws {
        let early = try repository(needs: "ask")
        defer { early.remove() }
        let text = try String(contentsOfFile: "\(early.path)/pipelines/release.yaml", encoding: .utf8)
        try early.work.write(text.replacing("    needs: [between]\n", with: ""), "pipelines/release.yaml")
        let check = try early.almrun("check")
        #expect(check.status == 2 && check.error.contains("manifest/missing-file"), "\(check.output)\(check.error)")
        #expect(check.error.contains("'gen' generates it: have this stage need that one"), "\(check.error)")
        let other = try repository(generates: "other")
        defer { other.remove() }
        let missing = try other.almrun("check")
        #expect(missing.status == 2 && missing.error.contains("manifest/missing-file"), "\(missing.error)")
    }

    /// A template reads what the pipelines that use it have made.
    @Test func aTemplateReadsWhatIsMadeAroundIt() throws {
        let repository = try repository()
        defer { repository.remove() }
        let text = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        try repository.work.write(
            text.replacing(#/ {4}uses: openapi.lint\n    needs: (.*)\n    with: .*\n/#) {
                "    template: judging\n    needs: \($0.1)\n"
            }, "pipelines/release.yaml")
        try repository.work.write(
            "stages:\n  look:\n    uses: openapi.lint\n    with: { document: \(Self.definition), failOn: never }\n",
            "templates/judging.yaml")
        let check = try repository.almrun("check")
        #expect(check.status == 0, "\(check.output)\(check.error)")
        try repository.work.write(text, "pipelines/release.yaml")
        try repository.shell("sed -i 's/generates: .gen./generates: [made]/' pipelines/release.yaml")
        let missing = try repository.almrun("check")
        #expect(missing.error.contains("templates/judging.yaml") && missing.status == 2, "\(missing.error)")
    }

    /// What is changed after the command has ended is none of what it made: by hand while people are asked, by a later
    /// stage, taken away, put there.
    @Test(arguments: [
        "echo >> \(definition)", "echo '<!-- -->' >> gen/solution/Other/Solution.xml",
        "rm -r gen/solution/environmentvariabledefinitions", "cp connector/icon.png gen/connector/script.csx",
        "rm -r gen; mkdir gen; cp -r solution connector gen; echo >> \(definition)",
    ])
    func whatIsChangedAfterwardsIsRefused(_ edit: String) throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.shell("cp connector/apiProperties.json connector/icon.png")
        try repository.commit("icon", as: "rana")
        let run = try repository.release("1.0.0")
        try repository.shell(edit)
        let yes = try repository.almrun("approve", run, "ask", as: "tess")
        try #require(yes.status == 0, "\(yes.error)")
        let end = try repository.almrun("resume", run)
        #expect(end.status == 1 && end.error.contains("run/other-files"), "\(end.output)\(end.error)")
        #expect(end.error.contains("what 'gen' made is taken as it was made"), "\(end.error)")
        // As it was made it is taken.
        try repository.shell("rm -r gen; mkdir gen; cp -r solution connector gen")
        let again = try repository.almrun("resume", run)
        #expect(again.status == 0, "\(again.output)\(again.error)")
    }

    @Test func whatALaterStageChangesIsRefused() throws {
        let repository = try repository(between: "echo >> \(Self.definition)")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let yes = try repository.almrun("approve", run, "ask", as: "tess")
        try #require(yes.status == 0, "\(yes.error)")
        let end = try repository.almrun("resume", run)
        #expect(end.status == 1 && end.error.contains("run/other-files"), "\(end.output)\(end.error)")
    }

    /// What the commit has and the command leaves as it is stays that of the commit, whoever edited it before.
    @Test func whatTheCommandLeavesAloneIsNotMade() throws {
        let repository = try repository(
            "mkdir -p gen; cp -r solution connector gen; echo >> notes/first.txt", generates: "gen, notes, base")
        defer { repository.remove() }
        try repository.shell(
            "mkdir base && cp -r solution base && sed -i 's#gen/solution,#base/solution,#' pipelines/release.yaml")
        try repository.commit("base", as: "rana")
        let clean = try repository.release("1.0.0")
        try repository.approve(clean, "ask", as: "tess")
        try #require(try repository.almrun("show", clean).output.contains("succeeded"))
        try repository.shell("git checkout -q notes && echo '<!-- -->' >> base/solution/Other/Solution.xml")
        let run = try repository.release("1.0.1")
        try repository.shell("echo '<!-- more -->' >> base/solution/Other/Solution.xml")
        let yes = try repository.almrun("approve", run, "ask", as: "tess")
        try #require(yes.status == 0, "\(yes.error)")
        let end = try repository.almrun("resume", run)
        #expect(end.status == 1 && end.error.contains("run/other-files"), "\(end.output)\(end.error)")
    }

    /// Where nobody knows what the command made, its word for it is not enough.
    @Test func thatItWasMadeIsNoWordForWhatItMade() throws {
        let repository = try repository("rm -rf gen; mkdir gen; cp -r solution connector gen; kill -9 $$")
        defer { repository.remove() }
        try repository.shell("sed -i 's/effect: repeatable, generates/effect: once, generates/' pipelines/release.yaml")
        try repository.commit("once", as: "rana")
        let begun = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try #require(begun.status == 75, "\(begun.output)\(begun.error)")
        let done = try repository.almrun("resume", "latest", "--assume", "gen=done")
        #expect(done.status == 2 && done.error.contains("run/needs-output"), "\(done.output)\(done.error)")
        #expect(done.error.contains("what 'gen' generates ('gen')"), "\(done.error)")
        let ways = try ["almrun cancel", "gen=not-done"].map { try #require(done.error.firstRange(of: $0)).lowerBound }
        #expect(ways[0] < ways[1], "\(done.error)")
    }

    /// Nor is that of a probe: somebody may have edited it since.
    @Test func thatItWasMadeIsNoWordOfAProbeEither() throws {
        let repository = try repository("rm -rf gen; mkdir gen; cp -r solution connector gen; kill -9 $$")
        defer { repository.remove() }
        try repository.shell(
            "sed -i 's/effect: repeatable, generates/effect: once, probe: [test, -d, gen], generates/' pipelines/release.yaml"
        )
        try repository.commit("once", as: "rana")
        let begun = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(begun.status == 75 && begun.output.contains("1 uncertain"), "\(begun.output)\(begun.error)")
        #expect(
            begun.output.contains("may read 'gen', and nobody knows whether that is as it made it"), "\(begun.output)")
    }

    /// A link has no content of its own.
    @Test func aLinkIsNotTaken() throws {
        let repository = try repository("rm -rf gen one; mkdir one; cp -r solution connector one; ln -s one gen")
        defer { repository.remove() }
        let end = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(end.status == 1 && end.error.contains("shell/not-generated"), "\(end.output)\(end.error)")
        #expect(end.error.contains("'gen', which 'generates' names, is a link"), "\(end.error)")
    }

    /// Who wrote what a command makes is not known, so that a gate which asks for that wants it in the commit.
    @Test func aGateThatLeavesOutCommittersTakesNone() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.shell(
            "sed -i 's/with: { role: manager }/with: { role: manager, distinctFrom: [committers] }/' pipelines/release.yaml"
        )
        let check = try repository.almrun("check")
        #expect(check.status == 2 && check.error.contains("manifest/missing-file"), "\(check.output)\(check.error)")
        #expect(check.error.contains("so that no stage takes 'gen' as 'gen' makes it"), "\(check.error)")
        #expect(!check.error.contains("is named under 'generates'"), "\(check.error)")
    }

    /// A command that did not run has made nothing, and no gate says that it has.
    @Test func whatASkippedCommandWouldMakeIsRefused() throws {
        let repository = try repository(when: "when: { inputs.version: \"9\" }")
        defer { repository.remove() }
        try repository.shell("mkdir gen; cp -r solution connector gen")
        let run = try repository.release("1.0.0")
        let gate = try repository.almrun("show", run, "--gate", "ask", as: "tess")
        #expect(!gate.output.contains("'gen' makes"), "\(gate.output)")
        try repository.shell("echo >> \(Self.definition)")
        let yes = try repository.almrun("approve", run, "ask", as: "tess")
        try #require(yes.status == 0, "\(yes.error)")
        let end = try repository.almrun("resume", run)
        #expect(end.status == 1 && end.error.contains("run/other-files"), "\(end.output)\(end.error)")
    }

    @Test func aCommandMakesWhatItSays() throws {
        let repository = try repository(generates: "gen, notes/made.txt")
        defer { repository.remove() }
        let end = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(end.status == 1 && end.error.contains("shell/not-generated"), "\(end.output)\(end.error)")
        #expect(end.error.contains("'notes/made.txt'"), "\(end.error)")
    }

    /// A command that ended well has had its effect, whatever it made.
    @Test func anEffectIsNotRepeatedForWhatWasNotMade() throws {
        let repository = try repository("echo published >> .std-effect")
        defer { repository.remove() }
        try repository.shell("sed -i 's/effect: repeatable, generates/effect: once, generates/' pipelines/release.yaml")
        try repository.commit("once", as: "rana")
        let begun = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(begun.status == 75 && begun.output.contains("1 uncertain"), "\(begun.output)\(begun.error)")
        _ = try repository.almrun("resume", "latest")
        #expect(try String(contentsOfFile: "\(repository.path)/.std-effect", encoding: .utf8) == "published\n")
        let again = try repository.almrun("resume", "latest", "--assume", "gen=not-done")
        #expect(again.status == 75, "\(again.output)\(again.error)")
        #expect(
            try String(contentsOfFile: "\(repository.path)/.std-effect", encoding: .utf8) == "published\npublished\n")
    }

    /// What a person has to look at is named before what commands leave from the run before.
    @Test func whatSomebodyEditedIsNamedFirst() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.shell("mkdir gen && cp -r solution connector gen && echo >> solution/Other/Solution.xml")
        try repository.shell("sed -i 's#source: gen/solution#source: solution#' pipelines/release.yaml")
        try repository.shell("git add pipelines && git commit -qm source")
        let run = try repository.release("1.0.0")
        let gate = try repository.almrun("show", run, "--gate", "ask", as: "tess")
        #expect(gate.output.contains("('solution/Other/Solution.xml'"), "\(gate.output)")
    }

    @Test(arguments: [
        ("/etc", "path-absolute"), ("../x", "path-outside"), (".git/x", "generates"), (".almrun", "generates"),
        (".", "generates"), ("\"\"", "generates"), ("\"gen/*\"", "generates"), ("environments/roles.yaml", "generates"),
    ])
    func whatCannotBeMadeIsSaidByCheck(_ path: String, _ code: String) throws {
        let repository = try repository(generates: "gen, \(path)")
        defer { repository.remove() }
        let check = try repository.almrun("check")
        #expect(check.status == 2 && check.error.contains("[manifest/\(code)]"), "\(check.output)\(check.error)")
    }

    /// What an input says is judged when the plan is made; what only the run knows is refused then.
    @Test func whatComesOfAReferenceIsJudgedWithThePlan() throws {
        let early = try repository(generates: "gen, \"${{ inputs.version }}/..\"")
        defer { early.remove() }
        for command in ["plan", "run"] {
            let refused = try early.almrun(command, "release", "--input", "version=.git")
            #expect(refused.status == 2 && refused.error.contains("manifest/generates"), "\(refused.error)")
            #expect(refused.error.contains("pipelines/release.yaml:"), "\(refused.error)")
        }
        let late = try repository(generates: "gen, \"${{ stages.named.output }}\"")
        defer { late.remove() }
        let text = try String(contentsOfFile: "\(late.path)/pipelines/release.yaml", encoding: .utf8)
        try late.work.write(
            text + "  named: { uses: shell.run, with: { command: [printf, \"gen\"] } }\n", "pipelines/release.yaml")
        for command in ["check", "plan release --input version=1.0.0", "run release --input version=1.0.0"] {
            let refused = try BuiltCommand.run(command.split(separator: " ").map(String.init), in: late.path)
            #expect(refused.status == 2 && refused.error.contains("[manifest/generates]"), "\(refused.error)")
            #expect(
                refused.error.contains("'generates' cannot be '${{ stages.named.output }}', which only the run knows"),
                "\(refused.error)")
        }
    }

    /// What an earlier run has left, and git ignores, is told at no gate.
    @Test func whatGitIgnoresThereIsWhatARunLeft() throws {
        let repository = try repository("rm -rf gen; mkdir -p gen; cp -r solution connector gen")
        defer { repository.remove() }
        for number in 0...1 {
            let run = try repository.release("1.0.\(number)")
            let gate = try repository.almrun("show", run, "--gate", "ask", as: "tess")
            #expect(!gate.output.contains("differed from the commit"), "\(gate.output)")
            try repository.approve(run, "ask", as: "tess")
        }
    }

    /// What lies there in no commit may be somebody's, though a command may make it anew, unless git is told to ignore it.
    @Test(arguments: [true, false]) func whatSomebodyPutThereDiffers(_ isIgnored: Bool) throws {
        let repository = try repository(
            "rm -rf gen/solution; mkdir -p gen; cp -r solution gen; date +%N > gen/connector/when"
        )
        defer { repository.remove() }
        if !isIgnored {
            try repository.work.write(".almrun/\n.std*\n", ".gitignore")
            try repository.commit("told", as: "rana")
        }
        try repository.shell("mkdir gen && cp -r solution connector gen && echo old > gen/connector/when")
        let run = try repository.release("1.0.0")
        let gate = try repository.almrun("show", run, "--gate", "ask", as: "tess")
        #expect(gate.output.contains("differed from the commit") == !isIgnored, "\(gate.output)")
        #expect(
            gate.output.contains("the same was there before: 'gen/connector/apiDefinition.swagger.json'"),
            "\(gate.output)")
        #expect(!isIgnored || !gate.output.contains("gen/connector/when"), "\(gate.output)")
        #expect(gate.output.contains("files are taken as they were made, whatever the commit has"), "\(gate.output)")
        try repository.approve(run, "ask", as: "tess")
        #expect(try repository.almrun("show", run).output.contains("succeeded"))
    }

    /// What lies where a command would make it that is not run stays as it was when the run was made.
    @Test func whatNoCommandMakesIsTakenAsItWas() throws {
        let repository = try repository(when: "when: { inputs.version: \"9\" }")
        defer { repository.remove() }
        try repository.shell("mkdir gen; cp -r solution connector gen")
        let run = try repository.release("1.0.0")
        let gate = try repository.almrun("show", run, "--gate", "ask", as: "tess")
        #expect(gate.output.contains("differed from the commit when the run was made"), "\(gate.output)")
        try repository.approve(run, "ask", as: "tess")
        #expect(try repository.almrun("show", run).output.contains("succeeded"))
    }

    /// A package that comes back is made of what it was made of.
    @Test func aRollbackTellsOfItToo() throws {
        let repository = try repository()
        defer { repository.remove() }
        let text = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        try repository.work.write(
            text + """
                  prod:
                    uses: solution.promote
                    environment: prod
                    with: { package: "${{ stages.pack.package }}" }

                """, "pipelines/release.yaml")
        try repository.write("prod", "gates: { approvals: [{ role: manager }] }")
        try repository.commit("prod", as: "rana")
        for version in ["1.0.0", "1.1.0"] {
            let run = try repository.release(version)
            try repository.approve(run, "ask", as: "tess")
            try repository.approve(run, "prod", as: "tess")
        }
        let back = try repository.almrun("rollback", "prod", "--comment", "INC-1")
        #expect(back.status == 75, "\(back.output)\(back.error)")
        let gate = try repository.almrun("show", "latest", "--gate", "prod/promote", as: "tess")
        #expect(gate.output.contains("'gen' made 'gen' while run release-"), "\(gate.output)\(gate.error)")
    }
}
