import Foundation
import Testing

/// With `--format json`, an error that leaves no result is one JSON document on standard error.
@Suite(.waits) struct ErrorDocumentTests {
    private struct Document: Decodable {
        struct Entry: Decodable {
            var code: String
            var severity: String
            var message: String
            var file: String?
            var line: Int?
            var column: Int?
            var help: String?
            var notes: [String]
        }

        var errors: [Entry]
    }

    private static func errors(_ script: String, status: Int32) throws -> [Document.Entry] {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("stages:\n  a: { uses: nop }\n", "pipelines/wrong.yaml")
        try work.write("stages:\n  a: { uses: shell.run, with: { command: [\"true\"] } }\n", "pipelines/good.yaml")
        let result = try BuiltCommand.shell(script, in: work.path)
        #expect(result.status == status, "\(script): \(result.error)")
        #expect(result.output.isEmpty, "\(script): \(result.output)")
        return try JSONDecoder().decode(Document.self, from: Data(result.error.utf8)).errors
    }

    @Test func aWrongManifestHasItsPlace() throws {
        let errors = try Self.errors("almrun plan wrong --format json", status: 2)
        let first = try #require(errors.first)
        #expect(errors.count == 1 && first.code == "manifest/unknown-kind" && first.severity == "error")
        #expect(first.file == "pipelines/wrong.yaml" && first.line == 2 && first.column == 14)
        #expect(first.message.contains("'nop'") && first.help != nil)
    }

    @Test(arguments: [
        ("almrun show nope --format json", 2, "run/unknown"), ("almrun show --format=json nope", 2, "run/unknown"),
        ("almrun runs --limit 0 --format json", 2, "arguments/wrong"),
        ("almrun runs --format json --nope", 2, "arguments/wrong"),
        ("almrun nope --format json", 2, "arguments/wrong"),
        ("almrun runs --format json --root /nope", 2, "workspace/missing"),
        ("mkdir e; cd e; mkdir .git; almrun runs --format json", 2, "workspace/none"),
        ("almrun environment nope --format json", 2, "environment/unknown"),
        ("mkdir -p .almrun && echo x > .almrun/runs.sqlite && almrun runs --format json", 3, "store/damaged"),
        (
            "almrun run good && almrun approve latest a --format json 2> .e; s=$?; cat .e >&2; exit $s", 2,
            "run/finished"
        ),
    ])
    func everyErrorHasItsCode(_ script: String, _ status: Int32, _ code: String) throws {
        let script = script.replacing("almrun run good &&", with: "almrun run good > /dev/null 2>&1 &&")
        let errors = try Self.errors(script, status: status)
        #expect(errors.first?.code == code, "\(errors)")
    }

    @Test func withoutItErrorsAreForPeople() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("stages: {}\n", "pipelines/p.yaml")
        for arguments in [
            ["show", "nope", "--format", "text"], ["show", "nope"], ["show", "--", "--format", "json"],
        ] {
            let result = try BuiltCommand.run(arguments, in: work.path)
            #expect(result.status == 2 && !result.error.hasPrefix("{"), "\(result.error)")
        }
    }
}
