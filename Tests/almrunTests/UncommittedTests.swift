import Foundation
import Testing

/// What is in no commit was written by nobody that git knows.
@Suite(.waits) struct UncommittedTests {
    private func repository() throws -> WorkFolder {
        let work = try WorkFolder()
        try work.write(
            """
            stages:
              ask:
                uses: approval.wait
                with: { role: manager, distinctFrom: [committers] }
            """, "pipelines/release.yaml")
        try work.write(
            """
            manager:
              - { email: rana@contoso.example, name: Rana Developer }
              - { email: mads@contoso.example, name: Mads Manager }
            """, "environments/roles.yaml")
        try work.write("one", "source.txt")
        try work.write(".almrun/\n.std*\n", ".gitignore")
        let made = try BuiltCommand.shell(
            """
            git init -q . && git add . &&
            GIT_AUTHOR_EMAIL=ola@contoso.example GIT_COMMITTER_EMAIL=ola@contoso.example git commit -qm one
            """, in: work.path)
        try #require(made.status == 0, "\(made.error)")
        return work
    }

    @Test func whoReleasesUncommittedChangesCountsAsOneWhoWroteThem() throws {
        let work = try repository()
        defer { work.remove() }
        #expect(try BuiltCommand.run(["run", "release"], in: work.path).status == 75)
        let clean = try BuiltCommand.run(["approve", "latest", "ask"], in: work.path)
        #expect(clean.status == 0, "\(clean.error)")
        try Data("two".utf8).write(to: URL(filePath: "\(work.path)/source.txt"))
        #expect(try BuiltCommand.run(["run", "release"], in: work.path).status == 75)
        let gate = try BuiltCommand.run(["show", "latest", "--gate", "ask", "--format", "json"], in: work.path)
        #expect(
            gate.output.contains("uncommitted-changes")
                && gate.output.contains("1 file ('source.txt') differed from the commit"), "\(gate.output)")
        let own = try BuiltCommand.run(["approve", "latest", "ask"], in: work.path)
        #expect(own.status != 0, "\(own.output)")
        let mads = ["GIT_AUTHOR_NAME": "Mads Manager", "GIT_AUTHOR_EMAIL": "mads@contoso.example"]
        #expect(try BuiltCommand.run(["approve", "latest", "ask"], in: work.path, environment: mads).status == 0)
        let comment = "fine\u{1B}[2J\nbypassed by the board"
        try Data("three".utf8).write(to: URL(filePath: "\(work.path)/source.txt"))
        #expect(try BuiltCommand.run(["run", "release"], in: work.path).status == 75)
        let said = try BuiltCommand.run(
            ["approve", "latest", "ask", "--comment", comment], in: work.path, environment: mads)
        #expect(said.status == 0, "\(said.error)")
        let why = try BuiltCommand.run(["why", "latest", "ask"], in: work.path)
        #expect(why.output.contains("bypassed by the board"), "\(why.output)")
        #expect(!why.output.contains("\u{1B}") && !why.output.contains("\nbypassed"), "\(why.output)")
    }

    /// A report never takes the place of a device, a pipe or a link.
    @Test func aReportIsAFile() throws {
        let work = try repository()
        defer { work.remove() }
        let made = try BuiltCommand.shell("mkfifo pipe && ln -s source.txt link", in: work.path)
        try #require(made.status == 0)
        for name in ["pipe", "link"] {
            let result = try BuiltCommand.run(["run", "release", "--junit", name], in: work.path)
            #expect(result.status == 2 && result.error.contains("no regular file"), "\(result.status): \(result.error)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(work.path)/.almrun"))
        let types = try BuiltCommand.shell("test -p pipe && test -L link", in: work.path)
        #expect(types.status == 0)
    }

    /// A store is not made anew beside what earlier runs left: their locks and approvals would be forgotten.
    @Test func aRemovedStoreStopsNewRuns() throws {
        let work = try repository()
        defer { work.remove() }
        #expect(try BuiltCommand.run(["run", "release"], in: work.path).status == 75)
        try work.write("{}", ".almrun/logs/release-20260101-000000-abcd/ask.jsonl")
        _ = try BuiltCommand.shell("rm .almrun/runs.sqlite*", in: work.path)
        let again = try BuiltCommand.run(["run", "release"], in: work.path)
        #expect(again.status == 3 && again.error.contains("put the file back from a copy"), "\(again.error)")
        #expect(!FileManager.default.fileExists(atPath: "\(work.path)/.almrun/runs.sqlite"))
        let doctor = try BuiltCommand.run(["doctor", "--repair"], in: work.path)
        #expect(doctor.status == 3 && doctor.output.contains("there is no runs.sqlite, and yet"), "\(doctor.output)")
        let verify = try BuiltCommand.run(["verify", "--all"], in: work.path)
        #expect(verify.status == 1 && verify.error.contains("something was run here"), "\(verify.error)")
    }

    @Test func oneAssumptionForEachStep() throws {
        let work = try repository()
        defer { work.remove() }
        #expect(try BuiltCommand.run(["run", "release"], in: work.path).status == 75)
        let twice = try BuiltCommand.run(
            ["resume", "latest", "--assume", "ask=done", "--assume", "ask=not-done"], in: work.path)
        #expect(twice.status == 2 && twice.error.contains("twice"), "\(twice.status): \(twice.error)")
    }
}
