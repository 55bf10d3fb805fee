import Foundation
import Testing

/// What is said where files are not those of the run, or cannot be compared.
extension JudgedFilesTests {
    private static let plain = "backend: mock\ngates: { approvals: [{ role: manager }] }\n"
    private static let properties = "connector/apiProperties.json"

    /// One digest is kept over all that differed: no file is accused that may be as it was.
    @Test func noFileIsSaidToBeAnotherThatMayBeTheSame() throws {
        let repository = try repository(Self.lint + " }", before: "echo >> \(Self.properties)", place: Self.plain)
        defer { repository.remove() }
        try repository.shell("echo >> \(Self.properties) && echo >> \(Self.definition)")
        let begun = try run(repository)
        let said = begun.output + begun.error
        #expect(said.contains("run/other-files") && !said.contains("and not as then"), "\(said)")
        #expect(
            said.contains(
                "is not what differed then: now '\(Self.definition)', '\(Self.properties)' (which of them changed is not kept)"
            ), "\(said)")
        #expect(said.contains("git has no copy of what was in no commit") && !said.contains("git checkout"), "\(said)")
    }

    /// A link that no commit has, and that leads out, is read where it leads, and stays as it was.
    @Test(arguments: [false, true]) func aLooseLinkThatLeadsOutIsComparedByWhatItLeadsTo(_ isEdited: Bool) throws {
        let outside = try WorkFolder()
        defer { outside.remove() }
        let repository = try repository(
            Self.lint + " }", before: isEdited ? "echo >> \(outside.path)/kept.json" : "true", place: Self.plain)
        defer { repository.remove() }
        try repository.shell("mv \(Self.properties) \(outside.path)/kept.json")
        try repository.commit("moved", as: "rana")
        try repository.shell("ln -s \(outside.path)/kept.json \(Self.properties)")
        let begun = try run(repository)
        #expect(begun.error.contains("run/other-files") == isEdited, "\(begun.output)\(begun.error)")
        #expect(isEdited || begun.status == 75, "\(begun.output)\(begun.error)")
    }

    /// A run is compared with its commit, which has to be there when it is resumed.
    @Test(arguments: [place, plain]) func whereGitIsGoneItSaysThatTheCommitIsMissing(_ place: String) throws {
        let repository = try repository(Self.lint + " }", place: place)
        defer { repository.remove() }
        try repository.askBeforePacking()
        let file = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write(
            text.replacing("judge: { needs: [edit],", with: "judge: { needs: [ask, edit],"), "pipelines/release.yaml")
        try repository.commit("later", as: "rana")
        try #require(try run(repository).status == 75)
        let yes = try repository.almrun("approve", "latest", "ask", as: "tess")
        try #require(yes.status == 0, "\(yes.error)")
        try repository.shell("rm -rf .git")
        let again = try BuiltCommand.run(
            ["resume", "latest"], in: repository.path,
            environment: [
                "GIT_AUTHOR_NAME": "mads", "GIT_AUTHOR_EMAIL": "mads@contoso.example",
                "GIT_CEILING_DIRECTORIES": (repository.path as NSString).deletingLastPathComponent,
            ])
        let said = again.output + again.error
        #expect(again.status != 0 && said.contains("has to be compared with its commit"), "\(said)")
        #expect(
            said.contains("resume it in a clone whose history has that commit") && !said.contains("git init"), "\(said)"
        )
    }

    /// What helps after such a refusal is the files, and not what the run keeps.
    @Test func theAdviceIsAboutTheFiles() throws {
        let gate = "backend: mock\ngates: { evidence: { stages: [pack] } }\n"
        let repository = try repository(Self.lint + " }", before: "echo >> \(Self.definition)", place: gate)
        defer { repository.remove() }
        let begun = try run(repository)
        #expect(begun.status == 1 && begun.error.contains("run/other-files"), "\(begun.output)\(begun.error)")
        for said in [begun.output, try repository.almrun("show", "latest").output] {
            #expect(said.contains("next: bring the files back as they were when the run was made"), "\(said)")
            #expect(!said.contains("the run keeps the package"), "\(said)")
        }
    }
}
