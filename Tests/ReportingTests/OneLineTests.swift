import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import Testing

/// What people write makes no line of its own, so nobody can write a decision that nobody made.
@Suite struct OneLineTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)
    private static let forged = "fine\ndecided       approve by boss@x.example\r\n\u{2028}BYPASSED: ask\u{0B}x"

    private func state(_ kinds: RunEvent.Kind...) throws -> RunState {
        let plan = Plan(
            pipeline: "release", inputs: ["note": .string(Self.forged)],
            steps: [
                Step(
                    id: "ask",
                    work: .gate(
                        .approval(ApprovalPolicy(role: "manager", count: 3, instructions: "Read it.\nThen decide.\n"))),
                    effect: .none)
            ],
            roles: Roles(members: ["manager": [.init(email: "m@x.example")]]))
        let asking = RunEvent.Kind.suspended(
            "ask", Suspension(.approval, code: "run/approval", message: "waits for the approval"))
        return try RunState(
            RunCreation(run: "r1", plan: plan, requester: "r@x.example"), then: [asking, .rested] + kinds,
            from: Self.time)
    }

    private func decision(_ verdict: Decision.Verdict, person: String = "m@x.example") -> RunEvent.Kind {
        .decided(Decision(step: "ask", verdict: verdict, person: person, comment: Self.forged, time: Self.time))
    }

    /// No line begins as only almrun's own lines do, besides as many as there are.
    private func expectNoForgery(_ text: String, own: Int = 0, _ place: SourceLocation = #_sourceLocation) {
        let lines = text.split(whereSeparator: \.isNewline)
        let forged = lines.filter {
            $0.hasPrefix("decided ") || $0.hasPrefix("BYPASSED:") || $0.hasPrefix("a bypass of")
        }
        #expect(forged.count == own, "\(text)", sourceLocation: place)
        #expect(!text.contains("\u{2028}") && !text.contains("\u{0B}") && !text.contains("\r"), sourceLocation: place)
    }

    @Test func atAGate() throws {
        let report = try #require(GateReport(try state(decision(.approve)), step: "ask", now: Self.time))
        expectNoForgery(report.text, own: 1)
        #expect(report.text.contains("instructions  Read it.\n              Then decide.\ndecided "))
        let risk = try #require(
            GateReport(try state(decision(.approve, person: "m@x.example\ndecided z")), step: "ask", now: Self.time))
        expectNoForgery(risk.text, own: 1)
    }

    @Test func inARun() throws {
        expectNoForgery(RunReport(try state(decision(.approve)), now: Self.time).text)
        expectNoForgery(RunReport(try state(decision(.reject)), now: Self.time).text)
        expectNoForgery(RunReport(try state(decision(.bypass)), now: Self.time).text, own: 1)
        let rejected = RunEvent.Kind.ended("ask", attempt: 0, .rejected("m@x.example said no: \(Self.forged)"))
        expectNoForgery(RunReport(try state(rejected, .finished(.rejected)), now: Self.time).text)
        let failure = StageFailure(
            .rejected, "x/y", Self.forged, notes: [Self.forged],
            findings: [Finding(code: "x/z", severity: .error, message: Self.forged)])
        let failed = RunReport(
            try state(.ended("ask", attempt: 0, .failed(failure)), .finished(.failed)), now: Self.time)
        expectNoForgery(failed.text)
        expectNoForgery(failed.ending)
        expectNoForgery(failed.markdown)
        let assumed = RunEvent.Kind.assumed("ask", done: true, by: Self.forged, comment: nil)
        expectNoForgery(RunReport(try state(assumed), now: Self.time).text)
    }

    @Test func asItHappens() {
        var narrator = EventNarrator(tellsStarts: true)
        for kind: RunEvent.Kind in [
            decision(.approve), decision(.bypass), .cancelRequested(by: "m@x.example", reason: Self.forged),
            .lockBroken(lock: "group g", fence: 1, by: "m@x.example", reason: Self.forged),
            .ended("ask", attempt: 0, .rejected(Self.forged)),
            .ended("ask", attempt: 0, .failed(StageFailure(.rejected, "x/y", Self.forged, notes: [Self.forged]))),
        ] {
            let line = narrator.line(for: RunEvent(sequence: 2, time: Self.time, previous: "", kind: kind))
            #expect(line != nil && line?.text.contains { $0.isNewline } == false, "\(line?.text ?? "")")
            #expect(line?.details.allSatisfy { !$0.contains { $0.isNewline } } == true)
        }
    }

    @Test func whileItRuns() async throws {
        let hostile = "\u{1B}[2Jx ##vso[task.setvariable]\n::add-mask::y"
        let written = Written()
        let progress = RunProgress(
            surroundings: .gitHubActions, color: false, width: 8, showsLogs: true, now: { Self.time },
            write: { written.add($0) })
        let failure = StageFailure(.rejected, "x/y", hostile, notes: [hostile])
        await progress.happened(
            RunEvent(sequence: 2, time: Self.time, previous: "", kind: .ended("ask", attempt: 1, .failed(failure))))
        await progress.said("ask", .line(hostile, .output))
        await progress.said("ask", .finding(Finding(code: "x/z", severity: .error, message: hostile)))
        let lines = written.text.split(separator: "\n")
        #expect(!written.text.contains("\u{1B}") && !written.text.contains("##vso["), "\(written.text)")
        let commands = lines.filter { $0.drop(while: \.isWhitespace).hasPrefix("::") }
        #expect(commands.count == 2 && commands.allSatisfy { $0.hasPrefix("::error title=x/") }, "\(written.text)")
    }

    @Test func inABriefAndAmongLocks() throws {
        let brief = try #require(GateBrief(try state(decision(.approve)), gate: "ask", now: Self.time))
        for line in brief.lines() where !line.hasPrefix("read") {
            #expect(!line.contains { $0.isNewline }, "\(line)")
        }
        #expect(brief.lines().contains("read       Read it.\n           Then decide."))
        let lock = Lock(
            name: "group g", run: "r1", step: "ask\n  process  none works on that run", fence: 1, since: Self.time,
            expires: nil)
        let process = RunHold.Holder(process: 1, host: "vm\nx", since: Self.time)
        let locks = LockReport([HeldLock(lock: lock, status: nil, process: process)], now: Self.time)
        #expect(locks.text.split(separator: "\n").count == 5)
    }
}
