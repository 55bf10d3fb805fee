import Foundation
import Testing

/// Outside a repository nothing is found, and that must not look like good news.
@Suite(.waits) struct NoRepositoryTests {
    /// Commands that look at what is there, and the status where there is a repository and nothing was ever run in it.
    static let commands: [(arguments: [String], status: Int32, words: String)] = [
        (["runs"], 0, "no runs yet"), (["inbox"], 0, "nothing waits for you"), (["locks"], 0, "no lock is held"),
        (["verify", "--all"], 0, "no runs yet"), (["verify", "latest"], 2, "there are no runs yet"),
        (["logs", "latest"], 2, "there are no runs yet"), (["show", "latest"], 2, "there are no runs yet"),
        (["resume", "latest"], 2, "there are no runs yet"), (["environment"], 0, "no environments"),
        (["check"], 0, "no manifests"), (["runs", "prune", "--keep", "3"], 0, "nothing was ever run here"),
        (["why", "latest", "x"], 2, "there are no runs yet"), (["doctor"], 0, "nothing was ever run here"),
    ]

    @Test(arguments: commands.indices) func nothingHereIsAnError(_ number: Int) throws {
        let (arguments, _, _) = Self.commands[number]
        let work = try WorkFolder()
        defer { work.remove() }
        let result = try BuiltCommand.run(arguments, in: work.path)
        #expect(result.status == 2, "\(arguments): \(result.output)\(result.error)")
        #expect(result.error.contains("there is no almrun repository here: '\(work.path)'"), "\(result.error)")
        #expect(result.error.contains("`almrun init` makes one"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: work.path).isEmpty)
        let root = try BuiltCommand.run(arguments + ["--root", work.path], in: "/")
        #expect(root.status == 2 && root.error.contains("[workspace/none]"), "\(root.error)")
    }

    @Test(arguments: commands.indices) func aRepositoryWithoutRunsIsOne(_ number: Int) throws {
        let (arguments, status, words) = Self.commands[number]
        let work = try WorkFolder()
        defer { work.remove() }
        try FileManager.default.createDirectory(atPath: "\(work.path)/pipelines", withIntermediateDirectories: true)
        let result = try BuiltCommand.run(arguments, in: work.path)
        #expect(result.status == status, "\(arguments): \(result.output)\(result.error)")
        #expect((result.output + result.error).contains(words), "\(result.output)\(result.error)")
        // Also from a folder below it.
        try FileManager.default.createDirectory(atPath: "\(work.path)/a/b", withIntermediateDirectories: true)
        #expect(try BuiltCommand.run(arguments, in: "\(work.path)/a/b").status == status)
    }

    /// Looking upwards from a folder that has no name any more has no end.
    @Test func aRemovedFolderIsToldAtOnce() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let script = "mkdir gone && cd gone && rmdir ../gone && timeout 20 \"$ALMRUN\" runs"
        let result = try BuiltCommand.shell(script, in: work.path)
        #expect(result.status == 2 && result.error.contains("[workspace/gone]"), "\(result.status): \(result.error)")
    }

    /// What needs no repository works anywhere.
    @Test(arguments: [["stages"], ["explain"], ["schema", "pipeline"], ["--version"]])
    func someCommandsNeedNone(_ arguments: [String]) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let result = try BuiltCommand.run(arguments, in: work.path)
        #expect(result.status == 0, "\(arguments): \(result.error)")
    }

    /// What could not be written to standard output was not done.
    @Test func lostOutputIsAFault() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let full = try BuiltCommand.shell("almrun stages > /dev/full", in: work.path)
        #expect(full.status == 3 && full.error.contains("the output cannot be written: No space left"), "\(full)")
        #expect(try BuiltCommand.shell("almrun stages | head -1", in: work.path).status == 0)
    }
}
