import Engine
import Foundation
import Pipelines
import Reporting
import Testing

/// That gates are asked again is called void only where something that people said does not count any more.
@Suite struct VoidLineTests {
    private static let begin = Date(timeIntervalSince1970: 1_790_000_000)

    /// The line of a deployment whose gates are asked again, after what somebody said at its gate.
    private func line(
        _ verdict: Decision.Verdict?, voidOn: [ApprovalPolicy.Part], _ parts: [ApprovalPolicy.Part],
        isTakenUp: Bool = false
    ) throws -> EventNarrator.Line? {
        var policy = ApprovalPolicy(role: "manager")
        policy.voidOn = voidOn
        let gate = Step(
            id: "prod.approval", work: .gate(.approval(policy)), effect: .none, guarding: "prod")
        let prod = Step(id: "prod", work: .stage("solution.promote"), effect: .once)
        let creation = RunCreation(
            run: "r1", plan: Plan(pipeline: "release", steps: [gate, prod]), requester: "r@x.example")
        let said = verdict.map { verdict in
            RunEvent.Kind.decided(
                Decision(
                    step: gate.id, verdict: verdict, person: "ann@x.example", name: nil, comment: "c", round: 1,
                    package: nil, plan: nil, target: nil, time: Self.begin))
        }
        let before = said.map { [$0] } ?? []
        var narrator = EventNarrator(
            tellsStarts: true, from: try RunState(creation, then: isTakenUp ? before : [], from: Self.begin))
        let void = RunEvent.Kind.voided("prod", gates: [gate.id], changed: ["it is so"], parts: parts, round: 2)
        var last: EventNarrator.Line?
        for kind in (isTakenUp ? [] : before) + [void] {
            last = narrator.line(for: RunEvent(sequence: 2, time: Self.begin, previous: "", kind: kind))
        }
        return last
    }

    @Test(arguments: [true, false]) func whatIsBoundToWhatChangedIsVoid(_ isTakenUp: Bool) throws {
        let all = ApprovalPolicy.Part.allCases
        #expect(try line(.approve, voidOn: all, [.target], isTakenUp: isTakenUp)?.word == "void")
        // A bypass is for all three, whatever an approval is for.
        #expect(try line(.bypass, voidOn: [.package], [.plan], isTakenUp: isTakenUp)?.word == "void")
    }

    @Test func whatIsBoundToSomethingElseStillCounts() throws {
        let line = try #require(try line(.approve, voidOn: [.package], [.plan, .target]))
        #expect(line.word == "again")
        #expect(
            line.text
                == "its gates look anew (it is so): no approval is bound to that, and what people said still counts")
    }

    @Test func whatHasOnlyRunOutIsNotVoid() throws {
        let line = try #require(try line(.approve, voidOn: ApprovalPolicy.Part.allCases, []))
        #expect(line.word == "again" && line.text.hasSuffix("counts as long as it has not run out"))
    }

    @Test func whereNobodySaidAnythingNothingIsVoid() throws {
        let line = try #require(try line(nil, voidOn: ApprovalPolicy.Part.allCases, [.plan]))
        #expect(line.word == "again" && line.text == "its gates look anew (it is so)")
    }
}
