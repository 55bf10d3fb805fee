import Foundation
import Testing

/// What `show`, `runs` and `why` say of the gates of a run, with the built command.
@Suite(.waits) struct ShowTests {
    private static let files = """
        mkdir -p pipelines environments
        cat > pipelines/release.yaml <<END
        stages:
          pack: { uses: shell.run, with: { command: ["true"] } }
          ask: { uses: approval.wait, needs: [pack], with: { role: manager } }
        END
        cat > environments/roles.yaml <<END
        manager:
          - { email: rana@contoso.example }
        END
        almrun run release 2>&1
        """

    private static let gated = """
        mkdir -p pipelines environments
        cp -r "$EXAMPLE/solution" .
        cat > pipelines/release.yaml <<'END'
        stages:
          pack: { uses: solution.pack, with: { source: solution, version: 1.0.0.0, type: managed } }
          bind:
            uses: connections.rebind
            environment: prod
            with: { package: "${{ stages.pack.package }}" }
          prod:
            uses: solution.promote
            environment: prod
            with: { package: "${{ stages.pack.package }}", settings: "${{ stages.bind.settings }}" }
        END
        cat > environments/prod.yaml <<END
        target: { kind: directory, path: .almrun/environments/prod }
        connections:
          contoso_sharedcontososales: { connector: contoso-sales, connection: sales-prod-0001 }
        variables:
          contoso_SalesApiUrl: https://api.prod.example
        flows: { default: enabled }
        gates: { approvals: [{ role: manager }, { role: boss }] }
        END
        cat > environments/roles.yaml <<END
        manager: [{ email: rana@contoso.example }]
        boss: [{ email: boss@contoso.example }]
        END
        almrun run release 2>&1
        """

    @Test func whatIsDecidedIsSaidBeforeItIsResumed() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        func run(_ script: String) throws -> BuiltCommand.Result { try BuiltCommand.shell(script, in: work.path) }
        let begun = try run(Self.files)
        #expect(begun.status == 75, "\(begun.output)")
        #expect(try run("almrun runs").output.contains("ask: waits"))
        #expect(try run("almrun approve latest ask").status == 0)
        for command in ["runs", "show latest", "show latest --gate ask", "why latest ask"] {
            let text = try run("almrun \(command)").output
            #expect(text.contains("approved by rana@contoso.example: that is enough; `almrun resume "), "\(text)")
        }
        let json = try run("almrun runs --format json").output
        #expect(json.contains("\"decided\": \"approved by rana@contoso.example: that is enough; "), "\(json)")
    }

    @Test func namesOfRunsAreAListInJSON() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        func run(_ script: String) throws -> BuiltCommand.Result { try BuiltCommand.shell(script, in: work.path) }
        #expect(try run("mkdir -p pipelines; almrun runs --ids --format json").output == "[]\n")
        #expect(try run(Self.files).status == 75)
        let text = try run("almrun runs --ids --format json").output
        let names = try JSONDecoder().decode([String].self, from: Data(text.utf8))
        #expect(names.count == 1 && names.first?.hasPrefix("release-") == true)
        #expect(try run("almrun runs --ids").output == names[0] + "\n")
    }

    @Test func aStageMeansItsGates() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        func run(_ script: String) throws -> BuiltCommand.Result { try BuiltCommand.shell(script, in: work.path) }
        #expect(try run(Self.files).status == 75)
        let none = try run("almrun show latest --gate pack")
        #expect(none.status == 2)
        #expect(none.error.contains("'pack' has no gate") && none.error.contains("ask"), "\(none.error)")
        #expect(none.output.isEmpty)
    }

    @Test func allApprovalsOfAStageAreShown() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let example = "\(DocumentationTests.root)/examples/contoso-sales"
        func run(_ script: String) throws -> BuiltCommand.Result {
            try BuiltCommand.shell(script, in: work.path, environment: ["EXAMPLE": example])
        }
        let begun = try run(Self.gated)
        #expect(begun.status == 75, "\(begun.output)")
        #expect(try run("almrun approve latest prod.approval --comment seen").status == 0)
        #expect(try run("almrun resume latest").status == 75)
        let shown = try run("almrun show latest --gate prod")
        #expect(shown.status == 0)
        #expect(shown.output.hasPrefix("prod.approval of run "), "\(shown.output)")
        #expect(shown.output.contains("decided       approve by rana@contoso.example"))
        #expect(shown.output.contains("\nprod.approval-2 of run "))
        let json = try run("almrun show latest --gate prod --format json").output
        #expect(json.hasPrefix("[") && json.contains("\"prod.approval-2\""), "\(json)")
        let unsigned = try run("almrun show latest --gate prod --record signed")
        #expect(unsigned.status == 2)
        #expect(
            unsigned.error.contains("nothing was signed at 'prod.approval' and 'prod.approval-2'"),
            "\(unsigned.error)")
    }

    /// What was decided in a run is read from its events, and not from those of any number of runs.
    @Test func ofManyThatWaitOnlyTheNewestAreRead() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let result = try BuiltCommand.shell(
            Self.files + """

                FIRST=$(almrun runs --ids)
                almrun approve $FIRST ask > /dev/null
                almrun runs --limit 99 | grep -c "that is enough"
                for i in $(seq 10); do for j in 1 2 3 4 5; do almrun run release > /dev/null 2>&1 & done; wait; done
                almrun runs --limit 99 --status waiting | grep -c "ask: waits"
                """, in: work.path)
        #expect(result.output.hasSuffix("1\n51\n"), "\(result.output)")
        #expect(result.error.hasSuffix("not for 1 more; `almrun show RUN` says it of each\n"), "\(result.error)")
    }

    /// Who asks for two forms at once is told so, and gets neither.
    @Test(arguments: [
        (["--junit", "--format", "json"], "--junit and --format json contradict each other"),
        (["--junit", "--gate", "ask"], "--junit is about the whole run"),
    ])
    func twoFormsAtOnceAreRefused(_ options: [String], _ words: String) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        _ = try BuiltCommand.shell(Self.files, in: work.path)
        let result = try BuiltCommand.run(["show", "latest"] + options, in: work.path)
        #expect(result.status == 2 && result.output.isEmpty, "\(result.status) \(result.output)")
        #expect(result.error.contains(words), "\(result.error)")
        let alone = try BuiltCommand.run(["show", "latest", "--junit"], in: work.path)
        #expect(alone.status == 0 && alone.output.hasPrefix("<?xml"), "\(alone.output)")
    }
}
