import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import TestSupport
import Testing

@Suite struct RunReportTests {
    static let time = Date(timeIntervalSince1970: 1_800_000_000)

    static let plan = Plan(
        pipeline: "release",
        steps: [
            Step(id: "lint", work: .stage("openapi.lint"), effect: .none),
            Step(id: "pack", work: .stage("solution.pack"), effect: .none, needs: [Need("lint", .declared)]),
            Step(id: "ask", work: .gate(.approval(ApprovalPolicy(role: "manager"))), effect: .none),
        ],
        roles: Roles(members: ["manager": [.init(email: "m@x.example")]]))

    /// The fold of a run in which these things happened, a second apart.
    static func state(_ kinds: [RunEvent.Kind]) throws -> RunState {
        try RunState(RunCreation(run: "release-1", plan: plan, requester: "r@x.example"), then: kinds, from: time)
    }

    static let failed: [RunEvent.Kind] = [
        .started("lint", attempt: 1, token: "t", fence: nil, recovering: false),
        .ended(
            "lint", attempt: 1,
            .failed(
                StageFailure(
                    .rejected, "lint/findings", "1 finding at or above error", notes: ["see the ruleset"],
                    findings: [
                        Finding(
                            code: "rule-x", severity: .error, message: "bad", location: nil, pointer: nil, help: nil)
                    ]))), .blocked("pack", by: "lint"), .finished(.failed),
    ]

    @Test func theCauseComesFirstAndThenWhatToDo() throws {
        let text = RunReport(try Self.state(Self.failed), now: Self.time).ending
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first == "lint: 1 finding at or above error [lint/findings]")
        #expect(lines[1] == "  error: bad [rule-x]")
        #expect(lines[2] == "  note: see the ruleset")
        #expect(lines[3].hasPrefix("failed release-1 (1 pending, 1 blocked, 1 failed"))
        #expect(lines[4] == "next: mend the cause, then `almrun resume release-1`; what succeeded is kept")
        #expect(lines.last?.hasSuffix("a new run: `almrun run release`") == true)
    }

    /// What is too old does not get younger by resuming.
    @Test func onlyANewRunMendsOldEvidence() throws {
        let old = StageFailure(.rejected, "gate/old-evidence", "what shows 'test' is too old")
        let state = try Self.state([.ended("lint", attempt: 0, .failed(old)), .finished(.failed)])
        let ending = RunReport(state, now: Self.time).ending
        #expect(
            ending.contains(
                "next: a new run, which shows anew what is too old where the pipeline still has what shows it: `almrun run release`"
            )
                && !ending.contains("almrun resume"), "\(ending)")
    }

    @Test func aWaitSaysWhoCanDoWhat() throws {
        let suspension = Suspension(.approval, code: "gate/approval", message: "manager must approve")
        let text = RunReport(try Self.state([.suspended("ask", suspension), .rested]), now: Self.time).ending
        #expect(text.contains("waits: ask: manager must approve"))
        #expect(text.contains("almrun approve release-1 ask"))
    }

    @Test func skippedAndBlockedAreNeverSuccess() throws {
        let report = RunReport(try Self.state(Self.failed), now: Self.time)
        let xml = report.junit.xml
        #expect(xml.contains("failures=\"1\" errors=\"0\" skipped=\"2\""))
        let steps = try #require(report.value["steps"]?.list)
        #expect(steps.map { $0["status"]?.string } == ["failed", "blocked", "pending"])
        #expect(report.value["exitStatus"]?.integer == 1)
    }

    @Test func markdownEscapesTableCells() throws {
        let suspension = Suspension(.approval, code: "gate/approval", message: "a | b\nc")
        let text = RunReport(try Self.state([.suspended("ask", suspension), .rested]), now: Self.time).markdown
        #expect(text.contains("a \\| b c"))
    }

    @Test func theNarratorTellsEveryEnding() throws {
        var narrator = EventNarrator(tellsStarts: true)
        func line(_ kind: RunEvent.Kind, after seconds: Double = 0) -> EventNarrator.Line? {
            narrator.line(
                for: RunEvent(sequence: 2, time: Self.time.addingTimeInterval(seconds), previous: "", kind: kind))
        }
        #expect(line(.started("lint", attempt: 2, token: "", fence: nil, recovering: false))?.text == "attempt 2")
        let done = line(
            .ended("lint", attempt: 2, .succeeded(output: ["findings": 3], object: nil, inputDigest: nil)), after: 2)
        #expect(done?.word == "done")
        #expect(done?.text == "2.0 s  attempt 2  findings 3")
        #expect(line(.blocked("pack", by: "lint"))?.text == "by lint")
        let bypass = Decision(
            step: "ask", verdict: .bypass, person: "m@x.example", comment: "fire", time: Self.time)
        #expect(line(.decided(bypass))?.word == "BYPASSED")
        #expect(
            line(
                .skipped(
                    "pack", .condition([.init(subject: "stages.diff.level", expected: ["major"], actual: "minor")])))?
                .text == "its condition does not hold: stages.diff.level is minor, not major")
    }

    @Test func liveLinesAreErasedBeforeWhatStays() async throws {
        let written = Written()
        let progress = RunProgress(
            surroundings: .terminal, color: false, width: 6, now: { Self.time.addingTimeInterval(3) },
            write: { written.add($0) })
        func event(_ kind: RunEvent.Kind) -> RunEvent {
            RunEvent(sequence: 2, time: Self.time, previous: "", kind: kind)
        }
        await progress.happened(event(.started("lint", attempt: 1, token: "", fence: nil, recovering: false)))
        await progress.said("lint", .progress("reading", 0.5))
        await progress.happened(
            event(.ended("lint", attempt: 1, .succeeded(output: [:], object: nil, inputDigest: nil))))
        let text = written.text
        #expect(text.contains("runs      lint    3.0 s  50 % reading"))
        #expect(text.contains("\u{1B}[1F\u{1B}[0J"))
        #expect(text.hasSuffix("  done      lint    0 ms\n"))
    }
}
