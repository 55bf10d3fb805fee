import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@Suite struct LedgerTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000.125)
    private static let failure = StageFailure(
        .transient, "t/t", "said \"no\"\n\tand \u{1} 🙂", notes: ["a"],
        findings: [Finding(code: "x/y", severity: .error, message: "m")], retryAfter: 2.5)
    private static let suspension = Suspension(.until(time), code: "c", message: "m")

    static let kinds: [RunEvent.Kind] = [
        .created(
            RunCreation(
                run: "r", plan: plan(promotion(ApprovalPolicy(role: "x", expires: 3))), requester: "a@b.c",
                people: KnownPeople(committers: ["d"]), commit: "c", process: "h:1", version: "1")),
        .queued(group: "g", holder: "q", since: time), .queued(group: "g", holder: "q", since: nil),
        .started("a", attempt: 2, token: "t", fence: 3, recovering: true),
        .started("a", attempt: 1, token: "t", fence: nil, recovering: false),
        .ended(
            "a", attempt: 1, .succeeded(output: ["x": [1, 2.5, .null, "ü", true, [:]]], object: nil, inputDigest: "d")),
        .ended("a", attempt: 1, .succeeded(output: .null, object: "o", inputDigest: nil)),
        .ended("a", attempt: 1, .failed(failure)), .ended("a", attempt: 0, .rejected("no")),
        .ended("a", attempt: 1, .cancelled), .ended("a", attempt: 1, .lost("gone")),
        .reused("a", ReusedResult(run: "q", step: "b/c", time: time, inputDigest: "d", output: ["x": 1])),
        .skipped("a", .condition([SkipReason.Seen(subject: "s", expected: ["a", 1], actual: .null)])),
        .skipped("a", .output(of: "b", name: "n")), .skipped("a", .gate("g")), .blocked("a", by: "b"),
        .suspended("a", suspension),
        .suspended("a", Suspension(.lock(name: "n", holder: "h"), code: "c", message: "m")),
        .suspended("a", Suspension(.approval, code: "c", message: "m")),
        .suspended("a", Suspension(.uncertainEffect, code: "c", message: "m")),
        .retryScheduled("a", at: time, reason: "r"),
        .decided(
            Decision(
                step: "a", verdict: .bypass, person: "p", name: "N", comment: "c", round: 2, package: "p", plan: nil,
                target: "t", time: time)),
        .expired("a", round: 2), .voided("a", gates: ["b", "c"], changed: ["plan"], round: 3),
        .voided("a", gates: ["b"], changed: ["plan"], parts: [.plan, .target], round: 4),
        .cancelRequested(by: "p", reason: nil), .cancelRequested(by: "p", reason: "r"), .interrupted(by: "p"),
        .cancelled("a"),
        .assumed("a", done: true, by: "p", comment: "c"), .assumed("a", done: false, by: "p", comment: nil),
        .lockWaited("a", lock: "l", holder: "h", since: time),
        .lockWaited("a", lock: "l", holder: "h", since: time, isNext: true),
        .lockWaited("a", lock: "l", holder: "h", holderStep: "s", since: time), .lockAcquired("a", lock: "l", fence: 7),
        .lockReleased("a", lock: "l", fence: 7), .rested, .resumed(by: "p", process: "h:2", only: []),
        .askedAnew(because: "r"), .groupEntered(lock: "group g", fence: 7), .finished(.rejected),
    ]

    /// What a signal did was told by the reason once, which a person could give too.
    @Test(arguments: [(3, "interrupted", true), (4, "interrupted", false), (3, "stop", false)])
    func aSignalOfEarlierFormatsIsOne(_ format: Int, _ reason: String, _ isSignal: Bool) throws {
        let line = LedgerLine(
            RunEvent(sequence: 7, time: Self.time, previous: "abc", kind: .cancelRequested(by: "p", reason: reason)))
        let text = line.text.replacing("\"format\":\(RunEvent.format)", with: "\"format\":\(format)")
        let kind = try LedgerLine(bytes: Array(text.utf8)).event.kind
        #expect(kind == (isSignal ? .interrupted(by: "p") : .cancelRequested(by: "p", reason: reason)))
    }

    @Test(arguments: kinds) func everyEventReadsBackEqual(_ kind: RunEvent.Kind) throws {
        let line = LedgerLine(RunEvent(sequence: 7, time: Self.time, previous: "abc", kind: kind))
        let read = try LedgerLine(bytes: line.bytes)
        #expect(read.event == line.event)
        #expect(read.hash == line.hash)
        #expect(!line.bytes.contains(10))
        #expect(
            line.text.hasPrefix(
                #"{"format":\#(RunEvent.format),"sequence":7,"time":"2027-01-15T08:00:00.125Z","previous":"abc","kind":""#
            ))
    }

    @Test func newerAndDamagedLinesAreRefused() throws {
        let cases: [(String, String)] = [
            (#"{"format":\#(RunEvent.format + 1),"sequence":1}"#, "store/newer"), ("{", "store/damaged"),
            ("", "store/damaged"),
            (#"{"format":1,"sequence":1,"time":"x","previous":"","kind":"rested"}"#, "store/damaged"),
            (
                #"{"format":1,"sequence":1,"time":"2027-01-15T08:00:00.125Z","previous":"","kind":"what","step":"a"}"#,
                "store/damaged"
            ),
            (
                #"{"format":\#(RunEvent.format),"sequence":1,"time":"2027-01-15T08:00:00.125Z","previous":"","kind":"voided","step":"a","#
                    + #""gates":[],"changed":[],"parts":["plan","x"],"round":2}"#,
                "store/damaged"
            ),
            (
                #"{"format":1,"sequence":1,"time":"2027-01-15T08:00:00.125Z","previous":"","kind":"finished","status":"x"}"#,
                "store/damaged"
            ),
        ]
        for (text, code) in cases {
            let error = #expect(throws: RunStoreError.self) { try LedgerLine(bytes: Array(text.utf8)) }
            #expect(error?.code == code)
        }
    }

    @Test func theChainHoldsEventsTogether() async throws {
        let bench = Bench()
        _ = try await bench.start(plan([step("a"), step("b")]))
        let lines = try await bench.store.events(of: "r1", after: 0)
        #expect(throws: Never.self) { try RunState(lines) }
        for missing in 1..<(lines.count - 1) {
            var broken = lines
            broken.remove(at: missing)
            #expect(throws: RunStoreError.self) { try RunState(broken) }
        }
        #expect(throws: RunStoreError.self) { try RunState(Array(lines.dropFirst())) }
        #expect(throws: RunStoreError.self) { try RunState([]) }
    }
}
