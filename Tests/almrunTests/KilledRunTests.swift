import Foundation
import Testing

/// The built command when somebody ends a run whose process was killed while a command of a stage goes on.
@Suite(.waits) struct KilledRunTests {
    private static let pipeline = """
        concurrency: { group: g }
        stages:
          slow:
            uses: shell.run
            with: { command: [sh, -c, "echo $$ > child.new; mv child.new child; sleep 300"], effect: repeatable }
        finally:
          tidy:
            uses: shell.run
            with: { command: [sh, look.sh], effect: repeatable }
        """

    private static let look = """
        grep -q "^State:.[^ZX]" /proc/$(cat child)/status 2>/dev/null && echo runs > seen || echo gone > seen
        """

    private func shell(_ script: String, trapping: Bool = false) throws -> [String] {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(
            trapping
                ? Self.pipeline.replacing(
                    "echo $$ > child.new; mv child.new child; sleep 300",
                    with: "test -e child && exit; trap '' TERM; echo $$ > child.new; mv child.new child; "
                        + "for i in $(seq 300); do sleep 1; done")
                : Self.pipeline, "pipelines/p.yaml")
        try work.write(Self.look, "look.sh")
        let result = try BuiltCommand.shell(
            """
            "$ALMRUN" run p >/dev/null 2>&1 & job=$!
            for i in $(seq 30000); do test -e child && break; sleep 0.02; done
            kill -KILL $job; wait $job 2>/dev/null; sh look.sh; cat seen

            """ + script + "\nkill $(cat child) 2>/dev/null", in: work.path)
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test("cancel ends what the dead process left, before the cleanup and before the run is called cancelled")
    func cancel() throws {
        let lines = try shell(
            """
            rm seen
            almrun cancel latest 2>err | sed 's/.*: //'
            grep -c 'slow: ended what an earlier attempt left running: sh' err
            cat seen
            almrun logs latest slow | grep -c 'ended what an earlier attempt left running'
            almrun verify latest | tail -1
            """)
        #expect(lines == ["runs", "cancelled", "1", "gone", "1", "nothing is wrong"])
    }

    @Test("that the process is gone is said on standard output, in every form")
    func gone() throws {
        let lines = try shell(
            """
            for form in text json; do
                for command in "runs" "show latest" "why latest slow"; do
                    almrun $command --format $form 2>/dev/null | grep -c -e 'process is gone: `almrun resume' -e '"processIsGone": true'
                done
            done
            almrun cancel latest --format json 2>/dev/null | grep -c -e '"asked": false' -e '"process": null' -e '"inDoubt": \\[\\]'
            """)
        #expect(lines == ["runs", "1", "1", "1", "1", "2", "2", "3"])
    }

    /// The child ignores SIGTERM, so that ending it takes its time.
    @Test(
        "who only ends what was left is waited for, and what was asked is done then", arguments: ["cancel", "resume"])
    func waits(_ command: String) throws {
        let lines = try shell(
            """
            "$ALMRUN" locks release g --reason 'the agent is gone' >/dev/null 2>&1 & helper=$!
            for i in $(seq 30000); do
                grep -q '"process":'$helper .almrun/runs/*.lock && break; kill -0 $helper || break; sleep 0.01
            done
            almrun \(command) latest >/dev/null 2>err; echo "status $?"
            wait $helper; echo "released $?"
            almrun runs | grep -o -e ' cancelled  ' -e ' succeeded  '; cat err >&2
            """, trapping: true)
        #expect(
            lines == [
                "runs", "status 0", "released 0", " \(command == "cancel" ? "cancelled" : "succeeded")  ",
            ], "\(lines)")
    }

    @Test("the lock of a group is given away once nothing goes on under it")
    func release() throws {
        let lines = try shell(
            """
            almrun locks release g --reason 'the agent is gone' 2>err | sed 's/ from run.*//'
            grep -c 'slow: ended what an earlier attempt left running: sh' err
            sh look.sh; cat seen
            almrun locks release g --reason again >/dev/null 2>&1; echo "status $?"
            """)
        #expect(lines == ["runs", "group g was taken away", "1", "gone", "status 2"])
    }
}
