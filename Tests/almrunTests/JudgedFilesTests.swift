import Foundation
import Testing

/// What a stage says of files is evidence for the commit of the run only where these are the files that it read.
@Suite(.waits) struct JudgedFilesTests {
    private static let roles = "manager: [mads@contoso.example, rana@contoso.example, tess@contoso.example]\n"
    static let place = """
        backend: mock
        gates: { approvals: [{ role: manager, distinctFrom: [committers] }] }

        """
    static let definition = "connector/apiDefinition.swagger.json"

    /// A stage that judges files, and what happens to one of them before it does.
    struct Case: Sendable, CustomStringConvertible {
        var stage: String
        var edit: String
        /// The file that is named.
        var file: String

        init(_ stage: String, _ edit: String, _ file: String) {
            self.stage = stage
            self.edit = edit
            self.file = file
        }

        var description: String { "\(stage.prefix { $0 != "," }): \(edit)" }
    }

    static let lint = "uses: openapi.lint, with: { document: \(definition), failOn: never"
    static let diff = "uses: openapi.diff, with: { document: \(definition), base: base.json, failOn: never }"
    static let test = "uses: connector.test, environment: prod, with: { document: \(definition), cases: tests }"

    private static let cases = [
        Case("\(lint) }", "echo >> \(definition)", definition),
        Case("\(lint) }", "echo >> connector/apiProperties.json", "connector/apiProperties.json"),
        Case("\(lint) }", "rm connector/apiProperties.json", "connector/apiProperties.json"),
        Case("\(lint) }", "touch connector/script.csx", "connector/script.csx"),
        Case("\(lint), ruleset: rules/top.yaml }", "echo >> rules/top.yaml", "rules/top.yaml"),
        Case("\(lint), ruleset: rules/top.yaml }", "echo >> rules/below.yaml", "rules/below.yaml"),
        Case("\(lint), baseline: baseline.json }", "echo >> baseline.json", "baseline.json"),
        Case(diff, "echo >> \(definition)", definition), Case(diff, "echo >> base.json", "base.json"),
        Case(test, "echo >> \(definition)", definition), Case(test, "echo >> tests/one.yaml", "tests/one.yaml"),
        Case(test, "rm tests/one.yaml", "tests/one.yaml"),
        Case(test, "cp tests/one.yaml tests/more.yaml", "tests/more.yaml"),
        Case("\(lint) }", "rm \(definition) && ln -s ../base.json \(definition) && echo >> base.json", definition),
    ]

    /// A release, all by Rana, with a stage that judges files after another one has edited them.
    func repository(
        _ stage: String, before edit: String = "true", generates: String = "", place: String = place
    ) throws -> ReleaseRepository {
        let repository = try ReleaseRepository(
            ["prod": place], roles: Self.roles,
            stages: """
                  edit:
                    uses: shell.run
                    with: { command: [sh, -c, "\(edit)"], effect: repeatable, generates: [\(generates)] }
                  judge: { needs: [edit], \(stage) }

                """)
        let example = "\(DocumentationTests.root)/examples/contoso-sales"
        let files = FileManager.default
        try files.copyItem(atPath: "\(example)/connector", toPath: "\(repository.path)/connector")
        try files.copyItem(atPath: "\(example)/tests", toPath: "\(repository.path)/tests")
        try repository.shell("rm -f connector/script.csx && cp \(Self.definition) base.json")
        let one = try #require(try files.contentsOfDirectory(atPath: "\(repository.path)/tests").sorted().first)
        try repository.shell("mv 'tests/\(one)' tests/one.yaml")
        try repository.work.write("extends: [./below.yaml]\n", "rules/top.yaml")
        try repository.work.write("extends: [\"almrun:connector\"]\n", "rules/below.yaml")
        try repository.work.write("[]\n", "baseline.json")
        try repository.commit("judged", as: "rana")
        return repository
    }

    func run(_ repository: ReleaseRepository, as person: String = "mads") throws -> BuiltCommand.Result {
        try repository.almrun("run", "release", "--input", "version=1.0.0", as: person)
    }

