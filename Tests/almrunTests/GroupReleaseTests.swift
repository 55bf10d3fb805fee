import Foundation
import Testing

/// The built command when somebody takes the concurrency group away from a run at work.
@Suite(.waits) struct GroupReleaseTests {
    @Test func theRunThatHadItStopsAndSaysWhoTookIt() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(
            """
            concurrency: { group: g }
            stages:
              slow:
                uses: shell.run
                with:
                  command: [sh, -c, "echo > begun; while ! test -e go; do sleep 0.02; done; echo > done"]
                  effect: repeatable
              after:
                uses: shell.run
                needs: [slow]
                with: { command: [sh, -c, "echo > after"], effect: repeatable }
            """, "pipelines/p.yaml")
        let result = try BuiltCommand.shell(
            """
            "$ALMRUN" run p >/dev/null 2>&1 & job=$!
            for i in $(seq 500); do test -e begun && break; sleep 0.02; done
            almrun locks release g --reason 'the agent hangs' >/dev/null 2>refused; echo "unforced $?"
            grep -c 'lock/in-use' refused
            almrun locks release g --reason 'the agent hangs' --force
            wait $job; echo "run $?"
            almrun locks 2>&1
            almrun show latest
            almrun verify latest | tail -1
            test -e done || echo 'nothing done'
            echo > go
            almrun resume latest >/dev/null 2>&1; echo "resume $?"
            test -e after && echo after
            cat .almrun/runs.sqlite* | grep -a -o '"kind":"lockBroken"[^}]*' | sort -u
            almrun verify latest | tail -1
            """, in: work.path)
        let lines = work.masked(result.output).split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(5) == [
                "unforced 2", "1", "group g was taken away from run p-<id>", "run 75", "no lock is held",
            ], "\(result.output)\(result.error)")
        #expect(
            result.output.contains("the group 'g' was taken away by rana@contoso.example")
                && result.output.contains(": the agent hangs"))
        #expect(
            lines.suffix(6) == [
                "nothing is wrong", "nothing done", "resume 0", "after",
                #""kind":"lockBroken","lock":"group g","fence":1,"by":"rana@contoso.example","reason":"the agent hangs""#,
                "nothing is wrong",
            ], "\(result.output)")
    }
}
