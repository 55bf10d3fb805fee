import Foundation
import Testing

/// The built command when a process was killed or stopped, or its store was emptied under it.
@Suite(.waits) struct CutOffTests {
    private static let gated = OnCallTests.gated.replacing(", pending: refuse", with: "")

    /// Its command works on when almrun is killed.
    private static func doubtful(_ probe: String) -> String {
        """
        stages:
          a:
            uses: shell.run
            with: { command: [sh, work.sh]\(probe) }
          c: { uses: shell.run, needs: [a], with: { command: [cat, effect], effect: repeatable } }
        """
    }

    private static let work = """
        echo "$ALMRUN_ATTEMPT" >> attempts
        if ! test -e begun; then echo $$ > child; echo > begun; sleep 300; fi
        echo done > effect
        """

    private static let begin = """
        waits() { for i in $(seq 30000); do "$@" && return; sleep 0.02; done; echo "waited in vain: $*"; }
        "$ALMRUN" run p >out 2>err & job=$!
        waits test -e begun

        """

    private func shell(_ script: String, _ pipeline: String = gated) throws -> String {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(pipeline, "pipelines/p.yaml")
        try work.write(Self.work, "work.sh")
        let result = try BuiltCommand.shell(Self.begin + script, in: work.path)
        return work.masked(result.output + result.error)
    }

    @Test("who only reads leaves the log of an emptied store to the run that works with it")
    func emptiedStore() throws {
        let output = try shell(
            """
            : > .almrun/runs.sqlite
            for command in runs locks; do
                timeout 120 "$ALMRUN" $command >/dev/null 2>said; echo "$command $? $(grep -c 'store/damaged' said)"
            done
            echo > go
            wait $job; echo "run $?"
            almrun verify latest | tail -1
            almrun runs | grep -c 'succeeded *2/2'
            """)
        #expect(output == "runs 3 1\nlocks 3 1\nrun 0\nnothing is wrong\n1\n", "\(output)")
    }

    @Test("nobody says what a command did that still works: it is ended, and looked for, first")
    func assumedTooEarly() throws {
        let output = try shell(
            """
            kill -KILL $job; wait $job 2>/dev/null
            almrun resume latest --assume a=done >/dev/null 2>said; echo "assume $? $(grep -c 'run/not-in-doubt' said)"
            grep -q '^State:.[^ZX]' /proc/$(cat child)/status && echo 'goes on'
            almrun resume latest >said 2>&1; echo "resume $? $(grep -c 'ended what an earlier attempt left running' said)"
            cat effect
            kill $(cat child) 2>/dev/null
            """, Self.doubtful(", probe: [sh, -c, \"test -f effect && echo found\"]"))
        #expect(output == "assume 2 1\ngoes on\nresume 0 1\ndone\n", "\(output)")
    }

    @Test("what a kill left in doubt is in every inbox until somebody has said what became of it")
    func doubtsInTheInbox() throws {
        let output = try shell(
            """
            kill -KILL $job; wait $job 2>/dev/null
            almrun inbox | grep -c "'a' was at work when the run's process ended"
            almrun cancel latest >/dev/null 2>&1; echo "cancel $?"
            almrun inbox | grep -c -e 'the run is cancelled' -e 'stays as it is: `almrun resume p-.* --assume a=done`'
            echo done > effect
            almrun resume latest --assume a=done >/dev/null 2>said
            echo "resume $? $(grep -c "'a' was done; nothing was begun" said)"
            almrun inbox | grep -c 'nothing waits for you'
            almrun show latest | grep -c "^a was cut off: .* said of it that it happened ("
            almrun show latest --format json | grep -A1 '"said"' | grep -c 'said of it that it happened'
            almrun runs --status cancelled --ids | wc -l
            almrun verify latest | tail -1
            kill $(cat child) 2>/dev/null
            """, Self.doubtful(""))
        #expect(output == "1\ncancel 0\n2\nresume 0 1\n1\n1\n1\n1\nnothing is wrong\n", "\(output)")
    }

    @Test("a word that a probe contradicts is not taken, also of a run that is over")
    func contradicted() throws {
        let output = try shell(
            """
            kill -KILL $job; wait $job 2>/dev/null
            almrun cancel latest >/dev/null 2>&1; echo "cancel $?"
            echo done > effect
            almrun resume latest --assume a=not-done >/dev/null 2>said; echo "not-done $? $(grep -c 'it took effect' said)"
            almrun resume latest --rerun a --assume a=done >/dev/null 2>&1; echo "done $?"
            almrun show latest --format json | grep -c '"assumed'
            kill $(cat child) 2>/dev/null
            """, Self.doubtful(", probe: [sh, -c, \"test -f effect && echo found\"]"))
        #expect(output == "cancel 0\nnot-done 2 1\ndone 0\n0\n", "\(output)")
    }

