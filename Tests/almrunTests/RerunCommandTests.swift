import Foundation
import Testing

/// The built command does again only what is named of what failed.
@Suite(.waits) struct RerunCommandTests {
    @Test func onlyTheNamedStageRunsAgain() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try FileManager.default.createDirectory(
            atPath: "\(work.path)/pipelines", withIntermediateDirectories: true)
        try Data(
            """
            stages:
              good: { uses: shell.run, with: { command: [sh, -c, "echo good >> log"], effect: repeatable } }
              left: { uses: shell.run, with: { command: [sh, -c, "echo left >> log; test -e fixed"], effect: repeatable } }
              right: { uses: shell.run, with: { command: [sh, -c, "echo right >> log; exit 3"], effect: repeatable } }
              after: { uses: shell.run, needs: [left], with: { command: [sh, -c, "echo after >> log"], effect: repeatable } }
            """.utf8
        ).write(to: URL(filePath: "\(work.path)/pipelines/p.yaml"))
        #expect(try BuiltCommand.run(["run", "p"], in: work.path).status == 1)
        try Data().write(to: URL(filePath: "\(work.path)/fixed"))
        let refused = try BuiltCommand.run(["resume", "latest", "--rerun", "good"], in: work.path)
        #expect(refused.status == 2)
        #expect(refused.error.contains("what ended well is never done again [run/not-failed]"), "\(refused.error)")
        #expect(refused.error.contains("these can be done again: left, right"))
        let rerun = try BuiltCommand.run(["resume", "latest", "--rerun", "left"], in: work.path)
        #expect(rerun.status == 1, "\(rerun.output)\(rerun.error)")
        #expect(rerun.error.contains("resumed"))
        #expect(rerun.error.contains("only left"))
        let lines = try String(contentsOfFile: "\(work.path)/log", encoding: .utf8).split(separator: "\n")
        #expect(lines.prefix(3).sorted() == ["good", "left", "right"])
        #expect(lines.dropFirst(3) == ["left", "after"])
        let shown = try BuiltCommand.run(["show", "latest"], in: work.path).output
        #expect(shown.contains(/failed +right/))
        #expect(shown.contains(/succeeded +after/))
    }

    @Test func resumingWhatSucceededSaysThatNothingWasToBeDone() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("stages: { hello: { uses: shell.run, with: { command: [echo] } } }\n", "pipelines/p.yaml")
        #expect(try BuiltCommand.run(["run", "p"], in: work.path).status == 0)
        let again = try BuiltCommand.run(["resume", "latest"], in: work.path)
        #expect(again.status == 0)
        #expect(again.error.contains("nothing was to be done: the run had succeeded"), "\(again.error)")
    }
}
