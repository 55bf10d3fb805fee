import Documents
import Engine
import OrderedCollections
import Pipelines
import Testing

@Suite struct StartCommandTests {
    @Test(arguments: [
        ("release-1.0", "release-1.0"), ("", "''"), ("two words", "'two words'"), ("it's", "'it'\\''s'"),
        ("a\nb", "$'a\\nb'"), ("\u{1b}[31m 'x' \\", "$'\\x1b[31m \\'x\\' \\\\'"), ("tab\there", "$'tab\\there'"),
        ("a\u{202e}b", "$'a\\xe2\\x80\\xaeb'"),
    ])
    func aTextIsWrittenAsAShellReadsItBack(_ text: String, _ word: String) {
        #expect(shellWord(text) == word)
    }

    @Test func listsAndPackagesAreGivenAsTheyAreReadBack() {
        var plan = plan([step("a")])
        plan.inputs = [
            "flags": .list([.string("a,b"), .string("c")]), "none": .null,
            "package": .map(["digest": .string("d1"), "solution": .string("Sales")]), "count": .integer(3),
        ]
        #expect(
            plan.startCommand
                == #"almrun run \#(plan.pipeline) --input flags='["a,b","c"]' --input package='{"digest":"d1","solution":"Sales"}' --input count=3"#
        )
        let digest = String(repeating: "a1", count: 32)
        plan.inputs = ["package": .map(["digest": .string(digest), "solution": "Sales", "version": "1.0.0.0"])]
        #expect(plan.startCommand == "almrun run \(plan.pipeline) --input package=\(digest)")
    }

    /// Earlier versions ran a file of the name that rollbacks have.
    @Test func aRunOfAFileIsStartedAsAPipelineIs() {
        var plan = plan([step("a")])
        plan.pipeline = RollbackPlan.pipeline
        #expect(plan.startCommand == "almrun rollback ...")
        plan.sources = [Plan.SourceFile(file: "pipelines/rollback.yaml", digest: "d")]
        #expect(plan.startCommand == "almrun run rollback")
    }
}