    @Test(arguments: cases) func whatIsEditedWhileTheRunWorksIsNoEvidence(_ one: Case) throws {
        let repository = try repository(one.stage, before: one.edit)
        defer { repository.remove() }
        let begun = try run(repository)
        #expect(
            begun.error.contains("run/other-files") && begun.error.contains("'\(one.file)'"),
            "\(begun.output)\(begun.error)")
        let gate = try repository.almrun("show", "latest", "--gate", "prod", as: "mads")
        #expect(gate.output.contains("FAILED") && gate.output.contains("'\(one.file)'"), "\(gate.output)\(gate.error)")
    }

    @Test(arguments: [lint + " }", lint + ", ruleset: rules/top.yaml, baseline: baseline.json }", diff, test])
    func whatIsCommittedIsJudged(_ stage: String) throws {
        let repository = try repository(stage, before: "touch made.txt connector/notes.txt tests/notes.txt")
        defer { repository.remove() }
        let begun = try run(repository)
        #expect(begun.status == 75 && !begun.error.contains("run/other-files"), "\(begun.output)\(begun.error)")
        let gate = try repository.almrun("show", "latest", "--gate", "prod", as: "mads")
        #expect(!gate.output.contains("FAILED"), "\(begun.error)\(gate.output)\(gate.error)")
    }

    /// What differed when the run was made is put down to who asked for it, and is judged as it was then.
    @Test(arguments: ["true", "echo >> \(definition)"]) func whatDifferedBeforeIsJudgedAsItWas(_ edit: String) throws {
        let repository = try repository(Self.lint + " }", before: edit)
        defer { repository.remove() }
        try repository.shell("echo >> \(Self.definition)")
        let begun = try run(repository)
        #expect(begun.error.contains("run/other-files") == (edit != "true"), "\(begun.output)\(begun.error)")
        let no = try repository.almrun("approve", "latest", "prod", as: "mads")
        #expect(no.error.contains("released changes that are in no commit"), "\(no.output)\(no.error)")
    }

    /// A result for other bytes may be kept since an earlier run: it is none for this commit.
    @Test func aResultOfOtherFilesIsNotUsedAgain() throws {
        let repository = try repository(
            Self.lint + " }", before: "test ! -e .almrun/old || git checkout -q HEAD~1 connector")
        defer { repository.remove() }
        #expect(try run(repository).status == 75)
        try repository.shell("echo >> \(Self.definition)")
        try repository.commit("new", as: "rana")
        try repository.shell("touch .almrun/old")
        let again = try run(repository)
        #expect(again.error.contains("run/other-files"), "\(again.output)\(again.error)")
        try repository.shell("rm .almrun/old && git checkout -q HEAD connector && git reset -q")
        let reused = try repository.almrun("run", "release", "--input", "version=1.0.1", as: "mads")
        #expect(!reused.error.contains("run/other-files"), "\(reused.output)\(reused.error)")
    }

    /// Without a gate that leaves out who wrote it, nobody asks.
    @Test func whereNoGateAsksNothingIsCompared() throws {
        let repository = try repository(Self.lint + " }", before: "echo >> \(Self.definition)")
        defer { repository.remove() }
        try repository.write("prod", "backend: mock\n")
        let begun = try run(repository)
        #expect(begun.status == 0, "\(begun.output)\(begun.error)")
    }

    /// What nobody added to git and no stage reads is no reason to give a run up, where no command may read it.
    @Test func whatNoStageReadsMayChangeWhileARunWaits() throws {
        let repository = try repository(Self.lint + " }")
        defer { repository.remove() }
        try repository.work.write(
            """
            stages:
              judge: { \(Self.lint) } }
              ask: { uses: approval.wait, needs: [judge], with: { role: manager, distinctFrom: [committers] } }

            """, "pipelines/check.yaml")
        try repository.commit("check", as: "rana")
        try repository.shell("echo one > junk.bin")
        #expect(try repository.almrun("run", "check", as: "tess").status == 75)
        try repository.shell("echo two > junk.bin")
        let again = try repository.almrun("resume", "latest", as: "tess")
        #expect(again.status == 75, "\(again.output)\(again.error)")
        // What a stage reads may not.
        try repository.shell("echo >> \(Self.definition)")
        let refused = try repository.almrun("resume", "latest", as: "tess")
        #expect(refused.status == 2 && refused.error.contains("run/other-files"), "\(refused.output)\(refused.error)")
    }

    /// What no package holds is no other package.
    @Test func whatNoPackageHoldsMayBeAdded() throws {
        let repository = try repository(Self.lint + " }")
        defer { repository.remove() }
        try repository.askBeforePacking()
        try repository.shell("echo '<!-- -->' >> solution/Other/Solution.xml")
        try #require(try run(repository).status == 75)
        try repository.shell("touch solution/.gitkeep solution/Other/.DS_Store")
        let again = try repository.almrun("resume", "latest", as: "mads")
        #expect(again.status == 75, "\(again.output)\(again.error)")
        try repository.shell("touch solution/more.txt")
        let refused = try repository.almrun("resume", "latest", as: "mads")
        #expect(
            refused.status == 2 && refused.error.contains("'solution/more.txt'"), "\(refused.output)\(refused.error)")
    }

    /// Files that almrun never reads push none out that says who decides.
    @Test func whatIsReadIsNamedFirst() throws {
        let repository = try repository(Self.lint + " }")
        defer { repository.remove() }
        try repository.shell("mkdir environments/.x && for n in $(seq 10 40); do echo > environments/.x/$n.yaml; done")
        try repository.shell("echo '# ' >> environments/prod.yaml && echo '# ' >> environments/roles.yaml")
        #expect(try run(repository).status == 75)
        let gate = try repository.almrun("show", "latest", "--gate", "prod", as: "mads")
        for words in [
            "who has which role is said by a file that was in no commit: environments/roles.yaml",
            "the gates of 'prod' are those of a file that was in no commit: environments/prod.yaml",
        ] { #expect(gate.output.contains(words), "\(gate.output)") }
        #expect(gate.output.contains(".x/10.yaml") && !gate.output.contains(".x/40.yaml"), "\(gate.output)")
    }
}
