import Foundation
import TestSupport
import Testing

/// A stage of the built command calls a real HTTP endpoint that throttles it, on the machine's own clock.
@Suite(.waits) struct ThrottledBackendTests {
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

    /// While the backend asks to be called later, the stage fails as transient with its time, and `retry` waits as long.
    @Test(arguments: ["429 Too Many Requests", "503 Service Unavailable"])
    func aStageComesAgainWhenTheBackendAsksForIt(_ status: String) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        // The stage itself calls once and three times more, and gives up; nobody is asked for longer than a second.
        let later = [status, "Retry-After: 1"]
        let endpoint = try ScriptedEndpoint(Array(repeating: later, count: 4) + [["200 OK"]])
        try work.write(
            """
            {"openapi":"3.0.3","info":{"title":"a","version":"1"},"paths":{"/a":{"get":{"operationId":"GetA","responses":
            {"200":{"description":"ok"}}}}}}
            """, "api.json")
        try work.write(
            """
            target: { kind: directory, path: .almrun/environments/dev }
            backend: http://127.0.0.1:\(endpoint.port)
            """, "environments/dev.yaml")
        try work.write(
            """
            stages:
              test:
                uses: connector.test
                environment: dev
                with: { document: api.json, generate: positive, concurrency: 1 }
                retry: { attempts: 2, delay: 1ms }
            """, "pipelines/p.yaml")
        let result = try BuiltCommand.run(["run", "p"], in: work.path)
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(result.error.contains("was answered with the wish to come again"), "\(result.error)")
        let times = endpoint.times
        try #require(times.count == 5)
        #expect(times[4] - times[3] >= .seconds(1))
    }

    /// Without `retry` it says what it is: not the fault of the connector, and not a no.
    @Test func aBackendThatIsAwayIsNoRejection() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        // Longer than a stage waits by itself.
        let endpoint = try ScriptedEndpoint([["503 Service Unavailable", "Retry-After: 3600"]])
        try work.write(
            """
            {"openapi":"3.0.3","info":{"title":"a","version":"1"},"paths":{"/a":{"get":{"operationId":"GetA","responses":
            {"200":{"description":"ok"}}}}}}
            """, "api.json")
        try work.write(
            """
            target: { kind: directory, path: .almrun/environments/dev }
            backend: http://127.0.0.1:\(endpoint.port)
            """, "environments/dev.yaml")
        try work.write(
            "stages: { test: { uses: connector.test, environment: dev, with: { document: api.json, generate: positive } } }",
            "pipelines/p.yaml")
        let result = try BuiltCommand.run(["run", "p"], in: work.path)
        #expect(result.status == 3, "\(result.output)\(result.error)")
        #expect((result.output + result.error).contains("[test/throttled]"), "\(result.output)\(result.error)")
        let shown = try BuiltCommand.run(["show", "latest", "--format", "json"], in: work.path)
        #expect(shown.output.contains("\"transient\""), "\(shown.output)")
        #expect(endpoint.times.count == 1)
    }
}
