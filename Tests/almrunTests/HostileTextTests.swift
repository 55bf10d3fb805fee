import Foundation
import Testing

/// What people and files say is shown, and neither a terminal nor a CI service obeys it.
@Suite(.waits) struct HostileTextTests {
    /// As it stands in a double-quoted text of YAML.
    private static let yaml =
        #"say\n::add-mask::s3\n  ::set-output name=a::b\n##[error]y ##vso[task.setvariable variable=a]z\e[31m\u202E\u0085\r"#
        + #"FORGED one\nFORGED two"#
    /// The same as a word of bash.
    private static let bash =
        #"$'say\n::add-mask::s3\n  ::set-output name=a::b\n##[error]y ##vso[task.setvariable variable=a]z\e[31m\u202E\u0085\r"#
        + #"FORGED one\nFORGED two'"#

    private static let files = """
        mkdir -p pipelines environments
        cp -r "$EXAMPLE/solution" .
        cat > pipelines/fail.yaml <<'END'
        description: "\(yaml)"
        concurrency: { group: "g-${{ inputs.note }}" }
        inputs:
          note: { type: string, default: "\(yaml)" }
        stages:
          say: { uses: shell.run, with: { command: ["bash", "-c", "echo \\"$0\\"; echo \\"$0\\" >&2; exit 3", "${{ inputs.note }}"] } }
        END
        cat > pipelines/ask.yaml <<'END'
        stages:
          ask: { uses: approval.wait, with: { role: manager, instructions: "\(yaml)" } }
        END
        cat > pipelines/ship.yaml <<'END'
        stages:
          pack: { uses: solution.pack, with: { source: solution, version: 1.0.0.0, type: managed } }
          bind: { uses: connections.rebind, environment: prod, with: { package: "${{ stages.pack.package }}" } }
          prod:
            uses: solution.promote
            environment: prod
            with: { package: "${{ stages.pack.package }}", settings: "${{ stages.bind.settings }}" }
        END
        cat > environments/prod.yaml <<'END'
        target: { kind: directory, path: .almrun/environments/prod }
        connections:
          contoso_sharedcontososales: { connector: contoso-sales, connection: sales-prod-0001 }
        variables:
          contoso_SalesApiUrl: "\(yaml)"
        flows: { default: enabled }
        gates:
          approvals: [{ role: manager, instructions: "\(yaml)" }]
          freezes: [{ from: 2020-01-01, to: 2090-01-01, reason: "\(yaml)" }]
        END
        cat > environments/roles.yaml <<'END'
        manager: [{ email: rana@contoso.example }]
        END
        H=\(bash)
        """

    /// Nothing that is obeyed, and no line that almrun did not mean.
    private func expectHarmless(
        _ result: BuiltCommand.Result, _ command: String, _ place: SourceLocation = #_sourceLocation
    ) {
        for stream in [result.output, result.error] {
            let isHarmful = stream.unicodeScalars.contains { scalar in
                switch scalar.value {
                case 0x0A, 0x09: false
                case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
                default: false
                }
            }
            #expect(!isHarmful, "\(command): \(stream.debugDescription)", sourceLocation: place)
            for line in stream.split(separator: "\n") {
                let begin = line.drop(while: \.isWhitespace)
                let isCommand = begin.hasPrefix("::") || line.contains("##[") || line.contains("##vso[")
                #expect(!isCommand && !line.hasPrefix("FORGED"), "\(command): \(stream)", sourceLocation: place)
            }
        }
    }

