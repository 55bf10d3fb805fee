import Foundation
import Testing

/// Where files, folders and outputs are not what a command needs, it says what is wrong and with which status.
@Suite(.waits) struct SurroundingsTests {
    private static let pipelines = """
        mkdir -p pipelines
        cat > pipelines/good.yaml <<'END'
        stages: { a: { uses: shell.run, with: { command: ["true"] } } }
        END
        cat > pipelines/ask.yaml <<'END'
        concurrency: { group: g, pending: refuse }
        stages: { ask: { uses: approval.wait, with: { role: manager } } }
        END
        mkdir -p environments; echo 'manager: [{ email: rana@contoso.example }]' > environments/roles.yaml

        """

    private static func run(_ script: String) throws -> (result: BuiltCommand.Result, work: WorkFolder) {
        let work = try WorkFolder()
        let example = "\(DocumentationTests.root)/examples/contoso-sales"
        return (
            try BuiltCommand.shell(pipelines + script, in: work.path, environment: ["EXAMPLE": example]), work
        )
    }

    @Test(arguments: [
        // The folder of the runs is none.
        ("echo x > .almrun; almrun runs", 3, "is no folder"),
        ("ln -s nowhere .almrun; almrun runs", 3, "leads nowhere"),
        ("echo x > .almrun; almrun verify --all", 3, "is no folder"),
        ("echo x > .almrun; almrun run good", 3, "is no folder"),
        ("ln -s nowhere .almrun; almrun inbox", 3, "leads nowhere"),
        ("ln -s nowhere .almrun; almrun run good", 3, "leads nowhere"),
        ("mkdir .almrun; ln -s nowhere .almrun/runs.sqlite; almrun runs", 3, "leads nowhere"),
        ("mkdir elsewhere; ln -s elsewhere .almrun; almrun run good", 0, "succeeded"),
        // So with what is in it, and with the folders of manifests.
        ("mkdir .almrun; echo x > .almrun/runs; almrun doctor", 3, ".almrun/runs' is no folder"),
        ("mkdir .almrun; echo x > .almrun/logs; almrun runs", 3, "holds the logs of steps"),
        ("mkdir .almrun; ln -s nowhere .almrun/objects; almrun run good", 3, "leads nowhere"),
        ("echo x > .almrun; almrun doctor", 3, "is no folder"),
        ("rm -rf pipelines; echo x > pipelines; almrun check", 2, "workspace/not-folder"),
        ("echo x > templates; almrun run good", 2, "workspace/not-folder"),
        // A package would hold itself.
        ("cp -r \"$EXAMPLE/solution\" s; almrun pack s s/out.zip", 2, "pack/inside"),
        ("cp -r \"$EXAMPLE/solution\" s; almrun pack s s/Other", 2, "pack/inside"),
        ("cp -r \"$EXAMPLE/solution\" s; almrun pack s s", 2, "pack/inside"),
        ("cp -r \"$EXAMPLE/solution\" s; cd s; almrun pack .", 2, "pack/inside"),
        ("cp -r \"$EXAMPLE/solution\" s; ln -s s/Other in; almrun pack s in/out.zip", 2, "pack/inside"),
        ("cp -r \"$EXAMPLE/solution\" s; almrun pack s s.zip", 0, "s.zip"),
        // A report makes no folders where nobody asked for them.
        ("almrun run good --junit /nonexist-almrun/x/y.xml", 2, "there is no folder '/nonexist-almrun/x'"),
        ("almrun run good --junit \"$PWD-beside/x.xml\"", 2, "junit/folder"),
        ("mkdir out; ln -s \"$PWD/../\" link; almrun run good --junit link/new/x.xml", 2, "junit/folder"),
        ("mkdir out; ln -s out link; almrun run good --junit link/new/x.xml && cat out/new/x.xml", 0, "<testsuites"),
        // Nothing takes the place of what runs and git rely on.
        ("almrun run good; almrun resume latest --junit .almrun/runs.sqlite", 2, "output/reserved"),
        ("mkdir .git; almrun run good --junit .git/hooks/x/y.xml", 2, "output/reserved"),
        ("mkdir .almrun; ln -s .almrun a; almrun run good --junit a/new/x.xml", 2, "output/reserved"),
        ("mkdir -p .almrun/o; ln -s .almrun/o l; almrun run good --junit l/../x.xml", 2, "output/reserved"),
        ("mkdir state; ln -s state .almrun; almrun run good --junit .almrun/x.xml", 2, "output/reserved"),
        ("mkdir state; ln -s state .almrun; almrun run good --junit state/runs.sqlite", 2, "output/reserved"),
        ("ln -s l l; almrun run good --junit l/x.xml", 2, "junit/folder"),
        ("almrun run good --junit pipelines/good.yaml", 2, "junit/other-file"),
        ("almrun run good --junit x.xml; almrun run good --junit x.xml && cat x.xml", 0, "<testsuites"),
        ("mkdir .almrun; cp -r \"$EXAMPLE/solution\" s; almrun pack s .almrun/x.zip", 2, "output/reserved"),
        ("almrun run good --junit reports/a/x.xml && cat reports/a/x.xml", 0, "<testsuites"),
        ("almrun run good --junit pipelines/good.yaml/x.xml", 2, "junit/folder"),
        // What cannot be written was not said.
        ("almrun run ask > /dev/full", 3, "output/lost"), ("almrun run good > /dev/full", 3, "output/lost"),
        (
            "almrun lint \"$EXAMPLE/connector/apiDefinition.swagger.json\" --fail-severity hint > /dev/full", 3,
            "output/lost"
        ),
        ("almrun runs --format json > /dev/full", 3, "\"code\": \"output/lost\""),
        ("almrun runs --limit 0", 2, "[arguments/wrong]"),
        // What is wrong becomes an annotation where a CI service reads along.
        (
            "echo '{\"swagger\": 1, }' > a.json; "
                + "TF_BUILD=True almrun lint a.json", 2, "##vso[task.logissue type=error;sourcepath=a.json;linenumber=1"
        ),
        (
            "mkdir .git sub; cp \"$EXAMPLE/connector/apiDefinition.swagger.json\" sub/a.json; cd sub; "
                + "almrun lint a.json --fail-severity never --format github", 0, "file=sub/a.json,"
        ),
        (
            "mkdir .git sub; cp \"$EXAMPLE/connector/apiDefinition.swagger.json\" sub/a.json; cd sub; "
                + "almrun lint a.json --fail-severity never --format sarif", 0, "\"uri\": \"sub/a.json\""
        ),
        (
            "echo 'stages: 1' > pipelines/bad.yaml; GITHUB_ACTIONS=true almrun check", 2,
            "::error file=pipelines/bad.yaml,line=1"
        ),
        // Hidden files are no manifests, as those that editors and archives leave; a run is called after its pipeline.
        ("cp pipelines/good.yaml pipelines/.hidden.yaml; almrun check && almrun run good", 0, "succeeded"),
        ("cp pipelines/good.yaml pipelines/.hidden.yaml; almrun run .hidden", 2, "there is no pipeline '.hidden'"),
        ("cp pipelines/good.yaml \"pipelines/$(printf %0201d 0).yaml\"; almrun check", 2, "more than 200 bytes"),
        (
            "n=$(printf %0200d 0); cp pipelines/good.yaml \"pipelines/$n.yaml\"; almrun run $n && almrun show latest",
            0,
            "succeeded"
        ),
        // A pipeline is called as its file is.
        ("cp pipelines/good.yaml 'pipelines/my größe.yaml'; almrun run 'my größe' && almrun doctor", 0, "succeeded"),
        (
            "cp pipelines/good.yaml 'pipelines/my größe.yaml'; almrun run 'my größe'; almrun run 'my größe'; "
                + "almrun runs prune --keep 1", 0, "removed 1 run"
        ),
        // A name that a CI service would read as a command.
        ("cp pipelines/good.yaml pipelines/::error::p.yaml; almrun check", 2, "manifest/name"),
        // Help, init.
        ("almrun help nope", 2, "there is no command 'nope'"), ("almrun help rns", 2, "did you mean 'runs'?"),
        ("almrun help runs prun", 2, "did you mean 'prune'?"), ("almrun help runs prune", 0, "OVERVIEW"),
        ("almrun help", 0, "OVERVIEW"), ("almrun help help", 0, "OVERVIEW"),
        ("mkdir gone; cd gone; rmdir ../gone; almrun init", 2, "workspace/gone"),
        ("echo x > file; almrun init --root file", 3, "file"),
        // Both say no to a second one with the same status.
        ("almrun run ask; almrun run ask", 1, "run/group-busy"),
    ])
    func whatIsWrongIsSaid(_ script: String, _ status: Int32, _ words: String) throws {
        let (result, work) = try Self.run(script)
        defer { work.remove() }
        let text = result.output + result.error
        #expect(result.status == status, "\(script): \(result.status) \(text)")
        #expect(text.contains(words) && !text.contains("NSCocoaError"), "\(script): \(text)")
        #expect(!FileManager.default.fileExists(atPath: "/nonexist-almrun"))
        #expect(!FileManager.default.fileExists(atPath: work.path + "-beside"))
    }

    @Test func signedRecordsAreJSONToo() throws {
        let (made, work) = try Self.run(
            """
            ssh-keygen -q -t ed25519 -N '' -f key && K=$(cut -d' ' -f1,2 key.pub)
            echo "manager: [{ email: rana@contoso.example, key: '$K' }]" > environments/roles.yaml
            almrun run ask > /dev/null 2>&1; almrun approve latest ask --sign key > /dev/null || exit 9
            almrun show latest --gate ask --record signed --format json
            """)
        defer { work.remove() }
        #expect(made.status == 0, "\(made.error)")
        let files = try #require(try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: [String]])
        #expect(
            files["files"]?.first == "signed/1.json"
                && files["commands"]?.first?.hasPrefix("ssh-keygen -Y verify") == true)
        let printed = try BuiltCommand.run(
            ["show", "latest", "--gate", "ask", "--record", "-", "--format", "json"], in: work.path)
        let records = try #require(
            try JSONSerialization.jsonObject(with: Data(printed.output.utf8)) as? [String: [String]])
        let written = try String(contentsOfFile: "\(work.path)/signed/1.json", encoding: .utf8)
        #expect(records["records"] == [written])
    }
}
