import Documents
import Foundation
import Pipelines
import Testing

/// What `check --fix` makes of a command that is written as one text: a list that does the same.
@Suite struct CommandFixTests {
    @Test(arguments: [
        ("echo hi", "[echo, hi]"), ("\"echo hi\"", "[echo, hi]"), ("'echo  hi'", "[echo, hi]"), ("make", "[make]"),
        ("./deploy --to=eu 12 true -5 -x .5e3", #"[./deploy, --to=eu, "12", "true", "-5", -x, ".5e3"]"#),
        ("curl https://x.example/a,b", #"[curl, "https://x.example/a,b"]"#),
        ("echo $HOME | wc", #"[sh, -c, "echo $HOME | wc"]"#), ("A=1 ./go", #"[sh, -c, "A=1 ./go"]"#),
        ("grep 'a b' *.txt", #"[sh, -c, "grep 'a b' *.txt"]"#), (#"echo "a b""#, #"[sh, -c, "echo \"a b\""]"#),
        ("echo\n        hi", "[echo, hi]"),
    ])
    func aCommandInOneText(_ written: String, _ list: String) throws {
        let folder = URL.temporaryDirectory.appending(path: "fix-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "pipelines"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "pipelines/p.yaml")
        func text(_ command: String) -> String {
            "stages:\n  a:\n    uses: shell.run\n    with:\n      command: \(command)\n      count: 1\n"
        }
        try text(written).write(to: file, atomically: true, encoding: .utf8)
        let check = ManifestCheck(root: folder.path, stages: FakeStages.all)
        let found = check.run()
        #expect(found.map(\.message) == ["input 'command' of 'shell.run' must be a list, not text"])
        _ = try FixItApplier(root: folder.path).apply(found)
        #expect(try String(contentsOf: file, encoding: .utf8) == text(list))
        #expect(check.run().map(\.description) == [])
    }

    /// Several lines are not brought into one: it is said how to write them.
    @Test func aBlockOfLinesIsLeftAlone() throws {
        let found = Repository(
            "stages: { a: { uses: noop } }\nfinally:\n  b:\n    uses: shell.run\n    with:\n      command: |\n        echo a\n        echo b\n"
        ).check()
        #expect(found.count == 1 && found.allSatisfy(\.fixIts.isEmpty))
        #expect(found.first?.help == "such as '[sh, -c, \"COMMAND\"]'")
    }
}
