import Foundation
import Testing

/// What `check` and `plan` say of a gate that nothing in the pipeline can open.
@Suite(.waits) struct ClosedGateTextTests {
    /// What `almrun init` makes for the example, where production asks for this evidence.
    private func repository(evidence: String) throws -> WorkFolder {
        let work = try WorkFolder(copying: "\(DocumentationTests.root)/examples/contoso-sales")
        let start = try BuiltCommand.run(["init"], in: work.path)
        try #require(start.status == 0, "\(start.error)")
        let path = "\(work.path)/environments/prod.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let proposed = try #require(text.firstMatch(of: /# evidence: .+/))
        try work.write(text.replacing(proposed.output, with: evidence), "environments/prod.yaml")
        return work
    }

    @Test func aWarningIsNotAllGoodAndPlanSaysItToo() throws {
        let work = try repository(evidence: "evidence: { stages: [test, lint] }")
        defer { work.remove() }
        let check = try BuiltCommand.run(["check"], in: work.path)
        #expect(check.status == 0)
        #expect(check.output == "5 manifests, no errors, 1 warning\n", "\(check.output)")
        let warning = "the gate 'prod/promote.evidence' stays closed"
        #expect(check.error.contains(warning), "\(check.error)")
        let arguments = ["plan", "release", "--input", "version=1.0.0"]
        let plan = try BuiltCommand.run(arguments, in: work.path)
        #expect(plan.status == 0 && plan.error.contains(warning), "\(plan.error)")
        #expect(plan.output.contains("prod/promote.evidence"), "\(plan.output)")
        let json = try BuiltCommand.run(arguments + ["--format", "json"], in: work.path)
        #expect(json.output.contains("\"manifest/no-evidence\""), "\(json.output)")
    }

    /// Whoever copies the line of the README into what `almrun init` made has a gate that opens.
    @Test func theEvidenceOfTheReadmeIsShownByTheFirstPipeline() throws {
        let readme = try String(contentsOfFile: "\(DocumentationTests.root)/README.md", encoding: .utf8)
        let lines = readme.matches(of: /evidence: \{[^}]*\}/).map { String($0.output) }
        #expect(!lines.isEmpty)
        for line in lines {
            let work = try repository(evidence: line)
            defer { work.remove() }
            let check = try BuiltCommand.run(["check"], in: work.path)
            #expect(check.output == "5 manifests, all good\n" && check.error == "", "\(line): \(check.error)")
            let plan = try BuiltCommand.run(["plan", "release", "--input", "version=1.0.0"], in: work.path)
            #expect(plan.status == 0 && plan.error == "", "\(line): \(plan.error)")
        }
    }
}
