import Documents
import Engine
import Foundation
import Testing

@testable import Stages

@Suite("shell.run", .waits)
struct ShellRunTests {
    private func sh(_ script: String, env: [String: String]? = nil, directory: String? = nil) -> ShellRun.Input {
        .init(command: ["sh", "-c", script], env: env, directory: directory)
    }

    @Test("output and status come back, lines are streamed by stream")
    func success() async throws {
        let scratch = try StageScratch()
        let output = try await ShellRun().run(
            sh("echo one; echo two >&2; printf 'three\\r\\nfour'"), in: try scratch.context())
        #expect(output == .init(status: 0, output: "one\nthree\nfour", truncated: false))
        #expect(scratch.lines(.output) == ["one", "three", "four"])
        #expect(scratch.lines(.error) == ["two"])
    }

    @Test("any other status is a no with the last lines")
    func status() async throws {
        let scratch = try StageScratch()
        let failure = await failure {
            try await ShellRun().run(
                sh("for i in $(seq 1 40); do echo line $i; done; exit 3"), in: try scratch.context())
        }
        #expect(failure?.kind == .rejected)
        #expect(failure?.code == "shell/exit-status")
        #expect(failure?.message == "'sh' ended with status 3")
        #expect(failure?.notes.count == 15)
        #expect(failure?.notes.first == "line 26")
        #expect(failure?.notes.last == "line 40")
    }

    @Test("status 75 is not this time")
    func transient() async throws {
        let scratch = try StageScratch()
        let failure = await failure { try await ShellRun().run(sh("exit 75"), in: try scratch.context()) }
        #expect(failure?.kind == .transient)
    }

    @Test("a signal is named")
    func signal() async throws {
        let scratch = try StageScratch()
        let failure = await failure {
            try await ShellRun().run(sh("echo oh; kill -SEGV $$"), in: try scratch.context())
        }
        #expect(failure?.kind == .broken)
        #expect(failure?.message == "'sh' was ended by SIGSEGV (11)")
        #expect(failure?.notes == ["oh"])
    }

