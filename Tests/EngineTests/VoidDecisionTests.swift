import Documents
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// A decision that was void stays void, whatever comes back.
@Suite struct VoidDecisionTests {
    /// How people open a gate.
    enum Way: String, CaseIterable {
        case approval, signedApproval, bypass, signedBypass

        var isSigned: Bool { self == .signedApproval || self == .signedBypass }

        /// A gate that this way opens, with two people for a bypass.
        func plan(voidOn: [ApprovalPolicy.Part] = ApprovalPolicy.Part.allCases) -> Plan {
            guardedPlan(
                [
                    (
                        "approval",
                        .approval(
                            ApprovalPolicy(
                                role: "release-manager", signed: isSigned ? .required : .optional, voidOn: voidOn))
                    )
                ], environments: [environment("prod", .init(bypass: BypassPolicy(secondPerson: true)))],
                roles: Roles(members: [
                    "release-manager": TestKey.roles.members["release-manager"] ?? [],
                    "bypass": [
                        Roles.Person(email: "boss@contoso.com", key: TestKey.boss.publicText),
                        Roles.Person(email: "bob@contoso.com", key: TestKey.bob.publicText),
                    ],
                ]))
        }

        func decide(_ bench: Bench) async throws {
            switch self {
            case .approval: try await bench.decisions.approve("r1", "prod", by: .ann)
            case .signedApproval:
                try await bench.decisions.approve("r1", "prod", by: .ann, sign: try TestKey.ann.signing())
            case .bypass, .signedBypass:
                for (person, key) in [(Decisions.Person.boss, TestKey.boss), (.bob, .bob)] {
                    let sign = isSigned ? try key.signing() : nil
                    try await bench.decisions.bypass("r1", "prod", by: person, reason: "incident", sign: sign)
                }
            }
        }
    }

    private func change(_ part: ApprovalPolicy.Part, _ found: Found, to number: Int) {
        found.set { preview in
            switch part {
            case .package: preview.package = "p\(number)"
            case .plan: preview.plan = "d\(number)"
            case .target: preview.target = "t\(number)"
            }
        }
    }

    private static func isFirst(_ was: inout Bool) -> Bool {
        defer { was = true }
        return !was
    }

