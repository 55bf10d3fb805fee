import Foundation
import Testing

/// The built command, where people say what became of an effect in a run that is over.
@Suite(.waits) struct TakenDownTests {
    private static let pipeline = """
        concurrency: { group: g, pending: supersede }
        stages:
          a: { uses: shell.run, with: { command: [sh, work.sh] } }
        """

    /// The first one works on when almrun is killed.
    private static let work = """
        if ! test -e begun; then echo $$ > child; echo > begun; sleep 300; fi
        """

    @Test("a superseded run names its successor before what takes it up, and a word is written once")
    func superseded() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(Self.pipeline, "pipelines/p.yaml")
        try work.write(Self.work, "work.sh")
        let result = try BuiltCommand.shell(
            """
            waits() { for i in $(seq 30000); do "$@" && return; sleep 0.02; done; echo "waited in vain: $*"; }
            "$ALMRUN" run p >/dev/null 2>&1 & job=$!
            waits test -e begun
            kill -KILL $job; wait $job 2>/dev/null
            old=$(almrun runs --ids)
            almrun run p >/dev/null 2>&1; echo "newer $?"
            first="once run '$(almrun runs --ids --limit 1)', which has taken its place, is over, \\`almrun resume $old --rerun a\\`"
            for word in not-done not-done done; do
                almrun resume $old --assume a=$word >/dev/null 2>said; echo "$word $? $(grep -c "begun; $first" said)"
                grep -c 'taken down already' said
                almrun why $old a | grep -c 'said of it'
            done
            almrun why $old a | grep -c "$first"
            almrun verify $old | tail -1
            kill $(cat child) 2>/dev/null
            """, in: work.path)
        #expect(
            result.output
                == "newer 0\nnot-done 0 1\n0\n1\nnot-done 0 1\n1\n1\ndone 0 1\n0\n2\n1\nnothing is wrong\n",
            "\(result.output)\(result.error)")
    }
}