    @Test("the command is told the number of the attempt that people are shown")
    func attemptsThatOnlyLooked() throws {
        let output = try shell(
            """
            kill -KILL $job; wait $job 2>/dev/null
            almrun resume latest >/dev/null 2>&1; echo "resume $?"
            almrun resume latest --assume a=not-done >/dev/null 2>&1; echo "resume $?"
            almrun show latest | grep -c 'succeeded *a .*attempt 2'
            cat attempts
            kill $(cat child) 2>/dev/null
            """, Self.doubtful(""))
        #expect(output == "resume 75\nresume 0\n1\n1\n2\n", "\(output)")
    }

    @Test("that a process is stopped, and that its end was asked for, is said wherever one looks")
    func stopped() throws {
        let output = try shell(
            """
            kill -STOP $job
            stopped() { grep -q '^State:.T' /proc/$job/status; }
            waits stopped
            # Whoever is in the middle of a write would stop all others.
            while grep -q "POSIX .*WRITE $job " /proc/locks; do
                kill -CONT $job; sleep 0.05; kill -STOP $job; waits stopped
            done
            almrun runs | grep -c "is stopped: nothing goes on until .kill -CONT $job"
            almrun runs --format json | grep '"processIsStopped"'
            almrun cancel latest --reason wrong | grep -c "hears of it when .kill -CONT $job"
            almrun runs | grep 'cancel asked for'
            almrun runs --format json | grep -A4 '"cancelRequest"' | grep -o '"reason": "wrong"'
            almrun locks release g --reason gone 2>&1 | grep -c -e 'is stopped: .kill -CONT' -e 'almrun cancel'
            kill -KILL $job; wait $job 2>/dev/null
            for command in runs "show latest" "why latest slow" doctor; do
                almrun $command 2>/dev/null | grep -c 'resume .* cancels it, as was asked'
            done
            almrun resume latest >/dev/null 2>&1; echo "resume $?"
            echo > go
            """)
        #expect(
            output == """
                1
                      "processIsStopped": true
                1
                    cancel asked for by rana@contoso.example <time>: wrong
                "reason": "wrong"
                1
                1
                1
                1
                1
                resume 130

                """, "\(output)")
    }

    @Test("who waits behind a stopped run is told so, and not that it has anything")
    func stoppedBefore() throws {
        let output = try shell(
            """
            stopped() { grep -q '^State:.T' /proc/$1/status; }
            stop() {
                kill -STOP $1; waits stopped $1
                while grep -q "POSIX .*WRITE $1 " /proc/locks; do
                    kill -CONT $1; sleep 0.05; kill -STOP $1; waits stopped $1
                done
            }
            waiting() { test "$(almrun runs 2>/dev/null | grep -c 'waits for run')" = $1; }
            "$ALMRUN" run p >out2 2>err2 & second=$!
            waits waiting 1
            "$ALMRUN" run p >out3 2>err3 & third=$!
            waits waiting 2
            stop $second
            echo > go; wait $job
            waits grep -q "it is the turn of run .*, whose process $second is stopped: .kill -CONT $second" err3
            first=$(almrun runs --ids | sed -n 2p)
            # It says so before it writes down whom it waits for.
            written() { almrun runs 2>/dev/null | grep -q "run $first, which comes first"; }
            waits written
            stop $third
            grep -c "$first.*has it since" err3
            almrun runs | grep -c "run $first, which comes first, has process $second .* is stopped: .kill -CONT $second"
            for command in "show latest" "why latest slow"; do
                almrun $command 2>&1 | grep -c "run $first, which comes first, has process $second .* is stopped"
            done
            kill -KILL $second $third; wait $second $third 2>/dev/null
            """)
        #expect(output == "0\n1\n1\n1\n", "\(output)")
    }

    @Test("of several runs that were killed, the one is named that can go on")
    func whichGoesOn() throws {
        let output = try shell(
            """
            "$ALMRUN" run p >out2 2>err2 & other=$!
            queued() { almrun runs 2>/dev/null | grep -q 'waits for run'; }
            waits queued
            kill -KILL $job $other; wait $job $other 2>/dev/null
            first=$(almrun runs --ids | tail -1)
            almrun doctor | grep -c "type: almrun resume $first"
            almrun doctor | grep -c "which waits for run '$first'"
            echo > go
            almrun resume $first >/dev/null 2>&1; echo "resume $?"
            """)
        #expect(output == "1\n1\nresume 0\n", "\(output)")
    }
}
