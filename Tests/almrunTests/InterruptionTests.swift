import Foundation
import Testing

/// The built command when it is told to stop while a command of a stage runs.
@Suite(.waits) struct InterruptionTests {
    /// A stage that starts processes which leave its group, its session, its parent and its environment, and then waits.
    private static let files = [
        "pipelines/release.yaml": """
        description: A stage that goes on until a file is there.
        stages:
          slow:
            uses: shell.run
            with: { command: [sh, slow.sh], effect: repeatable }
          after:
            uses: shell.run
            needs: [slow]
            with: { command: [sh, -c, "echo > after"], effect: repeatable }
        finally:
          tidy:
            uses: shell.run
            with: { command: [sh, -c, "echo > tidied"], effect: repeatable }
        """,
        "slow.sh": """
        test -e go && exit 0
        echo $$ > leader
        setsid sh -c 'sh -c "echo \\$\\$ > escaped.new; mv escaped.new escaped; exec sleep 300" & exit 0'
        (env -i setsid sh -c 'echo $$ > bare.new; mv bare.new bare; exec sleep 300' >/dev/null 2>&1 &)
        while ! test -e escaped || ! test -e bare; do sleep 0.02; done
        echo > ready
        sleep 300
        """,
    ]

    private static let prelude = """
        set -m
        waitfor() { for i in $(seq 1500); do test -e "$1" && return; sleep 0.02; done; echo "no $1"; }
        gone() { grep -q "^State:.[^ZX]" /proc/"$(cat "$1")"/status 2>/dev/null && echo "$1 runs" || echo "$1 gone"; }
        "$ALMRUN" run release >/dev/null 2>&1 & job=$!
        waitfor ready

        """

    private func shell(_ script: String, before: String = "") throws -> [String] {
        let work = try WorkFolder()
        defer { work.remove() }
        for (name, text) in Self.files {
            let file = URL(filePath: work.path).appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("\(text)\n".utf8).write(to: file)
        }
        let result = try BuiltCommand.shell(before + "\n" + Self.prelude + script, in: work.path)
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test(
        "one signal stops the stage with all its processes, tidies up, and resume carries on",
        arguments: ["TERM", "INT"])
    func stops(_ signal: String) throws {
        let lines = try shell(
            """
            kill -\(signal) $job; wait $job; echo "status $?"
            gone leader; gone escaped; gone bare
            test -e tidied && echo tidied
            test -e after && echo after
            echo > go
            almrun resume latest >/dev/null 2>&1; echo "status $?"
            test -e after && echo after
            """)
        #expect(
            lines == [
                "status 130", "leader gone", "escaped gone", "bare gone", "tidied", "status 0", "after",
            ])
    }

    @Test("a second signal leaves at once, and still nothing goes on")
    func leaves() throws {
        let lines = try shell(
            """
            kill -TERM $job; sleep 0.5; kill -TERM $job; wait $job; echo "status $?"
            gone leader; gone escaped; gone bare
            """, before: "echo > stubborn")
        #expect(lines == ["status 130", "leader gone", "escaped gone", "bare gone"])
    }

    @Test("`timeout` tells the process and then its group: that is one signal, and what was begun is tidied up")
    func toldTwice() throws {
        let lines = try shell(
            """
            kill -TERM $job; sleep 0.05; kill -TERM $job; wait $job; echo "status $?"
            gone leader; gone escaped; gone bare
            test -e tidied && echo tidied
            """)
        #expect(lines == ["status 130", "leader gone", "escaped gone", "bare gone", "tidied"])
    }

    @Test("when its time is up a stage is ended with all its processes")
    func late() throws {
        let lines = try shell(
            """
            wait $job; echo "status $?"
            gone leader; gone escaped; gone bare
            almrun why latest slow | grep -c 'took longer than 5 s'
            """, before: "sed -i '0,/effect: repeatable }/s//&\\n    timeout: 5s/' pipelines/release.yaml")
        #expect(lines == ["status 3", "leader gone", "escaped gone", "bare gone", "1"])
    }

    @Test("after kill -9 the next attempt ends what the one before left running")
    func killed() throws {
        let lines = try shell(
            """
            kill -KILL $job; wait $job 2>/dev/null; echo "status $?"
            gone leader; gone escaped
            echo > go
            almrun resume latest >/dev/null 2>&1; echo "status $?"
            gone leader; gone escaped
            almrun logs latest | grep -c 'ended what an earlier attempt left running'
            kill $(cat bare)
            """)
        #expect(
            lines == ["status 137", "leader runs", "escaped runs", "status 0", "leader gone", "escaped gone", "1"])
    }
}
