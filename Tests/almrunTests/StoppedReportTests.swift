import Foundation
import Testing

/// `--junit` of a run that almrun cannot work on to its end.
@Suite(.waits) struct StoppedReportTests {
    /// A chain of steps that say much, so that the store gets full in the middle.
    private static func pipeline() -> String {
        var text = "stages:\n"
        for number in 1...60 {
            let need = number > 1 ? ", needs: [s\(number - 1)]" : ""
            text +=
                "  s\(number): { uses: shell.run\(need), with: { command: [seq, \"1500\"], effect: repeatable } }\n"
        }
        return text
    }

    private func shell(_ script: String) throws -> BuiltCommand.Result {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(Self.pipeline(), "pipelines/p.yaml")
        return try BuiltCommand.shell(
            "full() { (trap '' XFSZ; ulimit -f 600; almrun \"$@\"); }\n" + script, in: work.path)
    }

    @Test("what is known is written, and that the run was stopped")
    func known() throws {
        let result = try shell(
            """
            full run p --junit out/r.xml 2>err; echo $?
            grep -c '<testcase name="run"' out/r.xml; grep -c 'almrun stopped: .*File too large' out/r.xml
            test $(grep -c '<testcase' out/r.xml) = 61 && echo whole; head -2 out/r.xml | grep -o 'errors="1"' | head -1
            grep -c "'out/r.xml' has what is known" err
            almrun resume latest --junit out/r.xml >/dev/null 2>&1; echo $?; grep -o 'tests="60" failures="0" errors="0"' out/r.xml | head -1
            """)
        #expect(
            result.output == "3\n1\n1\nwhole\nerrors=\"1\"\n1\n0\ntests=\"60\" failures=\"0\" errors=\"0\"\n",
            "\(result.output)\(result.error)")
    }

    @Test("where nothing can be written, that is said, and nothing is left of an earlier run")
    func unwritable() throws {
        let result = try shell(
            """
            name=$(printf 'x%.0s' $(seq 240)).xml; echo '<testsuites/>' > $name
            full run p --junit $name 2>err; echo $?
            grep -o 'was not written: cannot write.*File name too long$' err | wc -l
            test -e $name || echo none
            almrun run p --junit $name 2>err >/dev/null; echo $?; grep -c 'is of an earlier run' err
            """)
        #expect(result.output == "3\n1\nnone\n3\n0\n", "\(result.output)\(result.error)")
    }

    @Test("of a run that is killed there is no report, and not that of the run before")
    func killed() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(OnCallTests.gated, "pipelines/p.yaml")
        let result = try BuiltCommand.shell(
            """
            echo '<testsuites/>' > r.xml
            almrun run q --junit r.xml >/dev/null 2>&1; cat r.xml
            "$ALMRUN" run p --junit r.xml >/dev/null 2>&1 & job=$!
            for i in $(seq 30000); do test -e begun && break; sleep 0.02; done
            kill -9 $job; wait $job 2>/dev/null; test -e r.xml || echo none
            echo > go; almrun resume latest --junit r.xml >/dev/null 2>&1; grep -c '<testcase' r.xml
            """, in: work.path)
        #expect(result.output == "<testsuites/>\nnone\n2\n", "\(result.output)\(result.error)")
    }

    @Test("a run that never began leaves the file of an earlier one, and says so")
    func neverBegan() throws {
        let result = try shell(
            """
            almrun run p >/dev/null 2>&1; echo '<testsuites/>' > r.xml
            (trap '' XFSZ; ulimit -f 0; almrun run p --junit r.xml 2>&1; echo "status $?") | cat; cat r.xml
            """)
        #expect(
            result.output.contains("'r.xml' was not written; what is in it is of an earlier run\n"), "\(result.output)")
        #expect(result.output.hasSuffix("status 3\n<testsuites/>\n"), "\(result.output)")
    }
}
