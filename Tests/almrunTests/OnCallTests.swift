import Foundation
import Testing

/// The built command as somebody on call finds it: a store that is gone, a process that was stopped, a run that rests.
@Suite(.waits) struct OnCallTests {
    /// A command that waits until it is let go on, and one after it.
    static let gated = """
        concurrency: { group: g, pending: refuse }
        stages:
          slow:
            uses: shell.run
            with:
              command: [sh, -c, "echo > begun; while ! test -e go; do sleep 0.02; done"]
              effect: repeatable
          after:
            uses: shell.run
            needs: [slow]
            with: { command: [sh, -c, "echo > after"], effect: once }
        """

    private static let begin = """
        "$ALMRUN" run p >out 2>err & job=$!
        for i in $(seq 30000); do test -e begun && break; sleep 0.02; done

        """

    private func shell(_ script: String, _ pipeline: String = gated) throws -> String {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(pipeline, "pipelines/p.yaml")
        let result = try BuiltCommand.shell(script, in: work.path)
        return work.masked(result.output + result.error)
    }

    /// What another job's `git clean -fdx` does.
    @Test(arguments: [
        "rm -rf .almrun", "rm .almrun/runs.sqlite*", "cp .almrun/runs.sqlite x; mv x .almrun/runs.sqlite",
    ])
    func nothingBeginsInAStoreThatIsGone(_ removal: String) throws {
        let output = try shell(
            Self.begin + """
                \(removal)
                echo > go
                wait $job; echo "run $?"
                test -e after && echo 'went on'
                cat out err
                """)
        #expect(output.contains("run 3\n") && !output.contains("went on"), "\(output)")
        #expect(
            output.contains("runs.sqlite' was removed, moved or replaced while this process worked with it"),
            "\(output)")
        #expect(output.contains("[store/damaged]") && !output.contains("succeeded p-"), "\(output)")
    }

    @Test func aStoppedProcessIsCalledSo() throws {
        let output = try shell(
            Self.begin + """
                kill -STOP $job
                for i in $(seq 3000); do grep -q '^State:.T' /proc/$job/status && break; sleep 0.02; done
                almrun locks
                almrun locks --format json | grep '"stopped"'
                almrun doctor | grep -A2 processes
                almrun show latest 2>&1 >/dev/null
                kill -CONT $job
                echo > go
                wait $job; echo "run $?"
                echo "process $job"
                """)
        let process = try #require(output.split(separator: "\n").last?.split(separator: " ").last)
        #expect(output.contains(", and is stopped: `kill -CONT \(process)` lets it go on"), "\(output)")
        #expect(output.contains("\"stopped\": true"), "\(output)")
        #expect(output.contains("problem   processes: 1 run has a process that is stopped"), "\(output)")
        #expect(output.contains("type: kill -CONT \(process)\n"), "\(output)")
        #expect(output.contains("which works on the run, is stopped: nothing goes on until `kill -CONT \(process)`"))
        #expect(output.contains("run 0\n"), "\(output)")
    }

    @Test func theGroupOfADeadRunIsMissedInText() throws {
        let output = try shell(
            Self.begin + """
                kill -KILL $job; wait $job 2>/dev/null
                almrun locks release g --reason 'agent gone' 2>/dev/null
                for command in "runs" "show latest" "why latest slow"; do
                    almrun $command 2>/dev/null | grep "was taken away by"
                done
                echo > go
                """)
        let count = output.components(
            separatedBy: "the group 'g' was taken away by rana@contoso.example, <time>: agent gone"
        )
        .count
        #expect(count == 4, "\(output)")
    }

    @Test func aRunThatWaitsForARetryIsListedWithIt() throws {
        let output = try shell(
            """
            almrun run p 2>/dev/null; echo "run $?"
            echo ---
            almrun runs
            almrun runs --format json | grep -A12 '"waits"'
            almrun resume latest 2>/dev/null; echo "resume $?"
            """,
            """
            stages:
              a:
                uses: shell.run
                with: { command: [sh, -c, "exit 75"], effect: repeatable }
                retry: { attempts: 4, delay: 60m, longest: 90m }
            """)
        #expect(output.contains("run 75\n") && output.contains("resume 75\n"), "\(output)")
        #expect(output.contains("\nwaits: a: attempt 2 of 4 at <time>: 'sh' ended with status 75"), "\(output)")
        #expect(output.contains("\n    a: attempt 2 of 4 at <time>: 'sh' ended"), "\(output)")
        #expect(output.contains("\"code\": \"run/retry\"") && output.contains("\"step\": \"a\""), "\(output)")
        #expect(output.components(separatedBy: "waits: a: attempt 2 of 4").count == 3, "\(output)")
    }

    @Test func whatCancelCannotEndIsSaid() throws {
        let pipeline = """
            stages:
              a: { uses: shell.run, with: { command: ["true"], effect: repeatable } }
            finally:
              tidy:
                uses: shell.run
                with: { command: [sh, -c, "echo > begun; sleep 300"], effect: once }
            """
        let output = try shell(
            Self.begin + """
                kill -KILL $job; wait $job 2>/dev/null
                almrun cancel latest 2>/dev/null; echo "cancel $?"
                """, pipeline)
        #expect(output.contains("cancel 75\n") && !output.contains("asked the process"), "\(output)")
        #expect(output.contains("waits: tidy: ") && output.contains("--assume tidy=done"), "\(output)")
    }

    /// The newest events, taken off together with what the index says of them, are missed by who has kept the head.
    @Test func theHeadThatWasKeptIsMissed() throws {
        let output = try shell(
            """
            almrun run p >/dev/null 2>&1
            head=$(almrun verify latest | sed -n 's/^  head  *//p'); echo "digits ${#head}"
            almrun show latest --format json | grep -c "\\"head\\": \\"$head\\""
            almrun verify latest --head $head >/dev/null; echo "whole $?"
            almrun verify latest --head $(echo $head | cut -c1-8) >/dev/null; echo "short $?"
            almrun verify latest --head 0000000011111111; echo "wrong $?"
            for bad in 12345 xyzxyzxyz ""; do almrun verify latest --head "$bad" 2>/dev/null; echo "bad $?"; done
            almrun verify --all --head $head 2>/dev/null; echo "all $?"
            """, "stages: { a: { uses: shell.run, with: { command: [\"true\"], effect: repeatable } } }")
        #expect(output.hasPrefix("digits 64\n1\nwhole 0\nshort 0\n"), "\(output)")
        #expect(output.contains("no event has the hash 0000000011111111"), "\(output)")
        #expect(output.contains("[verify/missing]") && output.contains("wrong 1\n"), "\(output)")
        #expect(output.contains("bad 2\nbad 2\nbad 2\nall 2\n"), "\(output)")
    }

    @Test func smallTextsSayThingsOnce() throws {
        let output = try shell(
            """
            almrun run p >/dev/null 2>&1
            almrun why latest a
            almrun why latest b
            almrun runs --status rejected
            """,
            """
            stages:
              a: { uses: shell.run, with: { command: ["true"], effect: repeatable } }
              b: { uses: shell.run, with: { command: ["false"], effect: repeatable } }
            """)
        #expect(output.contains("a: succeeded") && !output.contains("succeeded: succeeded"), "\(output)")
        #expect(output.contains("b: failed: 'false' ended") && !output.contains("failed: failed"), "\(output)")
        #expect(output.contains("no runs that are rejected\n"), "\(output)")
    }
}