    /// The commands in order, with the status of each.
    private static let commands: [(script: String, status: Int32)] = [
        ("almrun check", 0),
        ("almrun plan fail", 0), ("almrun plan fail --format json", 0), ("almrun plan ship --preview", 0),
        ("almrun plan fail --input \"$H=x\"", 2), ("almrun plan fail --input \"$H\"", 2), ("almrun plan \"$H\"", 2),
        ("almrun plan fail -i \"$H\" -i \"$H\"", 2), ("almrun plan fail extra \"$H\" --x\"$H\"", 2),
        ("almrun graph fail", 0), ("almrun graph \"$H\"", 2), ("almrun graph fail --as mermaid", 0),
        ("almrun graph fail --as dot", 0), ("almrun graph ship --format json", 0),
        ("almrun run fail", 1), ("almrun run fail --verbose", 1), ("almrun run fail --format json", 1),
        ("GITHUB_ACTIONS=true almrun resume latest --verbose 2>&1 | grep -v '^::error '; exit ${PIPESTATUS[0]}", 1),
        (
            "TF_BUILD=True almrun resume latest --verbose 2>&1 | grep -v '^##vso.task.logissue '; exit ${PIPESTATUS[0]}",
            1
        ),
        ("almrun show latest", 0), ("almrun show latest --format json", 0), ("almrun show latest --junit", 0),
        ("almrun logs latest", 0),  // What one stage said is nobody else's line.
        ("almrun logs latest say | grep -v ^FORGED", 0), ("almrun logs latest --format json", 0),
        ("almrun why latest say", 0), ("almrun why latest \"$H\"", 2), ("almrun why \"$H\" prod", 2),
        ("almrun cancel latest --reason \"$H\"", 2),
        ("almrun run ask", 75), ("almrun inbox", 0), ("almrun inbox --format json", 0),
        ("almrun show latest --gate ask", 0), ("almrun show latest --gate \"$H\"", 2),
        ("almrun approve latest \"$H\"", 2), ("almrun approve \"$H\" ask", 2),
        ("almrun approve latest ask --plan \"$H\"", 2),
        ("almrun reject latest ask --comment \"$H\"", 0), ("almrun runs", 0), ("almrun runs --format json", 0),
        ("almrun runs --status \"$H\"", 2), ("almrun runs --status=\"$H\"", 2), ("almrun \"$H\"", 2),
        ("almrun show latest --gate ask", 0), ("almrun resume latest", 1), ("almrun show latest", 0),
        ("almrun resume latest --assume \"$H\"", 2), ("almrun resume latest --rerun \"$H\"", 2),
        ("almrun locks", 0), ("almrun locks release \"$H\" --reason \"$H\"", 2),
        ("almrun run ship", 75), ("almrun show latest --gate prod", 0), ("almrun why latest prod.window", 0),
        ("almrun why ContosoSales@1.0.0.0 prod", 75), ("almrun inbox --all", 0),
        ("almrun rebind solution --environment prod", 0),
        ("almrun locks release \"group g-$H\" --reason \"$H\"", 2), ("almrun cancel latest --reason \"$H\"", 0),
        ("almrun show latest", 0), ("almrun environment \"$H\"", 2), ("almrun environment", 0),
        ("almrun verify \"$H\"", 2),
        ("almrun explain \"$H\"", 2), ("almrun stages \"$H\"", 2), ("almrun schema \"$H\"", 2),
        ("almrun help \"$H\"", 2),
        ("almrun run ask --junit \"/$H/x\"", 2), ("almrun check --root \"$H\"", 2),
        (
            "N=\"::add-mask::x$H.json\"; N=\"${N//\\//}\"; cp \"$EXAMPLE/connector/apiDefinition.swagger.json\" \"$N\"; "
                + "sed -i 's/\"title\": \"[^\"]*\"/\"title\": \"::add-mask::x\\\\n##[error] \\\\u001b[31m\"/; s/\"operationId\": \"[A-Za-z]*\"/\"operationId\": \"##vso[x]\\\\nFORGED\\\\u001b\"/' \"$N\"; "
                + "almrun lint \"$N\" --all", 1
        ),
        ("almrun lint ::add-mask* --format junit", 1), ("almrun lint ::add-mask* --format sarif", 1),
        ("almrun lint ::add-mask* --format github | grep -v -E '^::(error|warning|notice) '; exit ${PIPESTATUS[0]}", 1),
        ("almrun diff \"$EXAMPLE/connector/apiDefinition.swagger.json\" ::add-mask*", 0),
        ("almrun diff \"$H\" ::add-mask*", 2), ("almrun lint \"$H\"", 2),
        ("echo \"a: [$H\" > \"pipelines/$(echo \"${H//\\//}\").yaml\"; almrun check", 2),
        ("almrun check --format json", 2),
    ]

    @Test func nothingThatIsSaidIsObeyed() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let example = "\(DocumentationTests.root)/examples/contoso-sales"
        func run(_ script: String) throws -> BuiltCommand.Result {
            try BuiltCommand.shell(script, in: work.path, environment: ["EXAMPLE": example])
        }
        #expect(try run(Self.files).status == 0)
        for (command, status) in Self.commands {
            let result = try run("H=\(Self.bash)\n" + command)
            #expect(result.status == status, "\(command): \(result.output)\(result.error)")
            expectHarmless(result, command)
        }
    }

    /// A manifest whose name nobody can write or read is refused.
    @Test(arguments: ["pipelines", "environments", "templates"]) func namesOfManifestsAreReadable(_ folder: String)
        throws
    {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("stages: { a: { uses: shell.run, with: { command: [\"true\"] } } }\n", "pipelines/p.yaml")
        try work.write("stages: {}\n", "\(folder)/x\n::add-mask::y\nFORGED\u{1B}[31m.yaml")
        let result = try BuiltCommand.run(["check"], in: work.path)
        #expect(result.status == 2 && result.error.contains("has control characters in its name"), "\(result)")
        #expect(result.error.contains("[manifest/name]"), "\(result)")
        expectHarmless(result, "check")
        let environments = try BuiltCommand.run(["environment"], in: work.path)
        expectHarmless(environments, "environment")
    }

    /// What is for programs is exact all the same.
    @Test func jsonSaysWhatWasSaid() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let script = """
            mkdir -p pipelines
            cat > pipelines/p.yaml <<'END'
            description: "a ##vso[x]\\u202E\\u009B ##[y] # ## b"
            stages: { a: { uses: shell.run, with: { command: ["true"] } } }
            END
            almrun plan p --format json
            """
        let result = try BuiltCommand.shell(script, in: work.path)
        #expect(result.status == 0, "\(result.error)")
        expectHarmless(result, "plan")
        let plan = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(plan.values.contains { $0 as? String == "a ##vso[x]\u{202E}\u{9B} ##[y] # ## b" }, "\(result.output)")
    }
}