    @Test("the environment is small, and what is declared is there")
    func environment() async throws {
        let scratch = try StageScratch()
        setenv("ALMRUN_TEST_FOREIGN", "1", 1)
        let output = try await ShellRun().run(.init(command: ["env"], env: ["EXTRA": "x y"]), in: try scratch.context())
        let names = Set(output.output.split(separator: "\n").map { String($0.prefix { $0 != "=" }) })
        #expect(
            names.subtracting(["HOME", "LANG", "TMPDIR"])
                == [
                    "PATH", "CI", "EXTRA", "ALMRUN_RUN", "ALMRUN_STEP", "ALMRUN_ATTEMPT", "ALMRUN_TOKEN",
                    "ALMRUN_PROCESS",
                ])
        #expect(output.output.contains("EXTRA=x y"))
        #expect(output.output.contains("ALMRUN_TOKEN=token-1"))
    }

    @Test("a program that is still written to is waited for")
    func busy() async throws {
        let scratch = try StageScratch()
        try scratch.write("#!/bin/sh\necho begun\n", to: "tool", executable: true)
        let writing = open("\(scratch.root)/tool", O_WRONLY | O_CLOEXEC)
        try #require(writing >= 0)
        let closing = Task.detached {
            try? await Task.sleep(for: .milliseconds(60))
            close(writing)
        }
        let output = try await ShellRun().run(.init(command: ["./tool"]), in: try scratch.context())
        await closing.value
        #expect(output.output == "begun")
    }

    @Test("it reads nothing")
    func input() async throws {
        let scratch = try StageScratch()
        #expect(try await ShellRun().run(.init(command: ["cat"]), in: try scratch.context()).output.isEmpty)
    }

    @Test("it runs in the repository, and its programs are the repository's")
    func directory() async throws {
        let scratch = try StageScratch()
        try scratch.write("#!/bin/sh\npwd; echo \"$@\"\n", to: "scripts/tell", executable: true)
        try scratch.write("", to: "deep/er/file")
        let output = try await ShellRun().run(
            .init(command: ["scripts/tell", "a b", "*"], directory: "deep/er"), in: try scratch.context())
        let real = try #require(realpath(scratch.root, nil).map { String(cString: $0) })
        #expect(output.output == "\(real)/deep/er\na b *")
        let outside = await failure {
            try await ShellRun().run(.init(command: ["pwd"], directory: "../"), in: try scratch.context())
        }
        #expect(outside?.code == "path/outside")
        let missing = await failure {
            try await ShellRun().run(.init(command: ["pwd"], directory: "no"), in: try scratch.context())
        }
        #expect(missing?.code == "shell/no-directory")
    }

    @Test("a secret that only another stage's text names is not put in")
    func borrowedReferences() async throws {
        let scratch = try StageScratch()
        let context = try scratch.context(
            secrets: ["KEY": "s3cr3t-value"], input: ["env": ["NOTES": "${{ stages.c.output }}"]])
        let output = try await ShellRun().run(
            sh("printf %s \"$NOTES\"", env: ["NOTES": "${{ secrets.KEY }}"]), in: context)
        #expect(output.output == "${{ secrets.KEY }}")
    }

    @Test("secrets reach the command through env alone and are masked in every line")
    func secrets() async throws {
        let scratch = try StageScratch()
        let context = try scratch.context(
            secrets: ["KEY": "s3cr3t-value"],
            input: ["env": ["KEY": "${{ secrets.KEY }}", "A": "${{ secrets.OTHER }}"]])
        let input = sh("echo key is $KEY; echo $KEY >&2; echo ${#KEY}", env: ["KEY": "${{ secrets.KEY }}"])
        let output = try await ShellRun().run(input, in: context)
        #expect(output.output == "key is ***\n12")
        #expect(scratch.lines(.error) == ["***"])
        let argument = await failure {
            try await ShellRun().run(.init(command: ["echo", "${{ secrets.KEY }}"]), in: context)
        }
        #expect(argument?.code == "shell/secret-argument")
        let none = await failure {
            try await ShellRun().run(sh("true", env: ["A": "${{ secrets.OTHER }}"]), in: context)
        }
        #expect(none?.code == "secret/missing")
        let failed = await failure {
            try await ShellRun().run(sh("echo $KEY; exit 1", env: ["KEY": "${{ secrets.KEY }}"]), in: context)
        }
        #expect(failed?.notes == ["***"])
    }

    @Test("a program that is missing or cannot run is explained")
    func missing() async throws {
        let scratch = try StageScratch()
        try scratch.write("echo", to: "plain.sh")
        try scratch.write("#!/no/such/interpreter\n", to: "odd", executable: true)
        for (command, code, words) in [
            (["no-such-program"], "shell/not-found", "there is no program 'no-such-program' on the PATH"),
            (["./no-such"], "shell/not-found", "the program './no-such' does not exist"),
            (["./plain.sh"], "shell/not-executable", "the file './plain.sh' is not executable"),
            (["./.."], "shell/not-executable", "'./..' is a folder, not a program"),
            ([], "shell/no-command", "the command is empty"), ([""], "shell/no-command", "the command is empty"),
            (["./odd"], "shell/cannot-start", "'./odd' cannot be started"),
            (["echo", "a\u{0}b"], "shell/zero-byte", "an argument of 'echo' holds a zero byte"),
        ] {
            let failure = await failure { try await ShellRun().run(.init(command: command), in: try scratch.context()) }
            #expect(failure?.kind == .broken)
            #expect(failure?.code == code)
            #expect(failure?.message.hasPrefix(words) == true, "\(failure?.message ?? "")")
        }
    }

    @Test("long lines are cut, and too much output is left out, both said")
    func limits() async throws {
        let scratch = try StageScratch()
        var stage = ShellRun()
        stage.limits = .init(line: 100, total: 1000, kept: 300, tail: 3)
        let output = try await stage.run(
            sh("head -c 250 /dev/zero | tr '\\0' x; echo; for i in $(seq 1 200); do echo line $i; done"),
            in: try scratch.context())
        let lines = scratch.lines(.output)
        #expect(lines.first == String(repeating: "x", count: 100) + " ... (150 bytes of this line left out)")
        #expect(lines.reduce(0) { $0 + $1.utf8.count + 1 } <= 1000)
        #expect(scratch.lines(.note).last?.contains("more lines") == true)
        #expect(output.truncated)
        #expect(output.output.utf8.count <= 300)
    }

    /// Such as JSON on one line: the log has a part of it, and later stages all.
    @Test(
        "a line that is too long for the log is whole in the output, up to what that holds", arguments: [299, 300, 900])
    func longLine(_ length: Int) async throws {
        let scratch = try StageScratch()
        var stage = ShellRun()
        stage.limits = .init(line: 100, total: 1000, kept: 300, tail: 3)
        let output = try await stage.run(
            sh("head -c \(length) /dev/zero | tr '\\0' x; echo; echo more"), in: try scratch.context())
        #expect(output.output == String(repeating: "x", count: min(length, 299)))
        #expect(output.truncated)
        #expect(
            scratch.lines(.output) == [
                String(repeating: "x", count: 100) + " ... (\(length - 100) bytes of this line left out)", "more",
            ])
    }

    @Test("bytes that are no text do not break anything")
    func binary() async throws {
        let scratch = try StageScratch()
        let output = try await ShellRun().run(sh("printf 'a\\377b\\n\\n'"), in: try scratch.context())
        #expect(output.output == "a\u{FFFD}b\n")
    }

    @Test("a lot of output on both streams at once does not block")
    func flood() async throws {
        let scratch = try StageScratch()
        let output = try await ShellRun().run(
            sh(
                "for i in 1 2 3 4; do head -c 300000 /dev/zero | tr '\\0' 'a'; head -c 300000 /dev/zero | tr '\\0' 'b' >&2; done"
            ),
            in: try scratch.context())
        #expect(output.status == 0)
    }

    @Test("when it is cancelled the whole group goes, also one that ignores SIGTERM")
    func cancellation() async throws {
        let scratch = try StageScratch()
        var quick = ShellRun()
        quick.grace = .milliseconds(300)
        let stage = quick
        let task = Task {
            try await stage.run(
                sh(
                    "trap '' TERM; (trap '' TERM; sleep 600; sleep 600) & echo $! > child; echo $$ > parent; while :; do sleep 0.05; done"
                ),
                in: try scratch.context())
        }
        try await eventually { FileManager.default.fileExists(atPath: scratch.root + "/parent") }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        for name in ["parent", "child"] { #expect(try await isGone(scratch.read(name)), "\(name)") }
    }

    @Test("one that says 0 when it is asked to stop has not said that it was done")
    func orderlyEnd() async throws {
        let scratch = try StageScratch()
        let task = Task {
            try await ShellRun().run(
                sh("trap 'exit 0' TERM; echo > ready; while :; do sleep 0.05; done"), in: try scratch.context())
        }
        try await eventually { FileManager.default.fileExists(atPath: scratch.root + "/ready") }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("a first process that ends at SIGTERM does not save its children")
    func orphans() async throws {
        let scratch = try StageScratch()
        var quick = ShellRun()
        quick.grace = .milliseconds(200)
        let stage = quick
        let task = Task {
            try await stage.run(
                sh("(trap '' TERM; echo ready > child.ready; while :; do sleep 0.05; done) & echo $! > child; wait"),
                in: try scratch.context())
        }
        try await eventually { FileManager.default.fileExists(atPath: scratch.root + "/child.ready") }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await isGone(scratch.read("child")))
    }

    @Test("what a command leaves running does not hold it up and is ended, and that is said")
    func leftBehind() async throws {
        let scratch = try StageScratch()
        let output = try await ShellRun().run(sh("sleep 600 & echo $! > child; echo done"), in: try scratch.context())
        #expect(output.output == "done")
        #expect(try await isGone(scratch.read("child")))
        let child = try scratch.read("child").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(scratch.lines(.note) == ["ended what 'sh' left running: sleep (\(child))"])
    }

    @Test("after an interruption the declared effect decides")
    func recovery() async throws {
        let scratch = try StageScratch()
        func recover(_ effect: ShellRun.Effect?, probe: [String]? = nil) async throws -> Recovery<ShellRun.Output> {
            try await ShellRun().recover(
                .init(command: ["true"], effect: effect, probe: probe), in: try scratch.context())
        }
        #expect(try await recover(.repeatable).isNotStarted)
        #expect(try await recover(ShellRun.Effect.none).isNotStarted)
        #expect(try await recover(.once, probe: ["false"]).isNotStarted)
        guard case .unknown(let reason) = try await recover(nil) else {
            Issue.record("nobody can know")
            return
        }
        #expect(reason.hasPrefix("the command 'true' was interrupted; what it said is in `almrun logs "))
        #expect(reason.hasSuffix("`, and only a person can tell whether it took effect"))
        guard case .completed(let output) = try await recover(.once, probe: ["echo", "there"]) else {
            Issue.record("the probe said done")
            return
        }
        #expect(output.output == "there")
        // What a later stage uses is not made up.
        func used(_ probe: [String], _ name: String) async throws -> Recovery<ShellRun.Output> {
            var context = try scratch.context()
            context.isOutputUsed = { $0 == name }
            return try await ShellRun().recover(.init(command: ["true"], probe: probe), in: context)
        }
        guard case .unknown(let silent) = try await used(["true"], "output") else {
            Issue.record("the probe gave no output")
            return
        }
        #expect(silent.contains("says that it took effect and gives no output, which a later stage uses"))
        for (probe, name) in [(["true"], "status"), (["echo", "there"], "output")] {
            guard case .completed = try await used(probe, name) else {
                Issue.record("nothing is missing")
                return
            }
        }
        guard case .unknown = try await recover(.once, probe: ["sh", "-c", "exit 4"]) else {
            Issue.record("the probe could not tell")
            return
        }
    }

    private func eventually(_ condition: () -> Bool) async throws {
        for _ in 0..<30_000 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
        try #require(condition())
    }

    /// Whether a process ended; one that nobody has waited for yet counts as ended.
    private func isGone(_ text: String) async throws -> Bool {
        let number = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        for _ in 0..<100 {
            guard kill(number, 0) == 0, let stat = FileManager.default.contents(atPath: "/proc/\(number)/stat") else {
                return true
            }
            if String(decoding: stat, as: UTF8.self).contains(") Z ") { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}
