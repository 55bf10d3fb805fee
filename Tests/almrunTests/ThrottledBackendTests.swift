import Foundation
import Testing

/// A stage of the built command calls a real HTTP endpoint that throttles it, on the machine's own clock.
@Suite(.runsCommands) struct ThrottledBackendTests {
    @Test func theTimeThatTheBackendAsksForIsWaitedAndShown() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(
            """
            {"openapi":"3.0.3","info":{"title":"a","version":"1"},"paths":{"/a":{"get":{"operationId":"GetA","responses":
            {"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object"}}}}}}}}}
            """, "api.json")
        try work.write(#"{ "action": "GetA", "repeat": 2, "expect": { "status": 200 } }"#, "cases/a.json")
        try work.write(
            """
            stages:
              test:
                uses: connector.test
                environment: dev
                with: { document: api.json, cases: cases, generate: none, concurrency: 1 }
            """, "pipelines/p.yaml")
        let begin = ContinuousClock.now
        let result = try BuiltCommand.shell(
            """
            "$ALMRUN" mock api.json --throttle-every 2 --anonymous >address 2>calls & job=$!
            for i in $(seq 500); do test -s address && break; sleep 0.02; done
            mkdir environments
            echo "target: { kind: directory, path: .almrun/environments/dev }" > environments/dev.yaml
            echo "backend: $(cat address)" >> environments/dev.yaml
            almrun run p >/dev/null 2>&1; echo "run $?"
            kill $job; wait $job 2>/dev/null
            grep -c -- '-> 429' calls; grep -c -- '-> 200' calls
            almrun logs latest
            """, in: work.path)
        #expect(result.output.hasPrefix("run 0\n1\n2\n"), "\(result.output)\(result.error)")
        #expect(
            result.output.contains("1 throttled call was made again after the time that Retry-After asks for"),
            "\(result.output)")
        // The mock asks for one second.
        #expect(ContinuousClock.now - begin >= .seconds(1))
    }
}
