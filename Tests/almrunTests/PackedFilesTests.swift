import Foundation
import Testing

/// What a package is made of is what a commit has, or what whoever asked for the run answers for: by its bytes, at the
/// moment when they are read.
@Suite(.waits) struct PackedFilesTests {
    private static let roles = "manager: [mads@contoso.example, rana@contoso.example, tess@contoso.example]\n"
    private static let gate = "gates: { approvals: [{ role: manager, distinctFrom: [committers] }] }\n"
    private static let asking = "gates: { approvals: [{ role: manager }] }\n"
    private static let solution = "solution/Other/Solution.xml"

    /// A release, all by Rana.
    ///
    /// - Parameter before: What happens in the work tree after the run has begun and before the package is made.
    private func repository(
        before script: String? = nil, source: String? = nil, gate: String = gate
    ) throws -> ReleaseRepository {
        var stages = ""
        if let script {
            stages = """
                  edit:
                    uses: shell.run
                    with: { command: [sh, -c, "\(script)"], effect: repeatable }

                """
        }
        let repository = try ReleaseRepository(["prod": gate], roles: Self.roles, stages: stages)
        let file = "\(repository.path)/pipelines/release.yaml"
        var text = try String(contentsOfFile: file, encoding: .utf8)
        if script != nil {
            text = text.replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [edit]\n")
        }
        if let source { text = text.replacing("source: solution", with: "source: \(source)") }
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try repository.commit("second", as: "rana")
        return repository
    }

    private func refusal(_ repository: ReleaseRepository, _ run: String, _ person: String) throws -> String? {
        let result = try repository.almrun("approve", run, "prod", as: person)
        return result.status == 0 ? nil : result.error
    }

    private func run(_ repository: ReleaseRepository, as person: String = "mads") throws -> BuiltCommand.Result {
        try repository.almrun("run", "release", "--input", "version=1.0.0", as: person)
    }

