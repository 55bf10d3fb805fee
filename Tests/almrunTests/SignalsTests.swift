import Foundation
import Testing

/// The built command when its terminal goes away, and when nobody reads what it shows.
@Suite(.waits) struct SignalsTests {
    private func shell(_ script: String) throws -> [String] {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(
            """
            stages:
              slow:
                uses: shell.run
                with: { command: [sh, -c, "echo $$ > leader; echo > ready; while ! test -e go; do sleep 0.02; done"] }
              after: { uses: shell.run, needs: [slow], with: { command: [sh, -c, "echo > after"], effect: repeatable } }
            finally:
              tidy: { uses: shell.run, with: { command: [sh, -c, "echo > tidied"], effect: repeatable } }
            """, "pipelines/release.yaml")
        let prelude = """
            set -m
            waitfor() { for i in $(seq 1500); do test -e "$1" && return; sleep 0.02; done; echo "no $1"; }
            gone() { grep -q "^State:.[^ZX]" /proc/"$(cat "$1")"/status 2>/dev/null && echo "$1 runs" || echo "$1 gone"; }

            """
        return try BuiltCommand.shell(prelude + script, in: work.path).output.split(separator: "\n").map(String.init)
    }

    @Test("a terminal that goes away stops a run in order, however often it says so")
    func hangUp() throws {
        let lines = try shell(
            """
            "$ALMRUN" run release >/dev/null 2>&1 & job=$!
            waitfor ready
            kill -HUP $job; kill -HUP $job; wait $job; echo "status $?"
            gone leader; test -e tidied && echo tidied; test -e after && echo after
            """)
        #expect(lines == ["status 130", "leader gone", "tidied"])
    }

    /// A stopped process cannot hear of it, so the run is at work until it goes on.
    @Test("a cancel that a signal keeps from waiting for the end does not say that it was reached")
    func signalWhileACancelWaits() throws {
        let lines = try shell(
            """
            "$ALMRUN" run release >/dev/null 2>&1 & job=$!
            waitfor ready
            kill -STOP $job
            "$ALMRUN" cancel latest --wait >said 2>told & cancel=$!
            for i in $(seq 1500); do grep -q "waits until then" told && break; sleep 0.02; done
            kill -TERM $cancel; wait $cancel; echo "status $?"
            grep -c "the end is asked for" said
            "$ALMRUN" cancel latest >/dev/null; echo "status $?"
            # The shell may tell first that it was stopped.
            kill -CONT $job; status=147
            while [ $status = 147 ]; do wait $job; status=$?; done; echo "status $status"
            """)
        #expect(lines == ["status 130", "1", "status 0", "status 130"])
    }

    @Test("who was started to outlive its terminal does")
    func nohup() throws {
        let lines = try shell(
            """
            nohup "$ALMRUN" run release >/dev/null 2>&1 & job=$!
            waitfor ready
            kill -HUP $job; echo > go; wait $job; echo "status $?"
            """)
        #expect(lines == ["status 0"])
    }

    @Test("a run goes on when nobody reads what it shows")
    func brokenPipe() throws {
        let lines = try shell(
            """
            { "$ALMRUN" run release 2>&1; echo "$?" > status; } | true &
            waitfor ready; echo > go; waitfor status; sleep 0.1
            echo "status $(cat status)"; test -e after && echo after
            """)
        #expect(lines == ["status 0", "after"])
    }

    @Test("the list says which attempt a run waits for, with its process and without")
    func killedBeforeARetry() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(
            """
            stages:
              flaky:
                uses: shell.run
                with: { command: [sh, -c, "exit 75"], effect: repeatable }
                retry: { attempts: 4, delay: 10m }
            """, "pipelines/release.yaml")
        let lines = try BuiltCommand.shell(
            """
            set -m
            "$ALMRUN" run release >/dev/null 2>&1 & job=$!
            for i in $(seq 600); do
                "$ALMRUN" runs 2>/dev/null | grep -q "attempt 2 of 4 at" && break; sleep 0.1
            done
            look() {
                "$ALMRUN" runs | grep -c "    flaky: attempt 2 of 4 at .*"
                "$ALMRUN" runs --status waiting | grep -c "    flaky: attempt 2 of 4 at .*"
                "$ALMRUN" runs --status waiting --format json | grep -c '"run/retry"'
            }
            look
            kill -9 $job; wait $job 2>/dev/null
            look
            "$ALMRUN" runs | grep -c "its process is gone"
            """, in: work.path
        ).output.split(separator: "\n").map(String.init)
        #expect(lines == ["1", "1", "1", "1", "1", "1", "1"], "\(lines)")
    }

    @Test("what a signal ended is asked about, by resume too")
    func killedChild() throws {
        let lines = try shell(
            """
            "$ALMRUN" run release >/dev/null 2>said & job=$!
            waitfor ready
            kill -9 $(cat leader); wait $job; echo "status $?"
            rm ready; echo > go
            almrun resume latest >/dev/null 2>&1; echo "status $?"
            test -e ready && echo again
            almrun show latest 2>/dev/null | grep -c 'run/uncertain-effect\\|--assume slow=done'
            """)
        #expect(lines == ["status 75", "status 75", "1"])
    }
}
