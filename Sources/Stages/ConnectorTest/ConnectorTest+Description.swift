import Documents
import Harness
public import Pipelines

extension ConnectorTest {
    public static let description = StageDescription(
        kind: "connector.test",
        // It calls a backend, whose answers may be others tomorrow: never reused.
        effect: .repeatable, environment: .reads,
        summary: "calls every action of a connector and judges the answers by the definition",
        details: """
            Runs the hand-written cases under `cases` and, for each action that they leave out, one made from the definition; \
            with `generate: all` also calls that the definition says are refused. Triggers are left out, because a call would \
            start a subscription. The backend is the environment's: an address, or `mock`, which serves the definition itself \
            on a free loopback port for the time of the stage.

            Of every answer it judges whether the status is documented, the media type and the body agree with the definition, \
            errors have the common shape, and pages lead to an end. Says no when a threshold is broken: `success` (99% unless \
            set), `coverage`, and `readP50`, `readP95`, `readP99`, `writeP50`, `writeP95`, `writeP99`. Latency counts only \
            calls that succeed at the first try; a report says when there were too few calls to prove a figure. A call that \
            is answered with 429, or with 503 and a time, is made again after the time that `Retry-After` asks for. Where \
            every call that failed stayed so, the stage fails as transient with the longest of these times, and `retry` \
            waits at least that long.

            A case is `{ action, parameters, expect }`, and a file holds one or a list of them. `parameters` maps names to \
            values; the body is `body`, or `body/amount` for one property. `expect` has `status` (`200`, `4xx` or a list), \
            `body` (paths such as `items[*].status` and what stands there: a value, or `equals`, `not`, `matches`, `exists`, \
            `type`, `oneOf`, `contains`, `min`, `max`, `count`, `minCount`, `maxCount`, `notEmpty`), `headers` and \
            `maxLatency`. A case may also have `name`, `headers`, `repeat`, `skip: reason`, and `anonymous: true` for a call \
            without credentials. Cases run side by side, so that none may count on another.

            A backend that does not answer is not the connector's fault: the stage then fails as transient, with the cause. \
            Point it at a test environment: generated calls create, change and delete.
            """,
        inputs: [
            .init("document", .path, required: true, "OpenAPI document of the connector"),
            .init("cases", .path, "file or folder of hand-written cases, JSON or YAML"),
            .init(
                "generate", .choice(CaseGenerator.Scope.allCases.map(\.rawValue)), default: "all",
                "cases to make from the definition: `none`, one `positive` for each action, or `all` with refusals"),
            .init("thresholds", .map(.string), default: [:], "limits such as `success: 99%` and `readP95: 750ms`"),
            .init(
                "headers", .map(.string), default: [:],
                "headers of every call, such as `Authorization: Bearer ${{ secrets.TOKEN }}`; their values are never shown"
            ),
            .init("repeat", .integer, default: 1, "how often a case that must succeed is called, for latency"),
            .init("concurrency", .integer, default: 4, "how many calls may be under way at once, at most 64"),
            .init("timeout", .duration, default: "30s", "time after which a call counts as unanswered"),
        ],
        outputs: [
            .init("success", .number, "share of calls that were as they should be, from 0 to 1"),
            .init("coverage", .number, "share of actions that gave a documented success, from 0 to 1"),
            .init("readP95", .number, "95th percentile of the latency of reads, in milliseconds"),
            .init("writeP95", .number, "95th percentile of the latency of writes, in milliseconds"),
            .init("cases", .integer, "number of cases"),
            .init("failed", .integer, "number of cases that failed"),
            .init("report", .string, "digest of the JSON report in the object store"),
            .init("csv", .string, "digest of the CSV report in the object store"),
        ],
        example: """
            test:
              uses: connector.test
              environment: test
              with:
                document: examples/contoso-sales/connector/apiDefinition.swagger.json
                cases: examples/contoso-sales/tests
                thresholds: { success: 99%, readP95: 750ms, writeP95: 1500ms, coverage: 95% }
            """)
}
