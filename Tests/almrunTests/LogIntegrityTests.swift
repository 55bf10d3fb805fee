import Foundation
import Testing

/// The built command, the logs of its steps, and who changes them.
@Suite(.waits) struct LogIntegrityTests {
    private static let pipeline = """
        stages:
          say:
            uses: shell.run
            with: { command: [sh, -c, "printf 'plain\\\\n\\\\377\\\\376bad s3cr3t-value\\\\n'; sleep $WAIT"], effect: repeatable,
              env: { TOKEN: "${{ secrets.TOKEN }}", WAIT: "${{ inputs.wait }}" } }
          quiet: { uses: shell.run, needs: [say], with: { command: ["true"], effect: repeatable } }
        inputs: { wait: { type: string, default: "0" } }
        """

    private func shell(_ script: String) throws -> BuiltCommand.Result {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(Self.pipeline, "pipelines/p.yaml")
        return try BuiltCommand.shell(script, in: work.path, environment: ["TOKEN": "s3cr3t-value"])
    }

    @Test("verify names a log that was changed, cut, removed or written to")
    func changes() throws {
        let result = try shell(
            """
            almrun run p >/dev/null 2>&1; log=$(echo .almrun/logs/*/say-1.log); cp $log copy
            try() { almrun verify latest | grep -o 'verify/.*[a-z]'; almrun verify --all >/dev/null; echo $?; cp copy $log; }
            almrun verify latest | grep ' logs '; try
            sed -i s/plain/plane/ $log; try
            truncate -s 20 $log; try
            echo more >> $log; try
            rm $log; try
            rm $log; mkfifo $log; almrun verify latest | grep -o 'verify/.*[a-z]'; rm $log; try
            almrun verify --all --format json | tr -d ' \\n'; echo; ls .almrun/logs/*
            """)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("  ok     logs       1 with ") == true, "\(result.output)\(result.error)")
        #expect(
            lines.dropFirst().prefix(11) == [
                "0", "verify/log-changed", "1", "verify/log-shortened", "1", "verify/log-added", "1",
                "verify/log-missing", "1", "verify/log-unreadable", "verify/log-missing",
            ], "\(result.output)")
        #expect(lines.last == "say-1.log", "\(lines)")
        #expect(result.output.contains(#"{"sound":1,"wrong":0,"#))
    }

    @Test("a process that was killed, its run resumed: what it had said is no fault, and is vouched for from then on")
    func killed() throws {
        let result = try shell(
            """
            "$ALMRUN" run p --input wait=300 >/dev/null 2>&1 & job=$!
            for i in $(seq 30000); do grep -q bad .almrun/logs/*/say-1.log 2>/dev/null && break; sleep 0.02; done
            kill -KILL $job; wait $job 2>/dev/null
            almrun verify latest | tail -1
            almrun cancel latest >/dev/null 2>&1; almrun verify latest | tail -1
            sed -i s/plain/plane/ .almrun/logs/*/say-1.log
            almrun verify latest | grep -o 'verify/.*[a-z]'
            """)
        #expect(result.output == "nothing is wrong\nnothing is wrong\nverify/log-changed\n", "\(result.error)")
    }

    @Test("lines that are lost on a full disk are no fault")
    func full() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(
            """
            stages:
              say: { uses: shell.run, with: { command: [seq, -f, "line number %07.0f", "30000"], effect: repeatable } }
            """, "pipelines/p.yaml")
        let result = try BuiltCommand.shell(
            """
            (trap '' XFSZ; ulimit -f 500; almrun run p) 2>&1 | grep -c 'could not be written to its log'
            tail -1 .almrun/logs/*/say-1.log | grep -o 'missing here'
            almrun verify latest | tail -1
            sed -i '$s/missing/written/' .almrun/logs/*/say-1.log; almrun verify latest | grep -o 'verify/.*[a-z]'
            """, in: work.path)
        #expect(
            result.output == "1\nmissing here\nnothing is wrong\nverify/log-changed\n",
            "\(result.output)\(result.error)")
    }

    @Test("a log that is gone or cut is told by logs, one that is gone by doctor")
    func lost() throws {
        let result = try shell(
            """
            almrun run p >/dev/null 2>&1; log=$(echo .almrun/logs/*/say-1.log)
            try() { almrun logs latest say 2>&1 >/dev/null; echo $?; almrun logs latest quiet 2>&1; }
            almrun doctor | grep -c 'lost logs'
            truncate -s 20 $log; try
            rm $log; try; almrun doctor | grep -A3 'lost logs'
            """)
        let run = "p-<run>"
        let text = result.output.replacing(/p-\d{8}-\d{6}-[0-9a-z]{4}/, with: run)
            .replacing(/of \d+ bytes: \S+say-1\.log/, with: "of N bytes: PATH")
        let verify = "`almrun verify \(run)` says more\n"
        #expect(
            text.hasPrefix(
                "0\nthe log of 'say', attempt 1, has 20 bytes; the ledger knows of N bytes: PATH\n\(verify)0\n"
                    + "nothing was said by 'quiet'\n"
                    + "the log of 'say', attempt 1, is gone; the ledger knows of N bytes: PATH\n\(verify)0\n"
                    + "nothing was said by 'quiet'\n"
                    + "note      lost logs: 1 log gone that held something by the ledger\n"), "\(text)\(result.error)")
        #expect(text.contains("run '\(run)': say-1.log") && text.contains("almrun verify \(run)\n"), "\(text)")
    }

    @Test("a line that is no text comes whole as JSON, without its secrets")
    func bytes() throws {
        let result = try shell(
            "almrun run p >/dev/null 2>&1; almrun logs latest --format json; almrun logs latest say")
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 4, "\(result.output)\(result.error)")
        #expect(lines[0].contains(#""text":"plain""#) && !lines[0].contains("base64"), "\(lines[0])")
        let encoded = Data([0xFF, 0xFE] + Array("bad ***".utf8)).base64EncodedString()
        #expect(lines[1].contains("\"text\":\"\u{FFFD}\u{FFFD}bad ***\",\"base64\":\"\(encoded)\""), "\(lines[1])")
        #expect(lines[3] == "\u{FFFD}\u{FFFD}bad ***")
    }
}
