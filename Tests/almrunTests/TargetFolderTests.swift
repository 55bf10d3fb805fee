import Foundation
import Testing

/// Where an environment may keep its files: nowhere in git's folder or among the runs, and not in another one's.
@Suite(.waits) struct TargetFolderTests {
    private static func run(_ paths: [String], _ script: String) throws -> BuiltCommand.Result {
        let work = try WorkFolder()
        defer { work.remove() }
        try FileManager.default.createDirectory(atPath: "\(work.path)/pipelines", withIntermediateDirectories: true)
        for (number, path) in paths.enumerated() {
            try work.write("target: { kind: directory, path: '\(path)' }\n", "environments/e\(number).yaml")
        }
        return try BuiltCommand.shell(script, in: work.path)
    }

    @Test(arguments: [
        (".git", "git's own folder"), (".git/hooks", "git's own folder"), ("sub/.git/x", "git's own folder"),
        ("pipelines", "holds manifests"), ("Environments/x", "holds manifests"), (".GIT/hooks", "git's own folder"),
        ("a/../.git", "git's own folder"), (".almrun", "holds the runs"),
        (".almrun/objects", "holds the runs"), (".almrun/environments/../x", "holds the runs"),
        (".Almrun/logs", "holds the runs"), (".almrun/environments", "folder of all environments"),
        (".almrun/environments/", "folder of all environments"),
        (".almrun/environments/../../.git/x", "git's own folder"),
        (".", "the repository itself"), ("a/..", "the repository itself"),
    ])
    func placesThatAreTakenAreRefused(_ path: String, _ words: String) throws {
        for command in ["almrun check", "almrun environment e0"] {
            let result = try Self.run([path], "mkdir -p .git/hooks .almrun/objects a; " + command)
            #expect(result.status == 2, "\(path): \(result)")
            #expect(result.error.contains("[manifest/target-path]") && result.error.contains(words), "\(result.error)")
            #expect(result.error.contains("'.almrun/environments/e0'"), "\(result.error)")
        }
    }

    @Test(arguments: [
        ".almrun/environments/dev", ".almrun/environments/dev/one", "rehearsal", ".github", "a/.gitx", ".almrunx",
    ])
    func othersAreFine(_ path: String) throws {
        let result = try Self.run([path], "almrun check && almrun environment e0")
        #expect(result.status == 0, "\(path): \(result.error)")
    }

    /// A second environment in the same folder would have other gates, or none.
    @Test func nothingIsDeployedThroughASecondEnvironment() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        #expect(try repository.almrun("plan", "release", "--input", "version=1.0.0").status == 0)
        try FileManager.default.copyItem(
            atPath: "\(repository.path)/environments/prod.yaml", toPath: "\(repository.path)/environments/side.yaml")
        for command in ["plan", "run"] {
            let result = try repository.almrun(command, "release", "--input", "version=1.0.0")
            #expect(result.status == 2 && result.error.contains("[manifest/shared-target]"), "\(result)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/.almrun/environments/prod"))
    }

    @Test func linksAreFollowed() throws {
        let links =
            "mkdir -p .git/hooks .almrun/objects out; ln -s .git/hooks link; ln -s .almrun in; ln -s / up; ln -s nowhere lost; "
        for (path, code) in [
            ("link", "target-path"), ("link/x", "target-path"), ("in/objects", "target-path"),
            ("in/environments", "target-path"),
            ("up/tmp", "path-outside"), ("lost/x", "path-outside"),
        ] {
            let result = try Self.run([path], links + "almrun check")
            #expect(result.status == 2 && result.error.contains("[manifest/\(code)]"), "\(path): \(result)")
            // Who runs a pipeline without a check is not let in either.
            let shown = try Self.run([path], links + "almrun environment e0")
            #expect(shown.status == 3, "\(path): \(shown)")
            #expect(
                shown.error.contains("[environment/target-path]") || shown.error.contains("[path/outside]"), "\(shown)")
        }
        #expect(try Self.run(["in/environments/dev"], links + "almrun check && almrun environment").status == 0)
    }

    @Test(arguments: [
        (["e/dev", "e/./dev"], "have the same target"), (["e", "e/dev"], "one lies in the other"),
        (["e/dev/x", "e/dev"], "one lies in the other"), (["link/dev", "e/dev"], "have the same target"),
        (["link", "e/dev"], "one lies in the other"),
    ])
    func noneLiesInAnother(_ paths: [String], _ words: String) throws {
        let result = try Self.run(paths, "mkdir -p e; ln -s e link; almrun check")
        #expect(result.status == 2 && result.error.contains(words), "\(paths): \(result)")
        #expect(result.error.contains("[manifest/shared-target]") && result.error.contains("the other is here"))
    }

    /// What an environment keeps would get into the package, and what is packed would be changed by deployments.
    @Test(arguments: [
        ("solution", "solution"), ("solution/dev", "solution"), ("solution", "solution/env"),
        ("Solution/dev", "solution"), ("link", "solution/env"), ("wrapped/src", "wrapped"),
        ("wrapped/src/x", "wrapped"),
        ("wrapped", "wrapped"),
    ])
    func nothingIsPackedFromAnEnvironment(_ target: String, _ source: String) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("target: { kind: directory, path: '\(target)' }\n", "environments/dev.yaml")
        try work.write(
            """
            stages:
              pack: { uses: solution.pack, with: { source: '\(source)' } }
              dev:
                uses: solution.promote
                environment: dev
                with: { package: "${{ stages.pack.package }}" }
            """, "pipelines/p.yaml")
        let folders = "mkdir -p solution/Other solution/env/Other wrapped/src/Other; ln -s solution link; "
        for command in ["almrun check", "almrun plan p", "almrun run p"] {
            let result = try BuiltCommand.shell(folders + command, in: work.path)
            #expect(result.status == 2, "\(target) \(source): \(result)")
            #expect(result.error.contains("[manifest/packed-target]"), "\(result.error)")
            #expect(result.error.contains("environment 'dev' keeps its files in"), "\(result.error)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(work.path)/.almrun/runs.sqlite"))
    }

    /// A repository whose `src` is the solution may keep its environments beside it.
    @Test(arguments: [
        (".almrun/environments/dev", "."), ("wrapped/dev", "wrapped"), ("solutions", "solution"),
        (".almrun/environments/dev", "solution"),
    ])
    func whatLiesBesideIsFine(_ target: String, _ source: String) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("target: { kind: directory, path: '\(target)' }\n", "environments/dev.yaml")
        try work.write(
            "stages: { pack: { uses: solution.pack, with: { source: '\(source)' } } }", "pipelines/p.yaml")
        let result = try BuiltCommand.shell(
            "mkdir -p src/Other solution/Other wrapped/src/Other; almrun check", in: work.path)
        #expect(result.status == 0, "\(target) \(source): \(result.error)")
    }

    @Test func namesThatBeginAlikeAreApart() throws {
        #expect(try Self.run(["e/dev", "e/dev2", "e/de"], "almrun check").status == 0)
    }
}
