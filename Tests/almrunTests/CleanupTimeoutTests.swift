import Foundation
import Testing

/// The built command is told to stop, and its `finally` stage, which is shielded from that, has a time limit of its own.
@Suite(.waits) struct CleanupTimeoutTests {
    @Test func theCleanupEndsWhenItsOwnTimeIsUp() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(
            """
            stages:
              slow:
                uses: shell.run
                with: { command: [sh, -c, "echo > ready; exec sleep 300"], effect: repeatable }
            finally:
              tidy:
                uses: shell.run
                timeout: 1s
                with: { command: [sh, -c, "echo $$ > tidying; sleep 300; echo > tidied"], effect: repeatable }
              last:
                uses: shell.run
                with: { command: [sh, -c, "echo > cleaned"], effect: repeatable }
            """, "pipelines/p.yaml")
        let begin = ContinuousClock.now
        let result = try BuiltCommand.shell(
            """
            "$ALMRUN" run p >/dev/null 2>&1 & job=$!
            for i in $(seq 500); do test -e ready && break; sleep 0.02; done
            kill -TERM $job; wait $job; echo "status $?"
            test -e tidying && echo began
            test -e tidied || echo 'was ended'
            test -e cleaned && echo cleaned
            grep -q '^State:.[^ZX]' /proc/$(cat tidying)/status 2>/dev/null || echo gone
            almrun why latest tidy
            """, in: work.path)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.prefix(5) == ["status 130", "began", "was ended", "cleaned", "gone"], "\(result.output)")
        #expect(result.output.contains("took longer than 1 s"), "\(result.output)")
        let time = ContinuousClock.now - begin
        #expect(time >= .seconds(1))
    }
}
