import Foundation
import Testing

/// At every gate people decide about the files that the run was made with, whoever may approve there.
extension JudgedFilesTests {
    static let asking = "backend: mock\ngates: { approvals: [{ role: manager, distinctFrom: [requester] }] }\n"
    private static let gates = [
        asking, "backend: mock\ngates: { evidence: { stages: [pack] } }\n",
        "backend: mock\ngates: { freezes: [{ from: 2020-01-01, to: 2020-01-02, reason: Year end, timeZone: UTC }] }\n",
    ]

    @Test(arguments: gates) func whatIsEditedIsNoEvidenceAtAnyGate(_ gate: String) throws {
        let repository = try repository(
            Self.lint + " }", before: "test -e .almrun/clean || echo >> \(Self.definition)", place: gate)
        defer { repository.remove() }
        let begun = try run(repository)
        #expect(
            begun.error.contains("run/other-files")
                && begun.error.contains("'\(Self.definition)'"), "\(begun.output)\(begun.error)")
        #expect(begun.status == (gate == Self.asking ? 75 : 1), "\(begun.output)\(begun.error)")
        // As it was, it is judged once the run is over; people at a gate are asked first.
        guard gate != Self.asking else { return }
        try repository.shell("git checkout -q connector && touch .almrun/clean")
        let again = try repository.almrun("resume", "latest", as: "mads")
        #expect(!again.error.contains("run/other-files"), "\(again.output)\(again.error)")
        #expect(again.status == 0, "\(again.output)\(again.error)")
    }

    /// Another process edits a file while the run works, and puts it back once it was judged.
    @Test func whatSomebodyElseEditsIsNoEvidence() throws {
        let wait = "touch .almrun/begun; for n in $(seq 600); do test -e .almrun/go && break; sleep 0.1; done"
        let repository = try repository(Self.diff, before: wait, place: Self.asking)
        defer { repository.remove() }
        try repository.work.write(
            """
            "$ALMRUN" run release --input version=1.0.0 2> .std-run &
            for n in $(seq 600); do test -e .almrun/begun && break; sleep 0.1; done
            echo >> \(Self.definition)
            touch .almrun/go
            wait $!
            git checkout -q \(Self.definition)

            """, ".std-edit.sh")
        try repository.shell("sh .std-edit.sh && grep -q run/other-files .std-run")
        let gate = try repository.almrun("show", "latest", "--gate", "prod", as: "mads")
        #expect(gate.output.contains("FAILED") && gate.output.contains("'\(Self.definition)'"), "\(gate.output)")
    }

    /// Who develops runs with files that are in no commit: they are a risk that is named, and stay as they are. What else
    /// changes meanwhile is nobody's business.
    @Test(arguments: ["touch made.txt && echo >> notes/first.txt", "echo >> \(definition)"])
    func whatDifferedBeforeIsARiskAndStays(_ edit: String) throws {
        let repository = try repository(
            Self.lint + " }", before: edit, place: Self.asking)
        defer { repository.remove() }
        try repository.shell("echo >> \(Self.definition)")
        let begun = try run(repository)
        let isOther = edit.contains(Self.definition)
        #expect(begun.error.contains("run/other-files") == isOther, "\(begun.output)\(begun.error)")
        let gate = try repository.almrun("show", "latest", "--gate", "prod", as: "tess")
        #expect(
            gate.output.contains("1 file ('\(Self.definition)') differed from the commit when the run was made"),
            "\(gate.output)\(gate.error)")
        guard !isOther else { return }
        let yes = try repository.almrun("approve", "latest", "prod", as: "tess")
        #expect(begun.status == 75 && yes.status == 0, "\(begun.output)\(begun.error)\(yes.error)")
    }

    /// What the pipeline says that a command makes is judged as it was made, and people at the gate know it; who is left out
    /// for having written it would not be known.
    @Test(arguments: [("connector", asking, true), ("notes", asking, false), ("connector", place, false)])
    func whatACommandMakesIsJudgedAsItWasMade(_ generates: String, _ place: String, _ isTaken: Bool) throws {
        let repository = try repository(
            Self.lint + " }", before: "echo >> \(Self.definition)", generates: generates, place: place)
        defer { repository.remove() }
        let begun = try run(repository)
        #expect(begun.error.contains("run/other-files") != isTaken, "\(begun.output)\(begun.error)")
        let gate = try repository.almrun("show", "latest", "--gate", "prod", as: "tess")
        let isSaid =
            gate.output.contains("risk") && gate.output.contains("'edit' makes '\(generates)' while the run works")
        #expect(isSaid == (place == Self.asking), "\(gate.output)\(gate.error)")
        // What is left of it does not make the next run another one.
        let again = try run(repository)
        #expect(again.error.contains("run/other-files") != isTaken, "\(again.output)\(again.error)")
    }

    @Test func whatACommandMakesLiesInTheRepository() throws {
        let repository = try repository(Self.lint + " }", generates: "../elsewhere", place: Self.asking)
        defer { repository.remove() }
        let begun = try run(repository)
        #expect(begun.status != 0 && begun.error.contains("../elsewhere"), "\(begun.output)\(begun.error)")
    }

    /// A folder that git does not know has no commit to compare with.
    @Test func withoutGitNothingIsCompared() throws {
        let repository = try repository(Self.lint + " }", before: "echo >> \(Self.definition)", place: Self.asking)
        defer { repository.remove() }
        try repository.shell("rm -rf .git")
        let begun = try run(repository)
        #expect(begun.status == 75, "\(begun.output)\(begun.error)")
    }

    /// Runs of an earlier version did not keep what differed where no gate asks for committers.
    @Test(arguments: [true, false]) func aRunThatDoesNotKnowItIsNotCompared(_ isOld: Bool) throws {
        let repository = try repository(Self.lint + " }", place: Self.asking)
        defer { repository.remove() }
        try repository.askBeforePacking()
        try #require(try run(repository).status == 75)
        if isOld {
            try ForgedLedger(repository).rewrite { $0.replacing(/"uncommittedDigest":"[^"]*",/, with: "") }
        }
        try repository.shell("echo '<!-- -->' >> solution/Other/Solution.xml")
        let yes = try repository.almrun("approve", "latest", "ask", as: "tess")
        try #require(yes.status == 0, "\(yes.error)")
        let again = try repository.almrun("resume", "latest", as: "mads")
        #expect(again.error.contains("run/other-files") != isOld, "\(again.output)\(again.error)")
        #expect(again.status == (isOld ? 75 : 1), "\(again.output)\(again.error)")
    }

    /// What has failed because of a file needs a new run once that is mended, and says so.
    @Test func aMendedFileIsTakenUpByANewRun() throws {
        let stage = "uses: openapi.lint, with: { document: \(Self.definition) }"
        let repository = try repository(stage, place: Self.gates[1])
        defer { repository.remove() }
        let properties = "connector/apiProperties.json"
        try repository.shell("cp \(properties) .std-kept && echo '{ ' > \(properties)")
        try repository.commit("broken", as: "rana")
        let failed = try run(repository)
        #expect(failed.status == 1 && failed.output.contains("takes up no changed files"), "\(failed.output)")
        try repository.shell("cp .std-kept \(properties)")
        let again = try repository.almrun("resume", "latest", as: "mads")
        #expect(again.status == 1 && again.error.contains("run/other-files"), "\(again.output)\(again.error)")
        try repository.commit("mended", as: "rana")
        let anew = try run(repository)
        #expect(!anew.error.contains("run/other-files"), "\(anew.output)\(anew.error)")
    }

    /// A branch can be moved while a run works, and moved back: the commit that was compared with is named.
    @Test(arguments: [true, false]) func theCommitOfTheBaseIsNamed(_ isMoved: Bool) throws {
        let repository = try repository(
            "uses: openapi.diff, with: { document: \(Self.definition), base: 'git:rel:base.json', failOn: never }",
            before: isMoved ? "git branch -q -f rel other" : "true", place: Self.asking)
        defer { repository.remove() }
        try repository.shell(
            """
            git branch rel && git checkout -qb other && cp \(Self.definition) base.json && echo >> base.json
            git commit -qam other && git checkout -q main
            """)
        let begun = try run(repository)
        try #require(begun.status == 75, "\(begun.output)\(begun.error)")
        let name = isMoved ? "other" : "rel"
        let commit = try BuiltCommand.shell("git rev-parse \(name)", in: repository.path)
            .output.trimmingCharacters(in: .whitespacesAndNewlines)
        try repository.shell("git branch -q -f rel main")
        let gate = try repository.almrun("show", "latest", "--gate", "prod", as: "tess").output
        #expect(gate.contains("since commit \(commit.prefix(12))"), "\(gate)")
        let risk = "'judge' compared with commit \(commit.prefix(12)), which is not in the history of its run's commit"
        #expect(gate.contains(risk) == isMoved, "\(gate)")
        let inbox = try repository.almrun("inbox", as: "tess").output
        #expect(inbox.contains("since commit \(commit.prefix(12))") && inbox.contains(risk) == isMoved, "\(inbox)")
        #expect(try repository.almrun("why", "latest", "judge").output.contains("compared with commit \(commit)"))
        #expect(try repository.almrun("logs", "latest").output.contains("since rel:base.json (commit \(commit))"))
    }
}
