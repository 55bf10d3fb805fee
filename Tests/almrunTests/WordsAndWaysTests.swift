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

            """
        #expect(why.status == 75 && why.output.hasSuffix(lines), "\(why.output)")
        let json = try repository.almrun("why", "ContosoSales@1.0.0", "prod", "--format", "json").output
        let report = try JSONDecoder().decode(Report.self, from: Data(json.utf8))
        #expect(report.next == ["\(says)not-done", "\(says)done"])
        let ways: [Report.Command] = [
            .init(command: "\(says)not-done"), .init(command: "\(says)done", remark: remark),
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

    /// Where a probe may tell by now, that is another way.
    @Test func toLookOnceMoreIsAWayWhereThereIsAProbe() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct] }"], roles: "manager: [mads@contoso.example]\n",
            stages: """
                  ct:
                    uses: shell.run
                    needs: [pack]
                    timeout: 1s
                    with: { command: [sleep, "9"], effect: once, probe: [sh, -c, "exit 2"] }

                """)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.next.count == 3 && why.output.hasSuffix("or:   almrun resume \(run)\n"), "\(why.output)")
    }

    /// What a run asks is answered before it is taken up, also where a bypass comes first.
    @Test func theApprovalBesideAHalfBypassIsNamed() throws {
        let repository = try ReleaseRepository(
            ["prod": ""],
            roles: "manager: [mads@contoso.example]\nbypass: [otto@contoso.example, olga@contoso.example]\n",
            stages: ReleaseRepository.lint)
        defer { repository.remove() }
        // On a busy machine the evidence may be too old before the run comes to its gate: then it has longer.
        for seconds in [3, 8, 20, 60] {
            try repository.write(
                "prod",
                "gates: { evidence: { stages: [lint], notOlderThan: \(seconds)s }, approvals: [{ role: manager }], "
                    + "bypass: { role: bypass, secondPerson: true } }")
            try repository.commit("gates", as: "rana")
            let arguments = ["run", "release", "--no-reuse", "--input", "version=1.0.0"]
            guard
                try repository.almrun(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]).status == 75
            else { continue }
            let run = try repository.newest()
            try repository.shell("sleep \(seconds)")
            let half = try repository.almrun("bypass", run, "prod.evidence", "--reason", "INC-1", as: "olga")
            try #require(half.status == 0, "\(half.error)")
            let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
            let ways = [
                "almrun bypass \(run) prod.evidence --reason \"...\"", "almrun approve \(run) prod.approval",
                "almrun resume \(run)",
            ]
            #expect(why.next == ways, "\(why.output)")
            // Done in that order, each is taken, and it is there.
            let whole = try repository.almrun("bypass", run, "prod.evidence", "--reason", "INC-1", as: "otto")
            try #require(whole.status == 0, "\(whole.error)")
            try #require(try repository.almrun("approve", run, "prod.approval", as: "mads").status == 0)
            let end = try repository.almrun("resume", run)
            #expect(end.status == 0, "\(end.output)\(end.error)")
            return
        }
        throw CancellationError()
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
        let lines = why.output.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("next:") || $0.hasPrefix("or:")
        }
        #expect(
            lines == [
                "next: almrun run release --input version=1.0.0", "or:   almrun run hotfix --input version=1.0.0.0",
                #"or:   almrun run 'it'\''s mine' --input version=1.0.0.0"#,
            ], "\(why.output)")
    }
}
