import Documents
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// The time to decide at a gate holds for a bypass of it as it does for an approval.
@Suite struct LateBypassTests {
    private static let gate: StepID = "prod.approval"

    private func start(_ rule: BypassPolicy?) async throws -> Bench {
        let bench = Bench(Found().executor, clock: ManualClock(jump: 0))
        let policy = ApprovalPolicy(role: "release-manager", expires: 3600)
        _ = try await bench.start(
            guardedPlan([("approval", .approval(policy))], environments: [environment("prod", .init(bypass: rule))]))
        return bench
    }

    private func bypass(by person: String, _ time: Date) -> Decision {
        Decision(
            step: Self.gate, verdict: .bypass, person: person, package: "p1", plan: "d1", target: "t1", time: time)
    }

    @Test(arguments: [(3599.0, true), (3600, false), (3601, false)])
    func aBypassCountsWhenItWasGivenInTime(_ after: Double, _ isInTime: Bool) async throws {
        let bench = try await start(nil)
        bench.clock.advance(by: after)
        let refusal = await bench.refusal {
            try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "INC-1")
        }
        #expect(refusal?.code == (isInTime ? nil : "gate/expired"))
        #expect(refusal?.notes == (isInTime ? nil : ["`almrun resume r1` ends the run, and once more asks anew"]))
        bench.clock.advance(by: 86_400)
        if isInTime {
            let more = await bench.refusal { try await bench.decisions.bypass("r1", "prod", by: .bob, reason: "too") }
            #expect(more?.notes == ["it was bypassed by then: `almrun resume r1` goes on"])
        }
        #expect(try await bench.resume().status == (isInTime ? .succeeded : .rejected))
    }

    /// Whether somebody takes the run up in between makes no difference; in the next round both are asked anew.
    @Test(arguments: [true, false]) func theSecondHalfComesTooLate(_ isResumed: Bool) async throws {
        let bench = try await start(BypassPolicy(secondPerson: true))
        let half = try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "INC-1")
        #expect(half.pendingBypass(of: Self.gate, now: bench.clock.now)?.may.contains("bob@contoso.com") == true)
        bench.clock.advance(by: 3600)
        #expect(half.pendingBypass(of: Self.gate, now: bench.clock.now) == nil && !half.isAsking(now: bench.clock.now))
        let short = "only boss@contoso.com had bypassed it in time, of 2 needed"
        let why = try #require(half.why(Self.gate, now: bench.clock.now))
        #expect(why.headline.hasPrefix(short) && !why.details.contains { $0.contains("must bypass") }, "\(why)")
        if isResumed { #expect(try await bench.resume()[Self.gate]?.reason == .rejected("\(short) (round 1)")) }
        let refusal = await bench.refusal {
            try await bench.decisions.bypass("r1", "prod", by: .bob, reason: "I agree")
        }
        #expect(refusal?.code == (isResumed ? "run/finished" : "gate/expired"))
        if !isResumed { #expect(try await bench.resume().status == .rejected) }
        let over = try await bench.state
        let gate = try #require(over.planned(Self.gate))
        #expect(over.bypasses(at: gate).isEmpty)
        let first = try #require(over[Self.gate]?.decisions.first)
        #expect(
            over.objection(to: first, at: gate, now: bench.clock.now)
                == "round 1 is over: not enough people answered in time")
        #expect(try await bench.resume().status == .waiting)
        for person in [Decisions.Person.boss, .bob] {
            try await bench.decisions.bypass("r1", "prod", by: person, reason: "INC-1")
        }
        #expect(try await bench.resume().status == .succeeded)
    }

    /// What a ledger has of a bypass that came late opens nothing any more.
    @Test func aLateHalfInTheLedgerDoesNotCount() async throws {
        let bench = try await start(BypassPolicy(secondPerson: true))
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "INC-1")
        bench.clock.advance(by: 3601)
        let late = bypass(by: "bob@contoso.com", bench.clock.now)
        try await bench.forge(late)
        let state = try await bench.state
        let gate = try #require(state.planned(Self.gate))
        #expect(
            state.objection(to: late, at: gate, now: bench.clock.now)?.hasPrefix("it came after the time to decide")
                == true)
        #expect(try await bench.resume().status == .rejected)
    }

    /// Where an earlier version has opened the gate by it, the ledger reads as it did, and the run is taken up.
    @Test(arguments: [true, false]) func whatAnEarlierVersionOpenedStaysOpen(_ isRefusedBefore: Bool) throws {
        let time = Date(timeIntervalSince1970: 1_790_000_000)
        let plan = guardedPlan(
            [("approval", .approval(ApprovalPolicy(role: "release-manager", expires: 3600)))],
            environments: [environment("prod", .init(bypass: BypassPolicy(secondPerson: true)))])
        let shown = try ValueEncoder().encode(Preview(package: "p1", plan: "d1", target: "t1"))
        func ended(_ gate: StepID, _ attempt: Int, _ output: Value) -> RunEvent.Kind {
            .ended(gate, attempt: attempt, .succeeded(output: output, object: nil, inputDigest: nil))
        }
        let people = ["boss@contoso.com", "bob@contoso.com"]
        let no = Decision(
            step: Self.gate, verdict: .reject, person: "ann@contoso.com", comment: "no", package: "p1", plan: "d1",
            target: "t1", time: time.addingTimeInterval(20))
        let kinds: [(Double, RunEvent.Kind)] =
            [
                (0, .created(RunCreation(run: "r1", plan: plan, requester: "eve@contoso.com", commit: "c1"))),
                (0, .started("prod.preview", attempt: 1, token: "t", fence: nil, recovering: false)),
                (0, ended("prod.preview", 1, shown)),
                (0, .suspended(Self.gate, Suspension(.approval, code: "run/approval", message: "waits"))),
                (10, .decided(bypass(by: people[0], time.addingTimeInterval(10)))),
            ] + (isRefusedBefore ? [(20, .decided(no))] : []) + [
                (4000, .decided(bypass(by: people[1], time.addingTimeInterval(4000)))),
                (4010, ended(Self.gate, 0, ["bypassedBy": "boss@contoso.com, bob@contoso.com"])),
            ]
        var lines: [LedgerLine] = []
        for (place, (after, kind)) in kinds.enumerated() {
            let event = RunEvent(
                sequence: place + 1, time: time.addingTimeInterval(after), previous: lines.last?.hash ?? "", kind: kind)
            lines.append(LedgerLine(event))
        }
        #expect(RunState.fault(lines, nil, "r1", nil) == nil)
        var state = try RunState(lines[0])
        for line in lines.dropFirst() { try state.take(line) }
        let gate = try #require(state.planned(Self.gate))
        #expect(state.bypasses(thatOpened: gate).map(\.person) == people)
        #expect(state.lapse(of: gate) == nil)
    }
}
