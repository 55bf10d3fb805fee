import Foundation
import TestSupport
import Testing

/// What `why` names next tells steps and other ways apart, and a word of a person that a gate does not take is said to be none.
@Suite(.waits) struct WordsAndWaysTests {
    private struct Report: Decodable {
        struct Command: Decodable, Equatable {
            var command: String
            var remark: String?
        }

        var next: [String]
        var steps: [[Command]]
    }

    @Test func aWordIsNoEvidence() throws {
        let stage =
            "  ct: { uses: shell.run, needs: [pack], timeout: 1s, with: { command: [sleep, \"9\"], effect: once } }\n"
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct] }"], roles: "manager: [mads@contoso.example]\n", stages: stage)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let says = "almrun resume \(run) --assume ct="
        let remark = "'prod.evidence' fails then: a person's word is no evidence"
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        let lines = """
            next: \(says)not-done
            or:   \(says)done
                  \(remark)
            or:   almrun resume \(run)

            """
        #expect(why.status == 75 && why.output.hasSuffix(lines), "\(why.output)")
        let json = try repository.almrun("why", "ContosoSales@1.0.0", "prod", "--format", "json").output
        let report = try JSONDecoder().decode(Report.self, from: Data(json.utf8))
        #expect(report.next == ["\(says)not-done", "\(says)done", "almrun resume \(run)"])
        let ways: [Report.Command] = [
            .init(command: "\(says)not-done"), .init(command: "\(says)done", remark: remark),
            .init(command: "almrun resume \(run)"),
        ]
        #expect(report.steps == [ways], "\(json)")
        // One of these is typed; none of them leaves anything to be typed then.
        for said in [
            try repository.almrun("show", run).output, try repository.almrun("inbox").output,
        ] {
            #expect(said.contains("it happened: `\(says)done`; \(remark)"), "\(said)")
            #expect(said.contains("or `almrun resume \(run)` alone looks once more"), "\(said)")
            #expect(!said.contains("then `almrun resume"), "\(said)")
        }
        try #require(try repository.almrun("resume", run, "--assume", "ct=done").status == 1)
        #expect(try repository.almrun("show", run).output.contains("gate/bad-evidence"))
    }

    @Test func severalPipelinesAreOtherWays() throws {
        let repository = try ReleaseRepository(["dev": "", "prod": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        let text = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        for name in ["it's mine", "hotfix"] {
            try repository.work.write(text, "pipelines/\(name).yaml")
        }
        try repository.commit("pipelines", as: "rana")
        _ = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try repository.write("next", "")
        for name in ["release", "it's mine", "hotfix"] {
            let next =
                "  next: { uses: solution.promote, environment: next, with: { package: \"${{ stages.pack.package }}\" } }\n"
            try repository.work.write(text + next, "pipelines/\(name).yaml")
        }
        try repository.commit("next", as: "rana")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "next")
        let lines = why.output.split(separator: "\n").suffix(3).map(String.init)
        #expect(
            lines == [
                "next: almrun run release --input version=1.0.0", "or:   almrun run hotfix --input version=1.0.0.0",
                #"or:   almrun run 'it'\''s mine' --input version=1.0.0.0"#,
            ], "\(why.output)")
    }
}
