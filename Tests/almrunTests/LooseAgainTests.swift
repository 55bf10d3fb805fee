import Foundation
import Testing

/// What was in no commit when a run was made is judged and packed as it was then, and not as a commit has it.
@Suite(.waits) struct LooseAgainTests {
    /// One file was loose, or more than are kept by name.
    @Test(arguments: [0, 6]) func theCommittedFileIsAnotherOne(_ more: Int) throws {
        let tests = JudgedFilesTests()
        let repository = try tests.repository(JudgedFilesTests.lint + " }", place: JudgedFilesTests.asking)
        defer { repository.remove() }
        let text = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        try repository.work.write(
            text.replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [judge, again]\n")
                + "  ask:\n    uses: approval.wait\n    needs: [judge]\n    with: { role: manager }\n"
                + "  again: { needs: [ask], \(JudgedFilesTests.lint) } }\n", "pipelines/release.yaml")
        try repository.commit("asked", as: "rana")
        try repository.shell("echo >> \(JudgedFilesTests.definition)")
        for number in 0..<more {
            try repository.shell("echo '{}' > connector/\(number).json && echo >> solution/Other/Customizations.xml")
        }
        let begun = try tests.run(repository)
        try #require(begun.status == 75, "\(begun.output)\(begun.error)")
        try repository.shell("git stash -q")
        let yes = try repository.almrun("approve", "latest", "ask", as: "tess")
        try #require(yes.status == 0, "\(yes.error)")
        let end = try repository.almrun("resume", "latest", as: "mads")
        #expect(end.output.contains("again: "), "\(end.output)\(end.error)")
        #expect(
            end.output.contains("is no longer as it was then") && end.output.contains("run/other-files"),
            "\(end.output)")
        // As they were the run takes them.
        try repository.shell("git stash pop -q")
        let again = try repository.almrun("resume", "latest", as: "mads")
        #expect(again.status == 75 && !again.output.contains("run/other-files"), "\(again.output)\(again.error)")
    }

    /// Also where it is put back while the run works, after it was looked at once.
    @Test func theCommittedFileIsAnotherOneWithinOneProcess() throws {
        let tests = JudgedFilesTests()
        let repository = try tests.repository(JudgedFilesTests.lint + " }", place: JudgedFilesTests.asking)
        defer { repository.remove() }
        try repository.work.write(
            try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
                + "  back:\n    uses: shell.run\n    needs: [judge]\n"
                + "    with: { command: [git, checkout, -q, connector], effect: repeatable }\n"
                + "  again: { needs: [back], \(JudgedFilesTests.lint) } }\n", "pipelines/release.yaml")
        try repository.commit("back", as: "rana")
        try repository.shell("echo >> \(JudgedFilesTests.definition)")
        let end = try tests.run(repository)
        #expect(end.output.contains("again: 1 file differs"), "\(end.output)\(end.error)")
        #expect(
            end.output.contains("'\(JudgedFilesTests.definition)'") && !end.output.contains("git checkout"),
            "\(end.output)")
    }

    /// The command that brings files back works as it is printed, wherever the repository's root is in the work tree.
    @Test(arguments: ["", "sub/folder"]) func thePrintedCommandBringsThemBack(_ below: String) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let tests = JudgedFilesTests()
        let repository = try tests.repository(JudgedFilesTests.lint + " }", place: JudgedFilesTests.asking)
        defer { repository.remove() }
        try repository.askBeforePacking()
        var root = repository.path
        if !below.isEmpty {
            root = "\(work.path)/\(below)"
            let moved = try BuiltCommand.shell(
                "mkdir -p \(root) && cp -r '\(repository.path)/.' \(root) && rm -rf \(root)/.git && git init -q . "
                    + "&& git add sub && git -c user.name=r -c user.email=rana@contoso.example commit -qm all",
                in: work.path)
            try #require(moved.status == 0, "\(moved.error)")
        }
        func almrun(_ arguments: String...) throws -> BuiltCommand.Result {
            try BuiltCommand.run(
                arguments, in: root,
                environment: ["GIT_AUTHOR_NAME": "tess", "GIT_AUTHOR_EMAIL": "tess@contoso.example"])
        }
        try #require(try almrun("run", "release", "--input", "version=1.0.0").status == 75)
        let gate = try almrun("show", "latest", "--gate", "ask")
        #expect(!gate.output.contains("differed"), "\(gate.output)")
        let edit = try BuiltCommand.shell(
            "for f in solution/Other/*.xml; do echo '<!-- -->' >> $f; done; mkdir -p solution/Workflows; "
                + "for f in $(find solution -type f); do echo >> $f; done", in: root)
        try #require(edit.status == 0)
        try #require(try almrun("approve", "latest", "ask").status == 0)
        let refused = try almrun("resume", "latest")
        let said = refused.output + refused.error
        let printed = try #require(said.firstMatch(of: /`(git checkout [^`]*)`/)?.1, "\(said)")
        let back = try BuiltCommand.shell(String(printed), in: root)
        #expect(back.status == 0, "\(printed): \(back.error)")
        let end = try almrun("resume", "latest")
        #expect(end.status == 75 && !end.output.contains("run/other-files"), "\(end.output)\(end.error)")
    }
}