    private func expectRefused(_ result: BuiltCommand.Result) {
        #expect(
            result.status == 1 && result.error.contains("run/other-files"), "\(result.output)\(result.error)")
    }

    @Test(arguments: [gate, asking]) func whatIsEditedWhileTheRunWorksIsNotPacked(_ gate: String) throws {
        let repository = try repository(before: "echo '<!-- -->' >> \(Self.solution); touch made.txt", gate: gate)
        defer { repository.remove() }
        expectRefused(try run(repository))
        let again = try repository.almrun("resume", "latest", as: "mads")
        #expect(
            again.status == (gate == Self.gate ? 2 : 1) && again.error.contains("'\(Self.solution)'"),
            "\(again.output)\(again.error)")
        // What no stage reads may be there.
        try repository.shell("git checkout -q solution && test -e made.txt")
        #expect(try repository.almrun("resume", "latest", as: "mads").status == 75)
        #expect(try refusal(repository, "latest", "mads") == nil)
    }

    @Test func whatIsTakenAwayWhileTheRunWorksIsMissed() throws {
        let repository = try repository(before: "rm -r solution/environmentvariabledefinitions")
        defer { repository.remove() }
        expectRefused(try run(repository))
    }

    /// Others than those that no commit had when the run began are no better for that.
    @Test func aRunThatBeganWithLooseFilesPacksNoOthers() throws {
        let repository = try repository(before: "echo '<!-- -->' >> \(Self.solution)")
        defer { repository.remove() }
        try repository.shell("echo more >> notes/first.txt")
        expectRefused(try run(repository, as: "tess"))
    }

    @Test func aCleanTreeAndADirtyOneAreReleased() throws {
        let repository = try repository(before: "touch made.txt")
        defer { repository.remove() }
        #expect(try run(repository).status == 75)
        #expect(try refusal(repository, "latest", "mads") == nil)
        try repository.shell("rm made.txt && echo '<!-- -->' >> \(Self.solution)")
        #expect(try run(repository).status == 75)
        let no = try refusal(repository, "latest", "mads")
        #expect(no?.contains("released changes that are in no commit") == true, "\(no ?? "accepted")")
        #expect(try refusal(repository, "latest", "tess") == nil)
    }

    /// A package that another run made of such files, or at another commit, is not used either.
    @Test(arguments: [false, true], [gate, asking])
    func aPackageOfOtherFilesIsNotUsedAgain(_ isCommitted: Bool, _ gate: String) throws {
        let repository = try repository(
            before: isCommitted ? "git checkout -q evil -- solution" : "echo '<!-- -->' >> \(Self.solution)",
            gate: gate)
        defer { repository.remove() }
        let release = "\(repository.path)/pipelines/release.yaml"
        if isCommitted {
            try repository.shell("git checkout -qb evil && echo '<!-- -->' >> \(Self.solution)")
            try repository.commit("evil", as: "mads")
            #expect(try run(repository).status == 75)
            try repository.shell("git checkout -q main")
        } else {
            let text = try String(contentsOfFile: release, encoding: .utf8)
            let build =
                text[..<(try #require(text.range(of: "  prod-bind:"))).lowerBound]
                + text[(try #require(text.range(of: "  edit:"))).lowerBound...]
            try repository.work.write(String(build), "pipelines/build.yaml")
            try repository.commit("build", as: "rana")
            let made = try repository.almrun("run", "build", "--input", "version=1.0.0", as: "mads")
            #expect(made.status == 0, "\(made.output)\(made.error)")
            try repository.shell("git checkout -q solution")
        }
        expectRefused(try run(repository))
    }

    /// The folder that is packed is looked at, and not the link that leads there.
    @Test(arguments: ["solution", "wrap"]) func aLinkIsFollowed(_ source: String) throws {
        let repository = try repository(source: source)
        defer { repository.remove() }
        let link = source == "solution" ? "ln -s out/solution solution" : "mkdir wrap && ln -s ../out/solution wrap/src"
        try repository.shell(
            "mkdir out && git mv -k solution kept && cp -r kept out/solution && rm -rf solution && \(link)")
        try repository.shell("echo out/ >> .gitignore")
        try repository.commit("link", as: "rana")
        let result = try run(repository)
        #expect(result.status == 75, "\(result.output)\(result.error)")
        let no = try refusal(repository, "latest", "mads")
        #expect(no?.contains("released changes that are in no commit") == true, "\(no ?? "accepted")")
        #expect(try refusal(repository, "latest", "tess") == nil)
    }

    /// A link to what is committed is as good as the folder itself, until it is turned to another one.
    @Test func aLinkToWhatIsCommittedIsClean() throws {
        let repository = try repository(before: "test ! -e turn || ln -sfn old solution")
        defer { repository.remove() }
        try repository.shell("git mv solution kept && ln -s kept solution && cp -r kept old")
        try repository.shell("echo '<!-- -->' >> old/Other/Solution.xml && echo turn >> .gitignore")
        try repository.commit("link", as: "rana")
        #expect(try run(repository).status == 75)
        #expect(try refusal(repository, "latest", "mads") == nil)
        try repository.shell("touch turn")
        expectRefused(try repository.almrun("run", "release", "--input", "version=1.1.0", as: "mads"))
    }

    /// Nothing outside of the repository is known to any commit.
    @Test func aLinkThatLeadsOutIsNotPacked() throws {
        let repository = try repository(source: "wrap")
        defer { repository.remove() }
        let outside = try WorkFolder(copying: "\(repository.path)/solution")
        defer { outside.remove() }
        try repository.shell("mkdir wrap && ln -s \(outside.path) wrap/src")
        try repository.commit("link", as: "rana")
        expectRefused(try run(repository))
    }

    /// Git takes a file of the same size and time for the same file.
    @Test func timesAndSizesSayNothing() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.shell("touch -d 2026-01-01 \(Self.solution) && git update-index --refresh")
        try repository.shell("git config core.trustctime false")
        try repository.shell(
            """
            sed 's/<LocalizedName description="C/<LocalizedName description="E/' \(Self.solution) > copy.xml
            cmp -s copy.xml \(Self.solution) && exit 1
            cat copy.xml > \(Self.solution) && rm copy.xml && touch -d 2026-01-01 \(Self.solution)
            test -z "$(git status --porcelain)"
            """)
        #expect(try run(repository).status == 75)
        let no = try refusal(repository, "latest", "mads")
        #expect(no?.contains("released changes that are in no commit") == true, "\(no ?? "accepted")")
    }

    /// What git itself changes when it checks files out is in a commit.
    @Test(arguments: ["git config core.autocrlf true", "echo '*.xml text eol=crlf' > .gitattributes"])
    func lineEndingsAreThoseOfGit(_ setting: String) throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.shell(setting)
        try repository.commit("setting", as: "rana")
        try repository.shell("rm -rf solution && git checkout -q solution && grep -q $'\\r' \(Self.solution)")
        let result = try run(repository)
        #expect(result.status == 75, "\(result.output)\(result.error)")
        #expect(try refusal(repository, "latest", "mads") == nil)
    }

    /// Of a submodule another repository says who wrote what is in it; one that no stage reads does not matter.
    @Test func aSubmoduleIsInNoCommitOfThisRepository() throws {
        let repository = try repository(source: "module/solution")
        defer { repository.remove() }
        let other = repository.path + "-module"
        defer { try? FileManager.default.removeItem(atPath: other) }
        try repository.shell(
            """
            git clone -q . \(other) && git -c protocol.file.allow=always submodule --quiet add file://\(other) module
            """)
        try repository.commit("module", as: "rana")
        #expect(try run(repository).status == 75)
        let no = try refusal(repository, "latest", "mads")
        #expect(no?.contains("released changes that are in no commit") == true, "\(no ?? "accepted")")
        let file = "\(repository.path)/pipelines/release.yaml"
        try String(contentsOfFile: file, encoding: .utf8).replacing("module/solution", with: "solution")
            .write(toFile: file, atomically: true, encoding: .utf8)
        try repository.commit("back", as: "rana")
        let result = try run(repository)
        #expect(result.status == 75, "\(result.output)\(result.error)")
        #expect(try refusal(repository, "latest", "mads") == nil)
    }

    /// Of a sparse checkout only what a stage reads has to be there.
    @Test func aSparseCheckoutIsCleanWhereItIsRead() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.shell("git sparse-checkout set --no-cone '/*' '!/notes/' && test ! -e notes")
        let result = try run(repository)
        #expect(result.status == 75, "\(result.output)\(result.error)")
        #expect(try refusal(repository, "latest", "mads") == nil)
    }

    /// A report of the run itself is no reason to give it up.
    @Test func aReportIsNoFileOfThePackage() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.askBeforePacking()
        let begun = try repository.almrun("run", "release", "--input", "version=1.0.0", "--junit", "report.xml")
        try #require(begun.status == 75, "\(begun.output)\(begun.error)")
        #expect(try repository.almrun("approve", "latest", "ask", as: "tess").status == 0)
        let result = try repository.almrun("resume", "latest")
        #expect(result.status == 75, "\(result.output)\(result.error)")
        #expect(try refusal(repository, "latest", "mads") == nil)
    }
}