    private func objections(_ state: RunState, _ bench: Bench) throws -> [String?] {
        let gate = try #require(state.planned("prod.approval"))
        return try #require(state["prod.approval"]).decisions.map {
            state.objection(to: $0, at: gate, now: bench.clock.now)
        }
    }

    @Test(arguments: Way.allCases, ApprovalPolicy.Part.allCases)
    func whatWasVoidStaysVoid(_ way: Way, _ part: ApprovalPolicy.Part) async throws {
        let found = Found()
        let bench = Bench(found.executor)
        _ = try await bench.start(way.plan())
        try await way.decide(bench)
        change(part, found, to: 2)
        #expect(try await bench.resume().status == .waiting)
        change(part, found, to: 1)
        let asked = try await bench.resume()
        #expect(asked.status == .waiting)
        #expect(asked["prod.approval"]?.round == 3)
        #expect(!bench.executor.order.contains("prod"))
        let name = part == .target ? "state of the target" : part.rawValue
        let letter = ["package": "p", "plan": "d", "target": "t"][part.rawValue] ?? ""
        let words = "void since round 2: the \(name) changed from \(letter)1 to \(letter)2"
        for objection in try objections(asked, bench) { #expect(objection == words) }
        #expect(
            asked.why("prod.approval", now: bench.clock.now)?.details.contains { $0.hasSuffix(" (\(words))") } == true)
        #expect(try await bench.resume().status == .waiting)
        // What is said to the new question counts, and the ledger is right.
        try await way.decide(bench)
        #expect(try await bench.resume().status == .succeeded)
        #expect(try objections(try await bench.state, bench).map { $0 == nil }.suffix(1) == [true])
        let stored = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(stored.isSound, "\(stored.text)")
    }

    /// Somebody writes into the ledger that the void decision opened the gate.
    @Test(arguments: Way.allCases) func verifyNamesALedgerThatCountsIt(_ way: Way) async throws {
        let found = Found()
        let bench = Bench(found.executor)
        _ = try await bench.start(way.plan())
        try await way.decide(bench)
        change(.target, found, to: 2)
        _ = try await bench.resume()
        change(.target, found, to: 1)
        var state = try await bench.resume()
        let after = state.sequence
        let line = LedgerLine(
            RunEvent(
                sequence: after + 1, time: state.updated, previous: state.head,
                kind: .ended(
                    "prod.approval", attempt: 0, .succeeded(output: [:], object: nil, inputDigest: nil))))
        try state.apply(line)
        try await bench.store.append(EventBatch(after: after, lines: [line], summary: state.summary), to: "r1")
        let stored = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        let named = stored.discrepancies.filter { $0.code == "verify/gate" }
        #expect(named.map(\.event) == [after + 1], "\(stored.text)")
        #expect(named.first?.message.contains("opens 'prod.approval', and an approval that it asks for") == true)
        await #expect(throws: RunStoreError.self) { try await bench.resume() }
    }

    /// A bypass of a gate that asks nobody is void for good too.
    @Test func aBypassOfAWindowStaysVoid() async throws {
        let frozen = Gate.window(
            [], freezes: [Freeze(from: "2026-12-18", to: "2027-01-20", reason: "Year end", timeZone: "UTC")])
        let found = Found()
        let bench = Bench(found.executor)
        let rule = BypassPolicy(secondPerson: true)
        _ = try await bench.start(
            guardedPlan([("window", frozen)], environments: [environment("prod", .init(bypass: rule))]))
        try await Way.bypass.decide(bench)
        change(.target, found, to: 2)
        #expect(try await bench.resume().status == .waiting)
        change(.target, found, to: 1)
        #expect(try await bench.resume().status == .waiting)
        // One of two is not enough: what the other said before is void.
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "again")
        #expect(try await bench.resume().status == .waiting)
        try await bench.decisions.bypass("r1", "prod", by: .bob, reason: "again")
        #expect(try await bench.resume().status == .succeeded)
    }

    /// Nothing was void where what changed is not what the approval is bound to; a bypass is bound to all of it.
    @Test(arguments: [Way.approval, .signedApproval, .bypass]) func whatIsNotBoundIsNotVoid(_ way: Way) async throws {
        let found = Found()
        let bench = Bench(found.executor)
        _ = try await bench.start(way.plan(voidOn: [.package]))
        try await way.decide(bench)
        change(.plan, found, to: 2)
        let state = try await bench.resume()
        #expect(state.status == (way == .bypass ? .waiting : .succeeded))
        guard way == .bypass else { return }
        change(.plan, found, to: 1)
        #expect(try await bench.resume().status == .waiting)
    }

    /// The first of two approvals outlasts a change that it is not bound to, there and back.
    @Test func anApprovalOutlastsWhatItIsNotBoundTo() async throws {
        let found = Found()
        let bench = Bench(found.executor)
        let policy = ApprovalPolicy(role: "release-manager", count: 2, voidOn: [.package, .target])
        _ = try await bench.start(guardedPlan([("approval", .approval(policy))]))
        try await bench.decisions.approve("r1", "prod", by: .ann)
        for number in [2, 1] {
            change(.plan, found, to: number)
            let state = try await bench.resume()
            #expect(state.status == .waiting)
            #expect(try objections(state, bench) == [nil])
        }
        try await bench.decisions.approve("r1", "prod", by: .bob)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// What changed and changed back while nobody took the run up was never written down, and is no change.
    @Test(arguments: [Way.approval, .bypass]) func whatNobodyNoticedIsNoChange(_ way: Way) async throws {
        let found = Found()
        let bench = Bench(found.executor)
        _ = try await bench.start(way.plan())
        try await way.decide(bench)
        change(.target, found, to: 2)
        // Who looks meanwhile is refused, and nothing is written.
        let looking = Decisions(
            store: bench.store, clock: bench.clock.clock, foreseeing: { await bench.executor.foresee($1, in: $0) })
        let refusal = await bench.refusal { try await looking.approve("r1", "prod", by: .bob) }
        #expect(refusal?.code == "gate/changed")
        change(.target, found, to: 1)
        let end = try await bench.resume()
        #expect(end.status == .succeeded)
        #expect(end["prod.approval"]?.round == 1)
    }

    /// All is as before again when the new round looks: the question was asked anew all the same.
    @Test(arguments: [true, false]) func whatIsBackBeforeTheNewPreviewIsVoid(_ isRefused: Bool) async throws {
        let looks = Mutex<[StageOutcome]>([])
        let same = StageOutcome.succeeded(try ValueEncoder().encode(Preview(package: "p1", plan: "d1", target: "t1")))
        let executor = ScriptedExecutor { step, _, _ in
            guard case .gate(.preview) = step.work else { return .succeeded([:]) }
            return looks.withLock { $0.isEmpty ? same : $0.removeFirst() }
        }
        let bench = Bench(executor)
        _ = try await bench.start(Way.approval.plan())
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let other =
            isRefused
            ? StageOutcome.failed(StageFailure(.rejected, "t/no", "a newer version is there"))
            : .succeeded(try ValueEncoder().encode(Preview(package: "p1", plan: "d2", target: "t1")))
        looks.withLock { $0 = [other] }
        let state = try await bench.resume()
        #expect(state.status == .waiting)
        #expect(state["prod.approval"]?.round == 2)
        let words = isRefused ? "it would be refused now: a newer version is there" : "the plan changed from d1 to d2"
        #expect(try objections(state, bench) == ["void since round 2: \(words)"])
    }

    /// The stage finds another plan under the lock; a gate that shut changes nothing that people approved.
    @Test(arguments: [[ApprovalPolicy.Part.plan], []]) func whatTheStageFindsCounts(_ parts: [ApprovalPolicy.Part])
        async throws
    {
        let wasStale = Mutex(false)
        let executor = ScriptedExecutor { step, _, _ in
            if case .gate(.preview) = step.work {
                return .succeeded((try? ValueEncoder().encode(Preview(package: "p1", plan: "d1"))) ?? .null)
            }
            guard wasStale.withLock({ Self.isFirst(&$0) }) else { return .succeeded([:]) }
            return .failed(StageFailure(.stale, "t/stale", "it is not what was approved", changed: parts))
        }
        let bench = Bench(executor)
        _ = try await bench.start(Way.approval.plan())
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let state = try await bench.resume()
        #expect(state.status == (parts.isEmpty ? .succeeded : .waiting))
        #expect(
            try objections(state, bench)
                == [parts.isEmpty ? nil : "void since round 2: it is not what was approved"])
    }
}
