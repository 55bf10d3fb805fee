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
        ("echo\n        hi", "[echo, hi]"), ("cd build", #"[sh, -c, "cd build"]"#),
        ("export A=b", #"[sh, -c, "export A=b"]"#), (". ./env", #"[sh, -c, ". ./env"]"#),
        ("exit", #"[sh, -c, "exit"]"#), ("./cd build", "[./cd, build]"),
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

    /// What a list in its place would not be read, or would run nothing, is left to who wrote it.
    @Test(
        arguments: [
            "!!str echo tag", "!!str 'echo'", "!!str\n        echo tag", "!!str &x echo tag", "&x !!str echo tag",
            "! echo tag", "!!str make", ">-\n        make", "&x |\n        make", "!!str |\n        make", "\"\"",
            "' '",
            "\"\\n\"",
        ])
    func whatAListCannotReplaceIsLeftAlone(_ written: String) {
        let text = "stages:\n  a:\n    uses: shell.run\n    with:\n      command: \(written)\n      count: 1\n"
        let found = Repository(text).check()
        #expect(found.map(\.code) == ["manifest/type"])
        #expect(found.flatMap(\.fixIts).isEmpty)
    }

    /// A command that names no program cannot run.
    @Test(arguments: [
        ("command: []", true), ("command: [\"\"]", true), ("command: [\" \", a]", true), ("command: [a, \"\"]", false),
    ])
    func aCommandNamesAProgram(_ written: String, _ isRefused: Bool) {
        let found = Repository("stages: { a: { uses: shell.run, with: { \(written), count: 1 } } }").check()
        #expect(found.map(\.code) == (isRefused ? ["manifest/value"] : []), "\(found.map(\.message))")
        #expect(found.allSatisfy { $0.message.hasSuffix("of 'shell.run' must name a program") })
    }

    @Test func aTextWithAReferenceIsNoList() {
        let found = Repository(
            "stages: { a: { uses: shell.run, with: { command: \"tag ${{ run.id }} x\", count: 1 } } }"
        ).check()
        #expect(
            found.map(\.message) == ["input 'command' of 'shell.run' must be a list, not text with a reference in it"])
        #expect(found.first?.help == "write '[...]' with one text for each element")
    }

    /// The same holds where brackets alone are missing.
    @Test(arguments: [("b", 1), ("&x b", 1), ("!!str b", 0), (">-\n      b", 0), ("!!str &x b", 0)])
    func bracketsAreNotPutAroundATagOrABlock(_ written: String, _ fixes: Int) {
        let text = "stages:\n  a:\n    uses: noop\n    needs: \(written)\n  b: { uses: noop }\n"
        let found = Repository(text).check()
        #expect(found.map(\.message) == ["'needs' of stage 'a' must be a list, not text"])
        #expect(found.flatMap(\.fixIts).count == fixes)
        let inFlow = Repository("stages: { a: { uses: noop, needs: !!str b }, b: { uses: noop } }").check()
        #expect(inFlow.count == 1 && inFlow.flatMap(\.fixIts).isEmpty)
    }

    /// Several lines are not brought into one: it is said how to write them.
    @Test func aBlockOfLinesIsLeftAlone() throws {
        let found = Repository(
            "stages: { a: { uses: noop } }\nfinally:\n  b:\n    uses: shell.run\n    with:\n      command: |\n        echo a\n        echo b\n"
        ).check()
        #expect(found.count == 1 && found.flatMap(\.fixIts).isEmpty)
        #expect(found.first?.help == "such as '[sh, -c, \"COMMAND\"]'")
    }
}
